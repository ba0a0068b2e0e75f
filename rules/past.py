"""Times gone by as people say them: what is hardly meant."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.patterns import lazy

SLIP = timedelta(hours=2)
_SAYS_DAY = lazy(r"昨|前[天日晚]|月|\d[-/]\d|周|星期|小时前")


def is_slip(said: str, at: datetime, now: datetime) -> bool:
    """14:20 said at 14:10 without a day is a slip or a wrong watch, hardly 14:20 of yesterday."""
    return now < at + timedelta(days=1) <= now + SLIP and not _SAYS_DAY.search(said[:20])
