"""Every sentence that emergencies say has its words."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import handlers
from handlers.texts import Texts
from office import emergency

TEXTS = Texts(ZoneInfo("Asia/Shanghai"))
SOURCES = [*Path(handlers.__file__).parent.rglob("*.py"), *Path(emergency.__file__).parent.glob("*.py")]


def said() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    wordings = set(re.findall(r'"(emergency\.[a-z_]+)"', text))
    refusals = {f"refused.{reason}" for reason in re.findall(r'Refused\(\s*"(em_[a-z_]+)"', text)}
    return wordings | refusals


@pytest.mark.parametrize("wording", sorted(said()))
def test_it_has_words(wording: str) -> None:
    assert TEXTS.has(wording)


def test_there_are_many() -> None:
    assert len(said()) > 50
