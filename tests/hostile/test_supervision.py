"""Supervision and meetings under siege: every button with what really exists, by whom it is not for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hostile.siege import Siege
from hostile.test_buttons import press

from handlers import pressed
from storage.models import (
    Bulletin,
    Card,
    Deferral,
    Draft,
    Goal,
    Invitation,
    LiaisonChange,
    Matter,
    Member,
    Occurrence,
    Progress,
    Step,
    Visit,
)

KEPT = (
    Bulletin,
    Deferral,
    Goal,
    Invitation,
    LiaisonChange,
    Matter,
    Member,
    Occurrence,
    Progress,
    Step,
    Visit,
)
SECRET = ("青龙湖", "备用电源", "南岸泵站", "马河")
"""words that only the bureau of water and the office itself may read"""
OWN = {"digest"}
"""what everybody sets for himself"""


@pytest.fixture
async def busy(siege: Siege) -> Siege:
    """The bureau of water has a task handled, one to sign for, a campaign, a meeting, a visit."""
    somebody = siege.day.somebody
    wu, wei, clerk = somebody("吴国华"), somebody("魏长河"), somebody("马俊杰")
    await wu.says("立项 青龙湖清淤 牵头水利局 12月31日前 每月反馈")
    await wu.presses("确认")
    await wei.presses("已签收")
    await wei.says("进展 督1号 完成30%，青龙湖已开工")
    await wei.says("督1号 延期到2027年1月15日 青龙湖水位高")
    await wu.says("立项 南岸泵站改造 牵头水利局 12月20日前")
    await wu.presses("确认")
    await wu.says("专项行动 马河整治\n阶段：摸排 12月10日前\n目标：整改率 95%\n单位：水利局")
    await wu.presses("确认")
    await clerk.says("开会 11月26日9点 二楼常务会议室 研究青龙湖补水 主持：何国栋 参会：水利局 预计1小时")
    await clerk.presses("确认并发通知")
    await wu.says("督查 督1号 现场 查看，发现：1.备用电源未到位")
    await wei.says("联络员换成 魏小河 13900009999")
    await wu.says("通报 11月")
    assert len(siege.day.rows(Matter)) == 4 and siege.day.rows(Invitation) and siege.day.rows(Visit)
    assert siege.day.rows(Bulletin) and siege.day.rows(Goal) and siege.day.rows(LiaisonChange)
    return siege


def kept(siege: Siege) -> list[str]:
    return [repr(one) for table in KEPT for one in siege.day.rows(table)]


def targets(siege: Siege) -> list[str]:
    """What the buttons of this office carry."""
    most = max(one.id for table in (Matter, Step, Draft) for one in siege.day.rows(table))
    return [*map(str, range(1, most + 1)), "1:0", "2:0", "3:0", "4:1"]


async def told_over(siege: Siege, name: str, verbs: Iterable[str]) -> list[str]:
    """What a person is told who presses each of these buttons with whatever it may carry."""
    user, carried = siege.day.somebody(name).person.user.as_json(), targets(siege)
    presses = [press(user, f"{verb}:{target}") for verb in verbs for target in carried]
    told = await siege.acts(name, presses, pressed.press)
    cards = {one.id: one for one in siege.day.rows(Card)}
    live = [
        one for one in told.sent if one.card_id in cards and cards[one.card_id].kind in ("view", "holder")
    ]
    assert not live, "a card of a matter that is not his"
    return told.words()


async def test_another_units_liaison_sees_nothing_and_moves_nothing(busy: Siege) -> None:
    before = kept(busy)
    told = await told_over(busy, "叶向阳", sorted(set(pressed.VERBS) - OWN))
    leaked = [one for one in told if any(word in one for word in SECRET)]
    assert leaked == [], (len(leaked), leaked[:9])
    assert kept(busy) == before
