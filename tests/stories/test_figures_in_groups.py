"""Figures said in a group: a section's or a unit's sees its own, the whole picture is for the office (P4)."""

from __future__ import annotations

from datetime import datetime

from desks import ZONE, named

from office.supervision import ledger
from office.supervision.ledger import TaskForm
from storage import people

CAMPAIGN = (
    "专项行动 森林防火 阶段：动员部署 12月10日前；总结 12月25日前 目标：隐患整改率 95% 单位：青峰乡、龙潭乡"
)
DUE = datetime(2027, 3, 31, 17, 30, tzinfo=ZONE)


def enter(unit):
    form = TaskForm(title=f"{unit}的任务", source="政府工作报告", section=unit, due=DUE)
    return lambda desk: ledger.enter(desk, form, named(desk, "钱雨桐"), told=False).id


async def group_of_the_town(office, *people_):
    """A group of the town's own, in which these people of the office are, too."""
    group = office.group("乡镇联络员群")
    for name in people_:
        group.add(office.somebody(name).person)

    def bind(desk):
        bound = people.group_of_chat(group.chat.id, session=desk.session)
        bound.unit = "青峰乡人民政府"
        desk.session.add(bound)

    await office.does(bind)
    await office.settled()
    return group


async def test_a_unit_group_sees_its_own_figures_only(office):
    group, whole = await group_of_the_town(office, "钱雨桐"), office.group("县府办工作群")
    section = office.somebody("钱雨桐")
    for unit in ("青峰乡人民政府", "龙潭乡人民政府", "县水利局"):
        await office.does(enter(unit))
    await office.at("2026-11-25 09:01")
    await section.says("督查 水利局 现场 发现：渠道淤积")
    await section.says("督查 青峰乡 暗访 发现：值守缺位")
    for where, theirs, others in ((group, "青峰乡人民政府", "龙潭乡人民政府"), (whole, "县水利局", "")):
        await section.says("进展 11月", group=where)
        shown = section.sees("进展报送", theirs, group=where).text
        assert not others or (others not in shown and "应报 1 项" in shown and "本群只显示" in shown)
    await section.says("督查统计", group=group)
    section.sees("共 1 次", "本群只显示 青峰乡人民政府", group=group)
    await section.says("督查统计", group=whole)
    section.sees("共 2 次", group=whole)
    await section.says("会议统计", group=group)
    section.sees("会议统计", "本群只显示", group=group)


async def test_who_stands_where_in_a_campaign(office):
    group = await group_of_the_town(office, "郑晓峰")
    organiser = office.somebody("郑晓峰")
    await office.at("2026-11-24 09:00")
    await organiser.says(CAMPAIGN)
    await organiser.presses("确认")
    await organiser.says("目标 专1号 青峰乡 隐患整改率 98%", group=group)
    shown = organiser.sees("各单位进度", group=group).text
    assert "青峰乡人民政府" in shown and "龙潭乡人民政府" not in shown
