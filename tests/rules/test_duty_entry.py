"""An entry of the duty log, read into its fields."""

from __future__ import annotations

import pytest

from rules.duty_entry import read_addition, read_entry
from rules.roster import Person, Roster, Unit

ROSTER = Roster(
    units=(
        Unit(name="县应急管理局", short_names=("县应急局", "应急局")),
        Unit(name="石桥镇人民政府", short_names=("石桥镇",)),
    ),
    people=(Person(name="李文博", unit="综合科"),),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "14:05 市气象局来电，今晚有大到暴雨，已报告周县长，周县长指示加强巡查，确保安全",
            {
                "unit": "市气象局",
                "content": "今晚有大到暴雨",
                "told": "已报告周县长",
                "instruction": "周县长指示加强巡查，确保安全",
            },
        ),
        (
            "县应急局张三（13912345678）来电：青峰乡道路塌方，请示处置，已通知县交通运输局，结果：道路已抢通",
            {
                "unit": "县应急管理局",
                "person": "张三",
                "phone": "13912345678",
                "content": "青峰乡道路塌方，请示处置",
                "told": "已通知县交通运输局",
                "result": "道路已抢通",
            },
        ),
        ("23:40 群众来电反映城关镇停水", {"person": "群众", "content": "反映城关镇停水"}),
        ("02:13 接石桥镇报告，水库水位超汛限", {"unit": "石桥镇人民政府", "content": "水库水位超汛限"}),
        (
            "下午3点半 市委办王主任来电，要求报送名单",
            {"unit": "市委办", "person": "王主任", "content": "要求报送名单"},
        ),
        ("李文博来电 明天不来", {"person": "李文博", "content": "明天不来"}),
        ("巡查办公楼，一切正常", {"content": "巡查办公楼", "result": "一切正常"}),
        ("市气象局来电", {"unit": "市气象局", "content": "市气象局来电"}),
        ("14:05", {"content": "14:05"}),
    ],
)
def test_entries(text: str, expected: dict[str, str]) -> None:
    assert read_entry(text, ROSTER).model_dump(exclude_none=True) == expected


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("已报告周县长", "told", "已报告周县长"),
        ("报告了王主任", "told", "报告了王主任"),
        ("结果 道路已抢通", "result", "道路已抢通"),
        ("处置完毕", "result", "处置完毕"),
        ("周县长指示：加强巡查", "instruction", "周县长指示：加强巡查"),
        ("补充：伤员已送医", "content", "补充：伤员已送医"),
    ],
)
def test_additions(text: str, field: str, words: str) -> None:
    assert read_addition(text) == (field, words)
