"""Rows written before the readers' code was looked at: how far reading goes beyond what it was made from."""

import json
from pathlib import Path
from typing import Any

import pytest
from reading_grade import faults
from reading_office import ROOT, context, office

from rules import when
from rules.reading import answer_row, read_message

DATA = ROOT / "tests" / "data"
SETS = sorted(DATA.glob("blind_reading*.jsonl"))
DATES = sorted(DATA.glob("blind_dates*.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["message", "question"])
def test_at_least_95_in_100_are_wholly_right_and_none_gravely_wrong(path: Path, kind: str) -> None:
    asked = [row for row in rows(path) if row["kind"] == kind]
    assert asked
    wrong = {row["text"]: found for row in asked if (found := faults(row, answer_row(row, **office())))}
    assert not {text: found for text, found in wrong.items() if any(f.startswith("grave") for f in found)}
    assert len(wrong) <= 0.05 * len(asked), wrong


@pytest.mark.parametrize("path", DATES, ids=lambda path: path.stem)
def test_limits_are_read_and_none_wrongly(path: Path) -> None:
    asked = rows(path)
    got = {row["id"]: when.answer_row(row, office()["calendar"])["at"] for row in asked}
    assert not [(row["text"], got[row["id"]]) for row in asked if got[row["id"]] and not _right(row, got)]
    silent = [row["text"] for row in asked if row["expected"] and not got[row["id"]]]
    assert len(silent) <= 0.05 * len(asked), silent


def _right(row: dict[str, Any], got: dict[str, Any]) -> bool:
    length = 10 if row["precision"] == "day" else 16
    return got[row["id"]][:length] in [at[:length] for at in row["expected"] or []]


@pytest.mark.parametrize("row", rows(DATA / "acts_own.jsonl"), ids=lambda row: row["id"])
def test_what_happens_is_reported_and_what_is_only_said_is_left_alone(row: dict[str, Any]) -> None:
    assert read_message(row["text"], context()).act == row["act"], row["text"]


@pytest.mark.parametrize(
    ("text", "people", "first", "last"),
    [
        ("小李跑步摔伤了腿，请三天假", "李文博", "2026-11-18", "2026-11-20"),
        ("请假两天，周四周五", "王思雨", "2026-11-19", "2026-11-20"),
        ("小高 感冒 请假一天 明天", "高子涵", "2026-11-19", "2026-11-19"),
        ("请三天假，后天开始", "王思雨", "2026-11-20", "2026-11-22"),
        ("王海涛请假3天，周五回来", "王海涛", "2026-11-18", "2026-11-20"),
    ],
)
def test_whoever_begins_the_sentence_is_away_on_the_days_named(
    text: str, people: str, first: str, last: str
) -> None:
    item = read_message(text, context()).items[0]
    assert item.people == (people,)
    assert item.period is not None
    assert [day.isoformat() for day in item.period] == [first, last]


def test_a_choice_between_two_is_asked_about() -> None:
    item = read_message("15号转给王海涛或者李文博", context()).items[0]
    assert item.people == ()
    assert set(item.ambiguous) == {"王海涛", "李文博"}


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("收文〔2026〕15号 县民政局 云民〔2026〕15号 关于殡葬改革的请示", "number", ["云民〔2026〕15号"]),
        ("登记 高坪乡 高政〔2026〕3号 关于修路的请示，写错了，是13号", "number", ["高政〔2026〕13号"]),
        ("一份来自省委组织部的函，岭组函〔2026〕8号，关于选派干部的函", "sender", ["省委组织部"]),
        (
            "教育局请示两份：云教〔2026〕81号关于建操场的请示、云教〔2026〕82号关于修厕所的请示，都给林县长",
            "people",
            [("林晓岚",), ("林晓岚",)],
        ),
        (
            "以下两个都转秘书二科：\n1. 县财政局 关于预算的请示 云财〔2026〕70号\n"
            "2. 县教育局 关于建校的请示 云教〔2026〕63号",
            "units",
            [("秘书二科",), ("秘书二科",)],
        ),
        ("登记 教育局 云教〔2026〕9号 关于买校车的请示 先不转财政局", "units", [()]),
        ("云财〔2026〕30号 县财政局关于经费的请示 复印件给督查科", "units", [("督查科",)]),
    ],
)
def test_an_entry_gives(text: str, field: str, expected: list[Any]) -> None:
    assert [getattr(item, field) for item in read_message(text, context()).items] == expected
