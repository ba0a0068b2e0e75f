"""Limits in words: rows of our own, the public rows where they are at hand, what is asked or refused."""

import json
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.when import Instant, answer_row, read_instants, read_limit
from rules.working_time import Calendar, Hours

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(ZONE, Hours(sessions=((time(9), time(12)), (time(13, 30), time(17, 30)))))
OWN = Path(__file__).resolve().parents[1] / "data" / "when_own.jsonl"
PUBLIC = Path(__file__).resolve().parents[2] / ".." / "shared" / "dates"
WEDNESDAY = "2026-11-18T10:20"


def rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        pytest.skip(f"no rows at shared/dates/{path.name} beside the checkout")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def limit(text: str, reference: str = WEDNESDAY) -> Instant | None:
    return read_limit(text, at(reference), CALENDAR)


def verdict(answer: str | None, expected: list[str] | None, by_day: bool) -> str:
    if expected is None:
        return "wrong" if answer else "right"
    if not answer:
        return "silent"
    length = 10 if by_day else 16
    return "right" if any(answer[:length] == each[:length] for each in expected) else "wrong"


@pytest.mark.parametrize("row", rows(OWN), ids=lambda row: f"{row['id']} {row['text'][:16]}")
def test_rows_of_our_own(row: dict[str, Any]) -> None:
    found = limit(row["text"], row["reference"])
    answer = found.at.strftime("%Y-%m-%dT%H:%M") if found and not found.readings else None
    assert verdict(answer, row["expected"], row["precision"] == "day") == "right", found
    if found and answer:
        assert (found.precision, found.rule) == (row["precision"], row.get("rule"))


def test_the_public_rows_of_offices() -> None:
    verdicts: dict[str, list[str]] = {"right": [], "silent": [], "wrong": []}
    for row in rows(PUBLIC / "office_public.jsonl"):
        answer = answer_row(row, CALENDAR)["at"]
        by_day = row["precision"] == "day"
        verdicts[verdict(answer, row["expected"], by_day)].append(f"{row['text']} → {answer}")
    assert verdicts["wrong"] == []
    assert len(verdicts["silent"]) <= 0.02 * sum(map(len, verdicts.values())), verdicts["silent"]


def test_the_core_rows_of_the_other_set() -> None:
    counted = {"right": 0, "silent": 0, "wrong": 0}
    for row in rows(PUBLIC / "ms_recognizers_zh.jsonl"):
        if row["flag"]:
            continue
        answer, accepted = answer_row(row, CALENDAR)["at"], row["accept"]
        if row["kind"] == "time":
            answer, accepted = answer and answer[11:], [each[11:16] for each in accepted]
        counted[verdict(answer, accepted, row["kind"] == "date")] += 1
    assert counted["right"] >= 0.85 * sum(counted.values()), counted


