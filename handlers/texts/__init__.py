"""Every sentence the bot says: Jinja2 templates with autoescape, in Telegram's HTML.

A wording is named "file.macro": `refused.not_holder` is the macro `not_holder` of `zh/refused.j2`. Each
macro takes one argument, the facts. Instants in facts are ISO strings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from jinja2 import Environment

_LONG = 40
"""characters of a title or the like in a sentence that has to be short; an instant is shorter"""
_WEEKDAYS = "一二三四五六日"


class Texts:
    """Renders wordings; instants are shown in the office's zone, with their year where it is another one.

    `now` says which year it is; without it no year is shown.
    """

    def __init__(self, zone: ZoneInfo, now: Callable[[], datetime] | None = None) -> None:
        self._zone = zone
        self._now = now

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # here: a start says nothing

        made = Environment(
            loader=PackageLoader("handlers.texts", "zh"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        made.filters |= {
            "moment": self.moment,
            "clock": lambda value: f"{self._local(value):%H:%M}",
            "day": self._day,
            "short_day": self._short_day,
        }
        return made

    def render(self, wording: str, facts: Mapping[str, Any]) -> str:
        """The sentence(s) of a wording, as Telegram HTML."""
        file, _, macro = wording.partition(".")
        module = self._environment.get_template(f"{file}.j2").module
        return str(getattr(module, macro)(facts)).strip()

    def brief(self, wording: str, facts: Mapping[str, Any], most: int) -> str:
        """The same without marks, in at most so many characters: long facts are cut first."""
        cut = {
            key: f"{value[:_LONG]}…" if isinstance(value, str) and len(value) > _LONG else value
            for key, value in facts.items()
        }
        plain = unescape(re.sub(r"<[^>]+>", "", self.render(wording, cut)))
        said = re.sub(r"\s*\n\s*", "\n", plain).strip()
        return said if len(said) <= most else f"{said[: most - 1]}…"

    def has(self, wording: str) -> bool:
        """Whether there is such a wording."""
        file, _, macro = wording.partition(".")
        return hasattr(self._environment.get_template(f"{file}.j2").module, macro)

    def moment(self, value: str | datetime) -> str:
        """11月25日 周三 17:30; of another year 2027年1月5日 周二 17:30"""
        at = self._local(value)
        return f"{self._day(at.date())} {at:%H:%M}"

    def _day(self, value: str | date) -> str:
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        this_year = self._now is None or self._local(self._now()).year == day.year
        year = "" if this_year else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"

    def _short_day(self, value: str | datetime) -> str:
        """11月25日"""
        at = self._local(value)
        return f"{at.month}月{at.day}日"

    def _local(self, value: str | datetime) -> datetime:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(self._zone)
