"""Duty: a change-over with hand-over and log; a swap; an officer nobody reaches; the roster in chat."""

from __future__ import annotations

import io

import docx
from desks import SAMPLE

from office import duty_roster
from storage import people
from storage.models import DutyDay, DutyHandOver, DutySwap, Entry


async def roster(office):
    content = SAMPLE.joinpath("duty.csv").read_bytes()
    await office.at("09:00")
    await office.does(lambda desk: duty_roster.import_roster(desk, "duty.csv", content))


def acts(office, *kinds):
    return [one.act for one in office.rows(Entry) if one.act in kinds]


async def test_a_change_over_with_its_hand_over_and_log(office):
    await roster(office)
    outgoing, incoming, second = (office.somebody(name) for name in ("韩冰", "李文博", "孙可欣"))
    leader = office.somebody("陈守正")
    await office.at("14:10")
    await outgoing.says("记 14:05 市气象局张三13912345678来电，今晚有大到暴雨，已通知县水利局")
    card = outgoing.sees("值班记录 11月24日", "第1条", "14:05", "市气象局 张三 13912345678", "今晚有大到暴雨")
    await outgoing.says("已报告苏县长", reply_to=card)
    outgoing.sees("报告（通知）：已通知县水利局；已报告苏县长")
    await outgoing.says("记 14:20 巡查办公楼，一切正常")
    outgoing.sees("11月24日 周二 14:20 还没有到")
    await outgoing.says("值班记录 14:08 巡查办公楼，一切正常")
    outgoing.sees("第2条", "结果：一切正常")
    await outgoing.says("记 13:50 县信访局来电，明日有人来访")
    await outgoing.presses("办毕", on="明日有人来访")
    await outgoing.says("记 刚才石桥镇报告山体滑坡，2人被埋，正在救援")
    outgoing.sees("第4条", "14:10", "像是突发事件")
    await outgoing.presses("办毕", on="山体滑坡")

    await office.at("18:00")
    incoming.sees("11月25日 周三 您值班", "主班", "08:30")
    leader.sees("11月25日 周三 您值班", "带班领导")

    await office.at("2026-11-25 08:30")
    for one in (incoming, second, leader):
        await one.presses("到岗", on="您值班")
        one.sees("已到岗 08:30")
    assert "来访" not in outgoing.sees("交班", "接班 李文博", "今晚有大到暴雨").text
    await outgoing.presses("写交班说明")
    await outgoing.says("雨情每小时报一次")
    await outgoing.presses("签交班", on="雨情每小时报一次")
    await office.at("08:41")
    incoming.sees("接班", "交班 韩冰", "今晚有大到暴雨", "雨情每小时报一次")
    await incoming.presses("签接班")
    outgoing.sees("李文博 08:41 已签接班，您可以离岗")
    (done,) = office.rows(DutyHandOver)
    assert [one["text"] for one in done.items] == ["今晚有大到暴雨"]
    assert done.outgoing_signed_at is not None and done.incoming_signed_at is not None
    assert acts(office, "duty_handed_over", "duty_taken_over") == ["duty_handed_over", "duty_taken_over"]

    await office.at("10:00")
    leader.sees_nothing_of("交接班还没有签完")
    leader.sees_nothing_of("联络检查")

    await incoming.says("/dutylog 11月24日")
    paper = text_of(document(incoming))
    for words in (
        "值班日志",
        "14:05",
        "市气象局 张三 13912345678",
        "已通知县水利局；已报告苏县长",
        "雨情每小时报一次",
    ):
        assert words in paper
    assert "主班：韩冰" in paper and "韩冰 08:30 签交班，李文博 08:41 签接班" in paper


async def test_a_swap(office):
    await roster(office)
    asker, other, leader = (office.somebody(name) for name in ("张志远", "李文博", "周明远"))
    await asker.says("换班 11月26日 与 李文博")
    asker.sees("已问 李文博", "主班由 张志远 改为 李文博", "带班领导 周明远")
    await other.presses("同意换班", on="张志远 想与您换班")
    asker.sees("李文博 同意换班，等 周明远 同意")
    await leader.presses("同意", on="换班请您同意")
    asker.sees("换班生效")
    other.sees("换班生效", "11月26日 周四：主班由 张志远 改为 李文博")
    office.somebody("冯建业").sees("换班生效")
    assert acts(office, "duty_swap_asked", "duty_swap_agreed", "duty_swap_granted") == [
        "duty_swap_asked",
        "duty_swap_agreed",
        "duty_swap_granted",
    ]
    await office.at("2026-11-25 18:00")
    other.sees("11月26日 周四 您值班", "主班")
    asker.sees_nothing_of("11月26日 周四 您值班")
    (swap,) = office.rows(DutySwap)
    assert swap.state == "granted"
    await other.says("我和张志远12月10日换个班")
    other.sees("12月10日 周四", "都不值班")
    await other.says("换班")
    other.sees("没有看出换哪一天、与谁换")


