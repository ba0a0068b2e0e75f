"""What the first words of a report say of its elements, how grave it is, and what is sensitive."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.emergency_facts import Season, Sensitive, sensitive, suffered, told
from rules.policy_files import load_policy

RULE = load_policy().emergency
ORDINARY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "place", "facts"),
    [
        (
            "石桥镇东河村凌晨2点30发生山体滑坡，已致1人死亡、2人失联，房屋倒塌3间，已疏散120人",
            "石桥镇东河村",
            {"casualties": "1人死亡、2人失联", "loss": "房屋倒塌3间", "measures": "已疏散120人"},
        ),
        (
            "化工厂爆炸致3人死亡，已关阀、已疏散120人，请求消防支援",
            None,
            {"casualties": "3人死亡", "measures": "已关阀，已疏散120人", "help": "请求消防支援"},
        ),
        (
            "东河村两名工人被埋，镇长廖志成已赶到现场指挥，火势仍在蔓延",
            None,
            {
                "casualties": "两名工人被埋",
                "leaders": "镇长廖志成已赶到现场指挥",
                "trend": "火势仍在蔓延",
            },
        ),
        (
            "第一人民医院起火，目前无人员伤亡，已救出2名被困人员",
            None,
            {"casualties": "无人员伤亡", "measures": "已救出2名被困人员"},
        ),
        (
            "石桥镇 山体滑坡 2 人失联",
            "石桥镇",
            {"casualties": "2人失联"},
        ),
        ("客车翻了3死12伤", None, {"casualties": "3死12伤"}),
        ("工地塔吊倒塌，压死两人", None, {"casualties": "压死两人"}),
        ("河西路有人落水", None, {"casualties": "有人落水"}),
        ("泄漏约2吨，已转移被困群众30人", None, {"measures": "已转移被困群众30人"}),
        ("国道塌方，伤亡情况不明", None, {}),
        ("凌晨2点，东河村房屋倒塌", "东河村", {}),
        ("石桥镇致富路燃气泄漏", "石桥镇", {}),
    ],
)
def test_what_the_first_words_say(text: str, place: str | None, facts: dict[str, str]) -> None:
    assert told(RULE.clues, text, place) == facts


def test_further_words_do_not_begin_with_the_event() -> None:
    assert told(RULE.clues, "房屋倒塌增至5间") == {}
    assert told(RULE.clues, "房屋倒塌增至5间", opens=False) == {"loss": "房屋倒塌增至5间"}


@given(st.text(alphabet="死亡伤失联人名2两三，。、已疏散无致造成 石桥镇1,第", max_size=30))
def test_nothing_is_added_to_what_was_said(text: str) -> None:
    plain = text.replace(" ", "")
    for said in told(RULE.clues, text).values():
        assert all(part.replace(" ", "") in plain for part in said.split("，"))


@pytest.mark.parametrize(
    ("casualties", "loss", "counted"),
    [
        ("3名学生死亡、2人重伤", "直接经济损失约1.2亿元", (3, 2, 12_000)),
        ("死亡十二人，重伤5人", "", (12, 5, 0)),
        ("1人当场死亡，2人送医后死亡", "损失300余万元", (3, 0, 300)),
        ("3死12伤", "8000元", (3, 0, 0.8)),
        ("2人失联", "房屋倒塌3间", (0, 0, 0)),
        ("暂无人员死亡", "", (0, 0, 0)),
    ],
)
def test_the_dead_the_injured_and_the_loss_are_counted(
    casualties: str, loss: str, counted: tuple[int, int, float]
) -> None:
    assert suffered(casualties, loss) == pytest.approx(counted)


@pytest.mark.parametrize(
    ("casualties", "loss", "current", "key"),
    [
        ("30人死亡", "", None, "Ⅰ"),
        ("29人死亡", "", None, "Ⅱ"),
        ("10人重伤", "", None, "Ⅲ"),
        ("2人死亡", "", None, "Ⅳ"),
        ("1人死亡", "损失5000万元", None, "Ⅱ"),
        ("3人死亡", "", "Ⅲ", None),
        ("3人死亡", "", "Ⅰ", None),
        ("3人死亡", "", "Ⅳ", "Ⅲ"),
        ("2人失联", "", None, None),
    ],
)
def test_a_level_is_suggested_where_it_is_graver_than_the_one_set(
    casualties: str, loss: str, current: str | None, key: str | None
) -> None:
    found = RULE.suggested(casualties, loss, current)
    assert (found[0].key if found else None) == key


@pytest.mark.parametrize(
    ("text", "known", "marks"),
    [
        ("城关小学围墙倒塌", {}, ("敏感地点：小学",)),
        ("国道客车侧翻，3人受伤，已送往县医院救治", {}, ()),
        ("国道客车侧翻", {"casualties": "2名学生受伤"}, ("敏感人员：学生",)),
        ("山体滑坡", {"place": "县汽车站"}, ("敏感地点：车站",)),
    ],
)
def test_sensitive_places_and_people(text: str, known: dict[str, str], marks: tuple[str, ...]) -> None:
    assert sensitive(RULE.sensitive, RULE.clues, text, known, ORDINARY) == marks


@pytest.mark.parametrize(
    ("first", "last", "day", "inside"),
    [
        ("12-31", "01-03", date(2027, 1, 2), True),
        ("12-31", "01-03", date(2026, 12, 31), True),
        ("12-31", "01-03", date(2026, 6, 1), False),
        ("2026-03-03", "2026-03-12", date(2026, 3, 12), True),
        ("2026-03-03", "2026-03-12", date(2027, 3, 12), False),
    ],
)
def test_sensitive_times(first: str, last: str, day: date, inside: bool) -> None:
    rule = Sensitive(seasons=(Season(name="会期", first=first, last=last),))
    assert sensitive(rule, (), "起火", {}, day) == (("敏感时段：会期",) if inside else ())


def test_a_day_that_does_not_exist_is_no_season() -> None:
    with pytest.raises(ValueError, match="day"):
        Season(name="会期", first="02-31", last="03-01")
