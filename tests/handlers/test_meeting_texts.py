"""Every sentence that meetings say has its words."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import handlers.meetings
import office.meetings
from handlers.texts import Texts

TEXTS = Texts(ZoneInfo("Asia/Shanghai"))
SOURCES = [
    path
    for package in (handlers.meetings, office.meetings)
    for path in Path(package.__path__[0]).glob("*.py")
]


def said() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    wordings = set(re.findall(r'"(meeting\.[a-z_]+)"', text))
    refusals = {f"refused.{reason}" for reason in re.findall(r'Refused\(\s*"(mt_[a-z_]+)"', text)}
    return wordings | refusals


@pytest.mark.parametrize("wording", sorted(said()))
def test_it_has_words(wording: str) -> None:
    assert TEXTS.has(wording)


def test_there_are_many() -> None:
    assert len(said()) > 40