async def test_a_swap_with_somebody_whose_name_has_a_slip(office):
    await roster(office)
    asker = office.somebody("张志远")
    for typed in ("李文搏", "李博文"):
        await asker.says(f"换班 11月26日 与 {typed}")
        asker.sees("与您换班的是李文博吗")
    await asker.presses("李文博", on="与您换班的")
    asker.sees("已问 李文博", "主班由 张志远 改为 李文博")


async def test_an_officer_who_cannot_be_reached(office):
    await roster(office)

    def lose(desk):
        people.by_name("孙可欣", session=desk.session).reach = "blocked"

    await office.does(lose)
    leader, keeper = office.somebody("陈守正"), office.somebody("冯建业")
    await office.at("2026-11-25 07:30")
    for one in (leader, keeper):
        one.sees("值班联络检查", "副班 孙可欣：停用了本助手", "13900001556", "B岗 刘景行", "交接班以前")
    await office.at("08:30")
    await leader.presses("到岗")
    await office.at("09:30")
    report = keeper.sees("主班 李文博：没有应答到岗", "请电话核实")
    assert "陈守正" not in report.text
    leader.sees("主班 李文博：没有应答到岗")


async def test_a_hand_over_nobody_signs(office):
    await roster(office)
    outgoing, leader = office.somebody("韩冰"), office.somebody("陈守正")
    await office.at("2026-11-25 08:30")
    outgoing.sees("交班", "没有未了事项")
    await office.at("09:00")
    outgoing.sees("请签交班（提醒）")
    await office.at("09:30")
    leader.sees("交接班还没有签完", "韩冰 未签", "13900002259")
    await outgoing.presses("签交班", on="提醒")
    office.somebody("李文博").sees("接班", "交班 韩冰（09:30 已签）")


async def test_the_roster_in_chat(office):
    keeper, clerk = office.somebody("冯建业"), office.somebody("王海涛")
    await office.at("09:00")
    await clerk.says("11月25日值班 周明远 韩冰 孙可欣")
    clerk.sees("值班表由总值班室")
    await keeper.says("11月25日值班 周明远 韩兵 孙可欣")
    keeper.sees("没有导入", "是不是“韩冰”")
    await keeper.says("11月25日值班 周明远 韩冰 孙可欣\n11月26日值班 带班林晓岚 主班李文博")
    keeper.sees("值班表，请核对", "新增 2 天", "11月26日 副班")
    assert not office.rows(DutyDay)
    await keeper.presses("确认", on="值班表，请核对")
    keeper.sees("值班表已更新")
    assert len(office.rows(DutyDay)) == 2
    await clerk.says("谁值班")
    clerk.sees("现在值班", "未排", "下一班", "韩冰", "13900002259")
    await office.at("2026-11-25 09:00")
    keeper.sees("值班表有空缺", "11月26日 周四 副班：未排", "11月27日 周五 主班：未排")


async def test_a_month_as_a_file(office):
    keeper = office.somebody("冯建业")
    await office.at("09:00")
    content = SAMPLE.joinpath("duty.csv").read_bytes()
    wrong = content.replace("2026-11-25,陈守正,李文博".encode(), "2026-11-25,陈守正,李文伯".encode())
    keeper.person.sends_file("duty.csv", wrong, "值班表")
    await office.settled()
    keeper.sees("没有导入", "duty.csv 第11行 first“李文伯”：人员中没有这个人，是不是“李文博”？")
    await keeper.says("/duty")
    await keeper.presses("导入值班表")
    keeper.sees("请发值班表")
    keeper.person.sends_file("duty.csv", content)
    await office.settled()
    keeper.sees("值班表，请核对", "新增 21 天")
    await keeper.presses("确认", on="值班表，请核对")
    assert len(office.rows(DutyDay)) == 21
    await keeper.says("/duty")
    keeper.sees("现在值班", "韩冰", "下一班", "李文博", "11月27日 周五　林晓岚　郑晓峰　高子涵")


def document(person):
    return [m for m in person.received() if m.document is not None][-1]


def text_of(message):
    paper = docx.Document(io.BytesIO(message.document.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


async def test_an_entry_that_is_an_emergency_becomes_one_received_when_the_call_came(office):
    await roster(office)
    officer = office.somebody("韩冰")
    await office.at("2026-11-24 14:10")
    await officer.says("记 14:05 石桥镇政府廖志成来电，东河村山体滑坡，2人被埋，正在救援")
    await officer.presses("转为快报", on="像是突发事件")
    office.somebody("苏雅琴").sees("急〔2026〕1号", "14:05 接报", "2人被埋", "口头报告：14:15 前")
    known = office.matter().details["known"]
    assert known["source"]["text"].startswith("石桥镇人民政府廖志成")
    card = officer.sees("值班记录", "报告（通知）：已报快报 急〔2026〕1号")
    assert not any("转为快报" in button.label for row in card.buttons for button in row)


async def test_a_swap_is_with_a_person_not_with_a_unit(office):
    asker = office.somebody("张志远")
    await asker.says("换班 11月26日 与 财正局")
    asker.sees("没有看出换哪一天、与谁换")
    assert not office.rows(DutySwap)
