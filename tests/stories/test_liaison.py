"""A liaison replaced in mid-task: by both, by the office in the old one's place, by somebody new (P3)."""

from __future__ import annotations

import re
from datetime import datetime

from desks import ZONE, named

from office.supervision import ledger
from office.supervision.ledger import TaskForm
from storage import matters
from storage.models import Entry, LiaisonChange, Matter, Member, Occurrence, Step

DUE = datetime(2027, 3, 31, 17, 30, tzinfo=ZONE)
UNIT = "县住房和城乡建设局"


def enter(title, unit=UNIT):
    form = TaskForm(title=title, source="政府工作报告", section=unit, due=DUE)
    return lambda desk: ledger.enter(desk, form, named(desk, "钱雨桐"), told=False).id


def holders(office):
    return [one.holder_id for one in office.rows(Step) if one.state == "open"]


async def second_person(office):
    """Somebody else of the unit, who has a telephone: borrowed from the town's people."""
    name = await office.does(lambda desk: desk.roster.members_of("县水利局")[0].name)

    def move(desk):
        member = named(desk, name)
        member.unit = UNIT
        desk.session.add(member)

    await office.does(move)
    return office.somebody(name)


async def test_a_liaison_replaced_in_mid_task(office):
    old, new = office.somebody("叶向阳"), await second_person(office)
    admin, head = office.somebody("赵一鸣"), office.somebody("吴国华")
    for n in range(1, 5):
        await office.does(enter(f"老旧小区改造第{n}片区"))
    await office.at("2026-11-25 09:01")
    await old.says("进展 督1号 完成60%")
    await old.says(f"联络员换成 {new.name}")
    old.sees(f"叶向阳 → {new.name}", "✅ 原联络员 叶向阳 已同意", "还没有确认", "在办 4 件")
    await new.says("联络员换成 叶向阳")
    new.sees("正在由 叶向阳 换成", "请先撤回")
    assert len(set(holders(office))) == 1
    await old.presses("撤回", on=f"叶向阳 → {new.name}")
    old.sees("已撤回，联络员不变")
    await new.says(f"住建局联络员换成{new.name}")
    old.sees("申请把联络员由您换成", "在办的 4 件")
    await old.presses("同意交接")
    taken = new.sees("您已接任", "接手 4 件", "督〔2026〕4号", "还有 3 项进展要报")
    assert new.count("督〔2026〕2号") == 1, "one list, not a card for each"
    admin.sees("联络员已由 叶向阳 换成")
    head.sees("联络员已由 叶向阳 换成", "交接 4 件")
    ids = {one.name: one.id for one in office.rows(Member)}
    assert set(holders(office)) == {ids[new.name]}
    assert {one.handler_id for one in office.rows(Matter)} == {ids[new.name]}
    asked = [one for one in office.rows(Occurrence) if one.state == "asked"]
    assert {one.asked_id for one in asked} == {ids[new.name]}
    await new.presses("要报的进展", on="您已接任")
    new.sees("2026年11月 进展", "已报 1/4")
    await new.presses("逐项填报")
    await new.says("完成45%，主体在建")
    new.sees("督〔2026〕2号 已记 45%")
    await old.says("进展 督3号 完成10%")
    old.sees("督〔2026〕3号 已记 10%")  # he is still of the unit
    await office.does(enter("停车场建设"))
    assert office.matter(5).handler_id == ids[new.name], "what comes later is the new one's"
    await office.at("2026-11-27 09:05")
    new.sees("提醒：进展还没有报齐", "还有 1 项")
    old.sees_nothing_of("提醒：进展还没有报齐")
    acts = [one.act for one in office.rows(Entry)]
    assert acts.count("liaison_changed") == 4 + 1
    assert taken.text.count("督〔2026〕") == 4


async def test_an_old_liaison_who_has_left_and_a_new_one_who_is_invited(office):
    head, admin = office.somebody("吴国华"), office.somebody("赵一鸣")
    colleague = await second_person(office)
    await office.does(enter("老旧小区改造"))

    def leaves(desk):
        named(desk, "叶向阳").reach = "blocked"

    await office.does(leaves)
    await colleague.says("联络员换成 宋新民 13900007777 办公室副主任")
    colleague.sees("叶向阳 → 宋新民", "还没有加入，请发邀请给本人")
    admin.sees("登记了 县住房和城乡建设局 的新人员 宋新民")
    head.sees("叶向阳 联系不上或没有按时确认")
    assert office.somebody("叶向阳").count("申请把联络员") == 0
    await head.presses("代为确认", on="联系不上")
    await head.says("叶向阳已调市局，电话核实")
    head.sees("吴国华 代为确认：叶向阳已调市局，电话核实")
    await colleague.presses("发邀请", on="叶向阳 → 宋新民")
    code = re.search(r"/start (\S+)", colleague.sees("请把下面这条转给 宋新民").text)
    assert code is not None
    arrives = office.somebody("宋新民")
    await arrives.says(f"/start {code[1]}")
    arrives.sees("请您接替 叶向阳 任联络员", "在办的 1 件")
    await arrives.presses("确认接手")
    arrives.sees("您已接任", "接手 1 件", "督〔2026〕1号")
    (change,) = office.rows(LiaisonChange)
    assert (change.state, change.why) == ("done", "叶向阳已调市局，电话核实")
    assert await office.does(lambda desk: matters.held_by(change.from_id, session=desk.session)) == []


async def test_who_does_not_answer_is_passed_to_the_office_after_a_working_day(office):
    head, old = office.somebody("吴国华"), office.somebody("叶向阳")
    colleague = await second_person(office)
    await office.at("2026-11-24 10:00")
    await colleague.says(f"联络员换成 {colleague.name}")
    old.sees("申请把联络员由您换成")
    await office.at("2026-11-25 17:29")
    head.sees_nothing_of("没有按时确认")
    await office.at("2026-11-25 17:31")
    head.sees("没有按时确认")
    await old.presses("不同意")
    colleague.sees("叶向阳 没有同意，联络员不变")
    await head.presses("代为确认", on="没有按时确认")
    head.sees("没有同意，已作罢")


async def test_a_unit_puts_itself_right(office):
    one, other, admin = office.somebody("叶向阳"), office.somebody("孙可欣"), office.somebody("赵一鸣")
    await one.says("我的单位")
    one.sees("县住房和城乡建设局", "联络员：叶向阳", "13900002703")
    await one.says("我的单位 电话 13900008888")
    one.sees("已更正", "13900008888")
    admin.sees("叶向阳 更正了 县住房和城乡建设局 叶向阳", "电话：13900002703 → 13900008888")
    await one.presses("更正简称")
    await one.says("住建局、住建、城建局")
    one.sees("简称：住建局、住建、城建局")
    await one.says("我的单位 简称 财政局")
    one.sees("“财政局”已经是县财政局的名称")
    await one.says("我的单位 孙可欣 电话 13900001111")
    one.sees("只能更正本单位的")
    await one.says("我的单位 B岗 孙可欣")
    one.sees("B岗须是本单位的")
    await one.says("我的单位 角色 管理员")
    one.sees("这里只能写姓名、电话、职务、B岗")
    await other.says("住建局联络员换成 孙可欣")
    other.sees("由本单位、督查科或管理员变更")
    acts = [entry.facts for entry in office.rows(Entry) if entry.act == "unit_corrected"]
    assert len(acts) == 2
