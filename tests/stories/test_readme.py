"""Ten minutes with the README: every sentence of its table does what stands beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
ROWS = re.findall(r"^\| (\S+?)（.+?）? \| `(.+?)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
SEEN = {
    "登记": ("确认", "已登记 收〔2026〕1号"),
    "快报": (None, "接报"),
    "立项": ("确认", "已登记 督〔2026〕1号"),
    "开会": ("确认并发通知", "已登记 会〔2026〕1号"),
    "看板": (None, "在办 0"),
}
"""by the word that opens the sentence: the button to press, what is seen or said over the button"""


def test_the_table_is_the_one_that_is_played() -> None:
    assert [said.split()[0] for _, said in ROWS] == list(SEEN)


@pytest.mark.parametrize(("name", "said"), ROWS)
async def test_a_newcomer_writes_it(office, name: str, said: str) -> None:
    await office.at("09:00")
    person = office.somebody(name)
    await person.says(said)
    button, seen = SEEN[said.split()[0]]
    if button is None:
        person.sees(seen)
    else:
        assert await person.presses(button) == seen