def test_a_phrase_is_read_in_under_three_milliseconds() -> None:
    taken = []
    for row in rows(OWN):
        begun = perf_counter()
        answer_row(row, CALENDAR)
        taken.append(perf_counter() - begun)
    assert sorted(taken)[len(taken) // 2] < 0.003


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("明天3点", ["2026-11-19T15:00", "2026-11-19T03:00"]),
        ("12月4日（周四）前", ["2026-12-04T17:30", "2026-12-03T17:30"]),
        ("周三前报初稿，周五前报终稿", ["2026-11-18T17:30", "2026-11-20T17:30"]),
        ("明天前", ["2026-11-19T17:30", "2026-11-18T17:30"]),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(text: str, readings: list[str]) -> None:
    found = limit(text)
    assert found is not None
    assert found.readings == tuple(map(at, readings)) and found.at == found.readings[0]
    answer = answer_row({"id": "1", "text": text, "reference": WEDNESDAY}, CALENDAR)
    assert answer["at"] is None and answer["readings"] == readings


def test_close_of_business_on_a_day_off_is_asked() -> None:
    found = limit("下班前", "2026-11-21T09:15")
    assert found is not None and found.readings == (at("2026-11-23T17:30"), at("2026-11-21T17:30"))


@pytest.mark.parametrize(
    "text", ["月初前", "几天内", "半天内", "下周前", "12月前", "会后2个工作日内", "正月十五前", "明早"]
)
def test_what_is_too_loose_is_not_guessed(text: str) -> None:
    assert limit(text) is None


@pytest.mark.parametrize("text", ["昨天", "2小时前", "2025年12月1日前", "本周一前", "上周五", "今天上午9点"])
def test_a_limit_is_never_past(text: str) -> None:
    assert limit(text) is None


def test_the_words_and_their_place_in_the_text_as_typed() -> None:
    text = "请李强　１２月 ３日 前，报来"
    found = limit(text)
    assert found is not None
    assert found.words == "１２月 ３日 前" and text[slice(*found.span)] == found.words


def test_today_after_close_of_business_ends_with_the_day() -> None:
    found = limit("今天内", "2026-11-18T18:10")
    assert found is not None and found.at == at("2026-11-18T23:59")


def test_days_that_end_on_a_day_off_carry_the_next_working_day() -> None:
    found = limit("3天内")
    assert found is not None
    assert found.at == at("2026-11-21T17:30") and found.rolled == at("2026-11-23T17:30")
    assert (other := limit("5天内")) is not None and other.rolled is None


@pytest.mark.parametrize(
    ("text", "provisional"),
    [("40个工作日内", True), ("5个工作日内", False), ("春节前", True), ("明年3月1日前", False)],
)
def test_what_rests_on_a_guessed_calendar_says_so(text: str, provisional: bool) -> None:
    found = limit(text)
    assert found is not None and found.provisional is provisional


def test_the_time_of_a_meeting_is_told_from_a_limit() -> None:
    meeting, task = limit("通知各科室明天下午2点半开会"), limit("明天下午2点半前交材料")
    assert meeting is not None and meeting.event
    assert task is not None and not task.event


def test_office_hours_come_from_the_calendar() -> None:
    early = Calendar(ZONE, Hours(sessions=((time(8), time(11, 30)), (time(14), time(18)))))
    read = {text: read_limit(text, at(WEDNESDAY), early) for text in ("周五前", "明天上午", "明天下午上班前")}
    assert [each and each.at.strftime("%H:%M") for each in read.values()] == ["18:00", "11:30", "14:00"]


def test_a_reference_in_another_zone_is_the_same_instant() -> None:
    elsewhere = at("2026-11-18T23:30").astimezone(ZoneInfo("UTC"))
    found = read_limit("今晚12点前", elsewhere, CALENDAR)
    assert found is not None and found.at == at("2026-11-19T00:00")
    with pytest.raises(ValueError, match="zone"):
        read_limit("明天", datetime.fromisoformat(WEDNESDAY), CALENDAR)


def test_every_expression_of_a_sentence() -> None:
    text = "云财〔2026〕12号，根据11月10日会议精神，请明天下午3点前报《2027年预算》，每周五报进展，昨天已催"
    found = read_instants(text, at(WEDNESDAY), CALENDAR)
    words = [each.words for each in found]
    assert words == ["11月10日", "明天下午3点前", "2027年", "每周五", "昨天"]
    assert all(text[slice(*each.span)] == each.words for each in found)
    assert found[-1].at.date() == date(2026, 11, 17) and found[3].rule == "FREQ=WEEKLY;BYDAY=FR"


def test_an_answer_to_a_row() -> None:
    row = {"id": "r1", "text": "每周五下班前", "reference": WEDNESDAY}
    assert answer_row(row, CALENDAR) == {
        "id": "r1",
        "at": "2026-11-20T17:30",
        "precision": "minute",
        "rule": "FREQ=WEEKLY;BYDAY=FR",
    }
    assert answer_row({**row, "text": "5天前"}, CALENDAR)["at"] == "2026-11-13T09:00"
    assert answer_row({**row, "text": "他5天前就回来了"}, CALENDAR)["at"] is None
