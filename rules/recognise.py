"""Kinds of documents that are read alike and told apart by a word: 提案, 热线, 信箱, 信访, 批示件 (V7)."""

from __future__ import annotations

from collections.abc import Mapping

from rules.patterns import lazy
from rules.policy import Procedure, Recognised

_ORDER = lazy(r"^(?:@\S+\s*)?(?:请|麻烦|帮忙?)?(?:收文)?(?:登记|录入)?(?:一下|一件|个|一个)?[\s:：，,]*")


def recognise(
    said: str, read: str | None, title: str | None, procedures: Mapping[str, Procedure]
) -> str | None:
    """The key of the procedure a document follows: what was read, or the kind that a word makes of it.

    `said`: the message; `read`: the key that was read from it; `title`: its title.
    """
    opening = _ORDER.sub("", said)
    for key, procedure in procedures.items():
        if procedure.recognised and _fits(procedure.recognised, opening, read, title or ""):
            return key
    return read


def _fits(words: Recognised, opening: str, read: str | None, title: str) -> bool:
    if words.opens and opening.startswith(words.opens):
        return True
    if words.title_ends and title.endswith(words.title_ends):
        return True
    before = opening.partition(title)[0] if title and not title.startswith(words.says) else opening
    return read in words.of and any(word in before for word in words.says)
