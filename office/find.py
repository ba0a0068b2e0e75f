"""Finding matters: by number, by document number, by words; only what the asker or the group may see."""

from __future__ import annotations

import re
from typing import NamedTuple

from office import bearings
from office.desk import Desk
from storage import matters, search
from storage.models import Group, Matter, Member

CANDIDATES = 400
_NUMBER = re.compile(r"[#＃]?\s*(?:编号)?\s*([0-9]{1,6})\s*(?:号(?:件|文)?)?")


class Found(NamedTuple):
    """How the words were read, and what was found, the newest first."""

    how: str
    matters: list[Matter]


def find(desk: Desk, words: str, *, member: Member, group: Group | None) -> Found:
    """Look for matters by what was typed."""
    text = words.strip()
    if number := _NUMBER.fullmatch(text):
        found = matters.with_number(int(number[1]), states=(), session=desk.session)
        how = f"编号 {int(number[1])}"
    else:
        terms = text.split()[:8]
        ids = search.find(terms, limit=CANDIDATES, session=desk.session)
        found = [matters.matter(i, session=desk.session) for i in ids]
        how = f"含“{'”“'.join(terms)}”"
    seen = [matter for matter in found if _may_see(desk, matter, member, group)]
    return Found(how, seen)


def _may_see(desk: Desk, matter: Matter, member: Member, group: Group | None) -> bool:
    if group is not None:
        return bearings.may_see(desk, matter, group=group)
    return bearings.may_see(desk, matter, member=member)
