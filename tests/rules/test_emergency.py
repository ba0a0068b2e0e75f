"""Levels, elements and likeness of emergencies, as the policy says them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rules.emergency import event_of, looks_like, metres, missing, opening_of, span
from rules.policy_files import PolicyError, load_policy

RULE = load_policy().emergency


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("一级", "Ⅰ"),
        ("Ⅱ级", "Ⅱ"),
        ("II级", "Ⅱ"),
        ("特别重大", "Ⅰ"),
        ("重大", "Ⅱ"),
        ("定为较大事故", "Ⅲ"),
        ("IV级", "Ⅳ"),
        ("降到一般", "Ⅳ"),
        ("不知道", None),
    ],
)
def test_levels_as_people_type_them(said: str, key: str | None) -> None:
    level = RULE.level_said(said)
    assert (level.key if level else None) == key


@pytest.mark.parametrize(("key", "rhythm"), [("Ⅰ", "1h"), ("Ⅲ", "4h"), ("Ⅳ", "24h"), (None, "4h")])
def test_the_rhythm_of_a_level(key: str | None, rhythm: str) -> None:
    assert RULE.rhythm_of(key) == rhythm


@pytest.mark.parametrize(
    ("said", "unknown"), [("正在核实", True), ("不清楚。", True), ("待核实", True), ("不清楚几人受伤", False)]
)
def test_what_says_that_it_is_not_known(said: str, unknown: bool) -> None:
    assert RULE.is_unknown(said) is unknown


def test_elements_are_missing_in_their_order() -> None:
    known = {"what": {"text": "自然灾害"}, "trend": {"text": "平稳"}}
    assert [one.key for one in missing(RULE.elements, known)][:3] == ["place", "occurred", "casualties"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("石桥镇东河村", "石桥东河村", True),
        ("东河村", "石桥镇东河村三组", True),
        ("石桥镇东河村", "高坪乡中心小学", False),
        (None, "石桥镇东河村", False),
    ],
)
def test_places_called_alike(one: str | None, other: str, alike: bool) -> None:
    assert looks_like(RULE.nearby, one, other) is alike


def test_places_that_were_sent_decide_over_their_names() -> None:
    here, near, far = (27.0, 109.0), (27.01, 109.0), (27.1, 109.0)
    assert metres(here, near) == pytest.approx(1112, abs=2)
    assert looks_like(RULE.nearby, "甲村", "乙村", here, near)
    assert not looks_like(RULE.nearby, "甲村", "甲村", here, far)


@pytest.mark.parametrize(
    ("said", "place", "event"),
    [
        ("石桥镇东河村凌晨2点40发生山体滑坡，2人失联", "石桥镇东河村", "山体滑坡"),
        ("国道发生了一起车祸，3人受伤", "国道", "车祸"),
        ("化工厂发生起火", "化工厂", "起火"),
        ("柳溪镇化工厂起火", "柳溪镇化工厂", "柳溪镇化工厂起火"),
        ("东河村发生山体滑坡", None, "东河村发生山体滑坡"),
        ("石桥镇东河村凌晨2点20左右山体滑坡", "石桥镇东河村", "石桥镇东河村山体滑坡"),
        ("昨晚镇化工厂起火，3人被困", "柳溪镇化工厂", "柳溪镇化工厂起火"),
    ],
)
def test_what_happened_without_where(said: str, place: str | None, event: str) -> None:
    assert event_of(said, place) == event


def test_a_title_is_the_first_sentence_cut_where_it_is_long() -> None:
    assert opening_of("东河村滑坡。2人失联", 40) == "东河村滑坡"
    assert opening_of("东" * 50, 40) == "东" * 39 + "…"


def test_spans_of_minutes_and_hours() -> None:
    assert (span("30min"), span("4h")) == (timedelta(minutes=30), timedelta(hours=4))


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("emergency.toml", 'rhythm = "1wd"', "写作分钟或小时"),
        ("emergency.toml", 'chase = ["x"]', "chase"),
        (
            "emergency.toml",
            '[[levels]]\nkey = "甲"\nname = "甲"\nwords = []\nrhythm = "1h"\nladders = { oral = "none" }',
            "没有“none”",
        ),
        (
            "emergency.toml",
            '[[levels]]\nkey = "甲"\nname = "甲"\nwords = []\nrhythm = "1h"\nladders = { dance = "minutes" }',
            "没有环节“dance”",
        ),
        (
            "ladders.toml",
            '[minutes]\nrungs = [{ who = "director", at = "1min", after = "1min" }]',
            "两者取一",
        ),
    ],
)
def test_mistakes_of_a_citys_own_files_are_named(tmp_path: Path, file: str, text: str, said: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=said):
        load_policy(tmp_path)
