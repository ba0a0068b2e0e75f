"""Every sentence that meetings say has its words."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import handlers.meetings
import office.meetings
from handlers.texts import Texts
from office import event, timeline

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


ACTS = re.compile(r'(?:note\(\s*desk, \w+, |tell_everybody\(desk, \w+, \w+, |write\(\s*)"([a-z_]+)"')
OF_NO_MATTER = {"meeting_count_reason", "meeting_summed_up", "meetings_counted"}


def test_what_happened_has_words_in_the_timeline() -> None:
    files = [*SOURCES, Path(event.__file__)]
    acts = {act for file in files for act in ACTS.findall(file.read_text(encoding="utf-8"))} - OF_NO_MATTER
    assert len(acts) > 12
    assert not acts - timeline._SAID.keys()
