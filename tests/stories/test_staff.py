"""People come, go and are away: first start, invitations, imports, groups, leave, on the real program."""

from __future__ import annotations

import re
from pathlib import Path

from databases import everything
from sqlmodel import select

from office import joining, members
from storage import people
from storage.models import Entry, Group, Inbox, Member, Outbox, Refusal, Unit

SAMPLE = Path(members.__file__).with_name("sample")
CODE = re.compile(r"/start ([A-Z2-7-]{19})")


async def _empty(office) -> None:
    """The same office before anybody was entered."""

    def clear(desk):
        for table in (Group, Member, Unit):
            for row in desk.session.exec(select(table)):
                desk.session.delete(row)

    await office.does(clear)


def _staff(*rows: str) -> bytes:
    return "\n".join(["姓名,科室,职务,B岗,电话,角色", *rows]).encode()


async def _sends(who, name: str, content: bytes, caption: str = "") -> None:
    who.person.sends_file(name, content, caption)
    await who.day.settled()


async def _invited(office, admin, name: str) -> str:
    """The code of an invitation, as the administrator sees it."""
    await admin.says(f"/members {name}")
    await admin.presses("邀请", on=name)
    found = CODE.search(admin.sees("请把下面这条转给", name).text)
    assert found is not None
    return found[1]


# --- coming in --------------------------------------------------------------------------------------


async def test_the_first_administrator_staffs_an_empty_office(office):
    await _empty(office)
    code = await office.does(joining.first_code)
    admin, clerk = office.somebody("赵一鸣"), office.somebody("王思雨")
    await admin.says(f"/start {code}")
    admin.sees("欢迎", "管理员", "导入人员")
    await _sends(admin, "units.csv", (SAMPLE / "units.csv").read_bytes(), "导入人员")
    await admin.presses("确认导入")
    admin.sees("已导入", "新增 37")
    await _sends(admin, "staff.csv", (SAMPLE / "staff.csv").read_bytes(), "导入人员")
    assert "单位" not in admin.sees("请核对后确认导入", "新增 62，更改 1").text
    await admin.presses("确认导入")
    code = await _invited(office, admin, "王思雨")
    await clerk.says(code.lower())
    clerk.sees("王思雨，欢迎", "综合科 科员")
    joined = [one for one in office.rows(Member) if one.telegram_id == clerk.person.id]
    assert [(one.name, one.reach, one.join_code) for one in joined] == [("王思雨", "ok", None)]


async def test_a_member_who_opens_the_invitation_of_another_stays_who_he_is(office):
    def invite(desk):
        named = (people.by_name(name, session=desk.session) for name in ("李文博", "赵一鸣"))
        return joining.invite(desk, *named)

    code = await office.does(invite)
    clerk = office.somebody("王思雨")
    await clerk.says(f"/start {code}")
    clerk.sees("这个账号已经是 王思雨")
    assert [one.name for one in office.rows(Member) if one.telegram_id == clerk.person.id] == ["王思雨"]


async def test_of_several_administrators_each_finds_himself(office):
    def two_admins(desk):
        for one in desk.session.exec(select(Member)):
            one.telegram_id = None
            if one.name == "王海涛":
                one.roles = ["admin"]
        return joining.first_code(desk)

    code = await office.does(two_admins)
    who = office.somebody("王海涛")
    await who.says(f"/start {code}")
    shown = who.sees("您是哪一位", "赵一鸣", "王海涛").text
    own = CODE.search(shown[shown.index("王海涛") :])
    assert own is not None
    await who.says(f"/start {own[1]}")
    who.sees("王海涛，欢迎", "管理员")


async def test_a_stranger_is_answered_politely_and_told_nothing(office):
    stranger = office.somebody("路人甲")
    stranger.person.chat.bot = "member"
    for words in ("登记 县财政局 关于预算的请示", "/members", "待办", "/start"):
        await stranger.says(words)
    answers = stranger.received()
    assert len(answers) == 1 and "只为已登记的工作人员服务" in answers[0].text
    assert "县" not in answers[0].text.replace("县府", "")
    assert [one.count for one in office.rows(Refusal) if one.cause == "stranger"] == [4]
    assert all(one.payload is None for one in office.rows(Inbox))
    assert not [one for one in office.rows(Outbox) if one.chat_id == stranger.person.id]


async def test_wrong_codes_get_the_same_answer_until_there_is_none(office):
    stranger, admin = office.somebody("路人甲"), office.somebody("赵一鸣")
    stranger.person.chat.bot = "member"
    used = await _invited(office, admin, "王思雨")
    await office.somebody("王思雨").says(f"/start {used}")
    for wrong in [used, *("ABCD-EFGH-IJKL-MNO" + c for c in "ABCDEF")]:
        await stranger.says(f"/start {wrong}")
    said = {one.text for one in stranger.received()}
    assert len(said) == 1 and "无效" in said.pop()
    assert len(stranger.received()) == 5
    good = await _invited(office, admin, "王海涛")
    await stranger.says(f"/start {good}")
    assert len(stranger.received()) == 5, "not even the right one is taken from who tried too often"


async def test_who_blocked_the_bot_gets_what_is_open_when_he_is_back(office):
    clerk, head = office.somebody("王思雨"), office.somebody("李文博")
    head.person.blocks()
    await office.settled()
    assert [one.reach for one in office.rows(Member) if one.name == "李文博"] == ["blocked"]
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科")
    await clerk.presses("确认")
    head.sees_nothing_of("收〔2026〕1号")
    head.person.start()
    await office.settled()
    head.sees("收〔2026〕1号", "请签收并承办")


# --- members ----------------------------------------------------------------------------------------


async def test_members_are_managed_in_chat_by_administrators_only(office):
    admin, director = office.somebody("赵一鸣"), office.somebody("杨振宇")
    for words in ("/members", "加人 张三 综合科 科员", "改人 王海涛 电话 无", "/import_members"):
        await director.says(words)
        director.sees("只有管理员可以办")
    await admin.says("加人 张三 综合科 科员 13900009999 至2027-01-31")
    admin.sees("张三", "综合科 科员", "跟班学习至：2027年1月31日", "承办人")
    await admin.presses("角色", on="张三")
    await admin.presses("值班员")
    assert [one.roles for one in office.rows(Member) if one.name == "张三"] == [["handler", "duty"]]
    await admin.says("改人 张三 B岗 王海涛")
    admin.sees("张三", "B岗：王海涛")
    await admin.says("加人 李四 综和科 科员")
    admin.sees("没有看出 李四 在哪个单位")
    await admin.says("/members")
    admin.sees("共 64 人", "综合科　5 人")
    await admin.presses("综合科")
    admin.sees("综合科", "✅ 王海涛 副科长", "⏳ 张三")


async def test_an_old_button_of_a_former_administrator_does_nothing(office):
    admin = office.somebody("赵一鸣")
    await admin.says("/members 王海涛")
    card = admin.card("王海涛", "停用")

    def demote(desk):
        for one in desk.session.exec(select(Member)):
            if one.name == "赵一鸣":
                one.roles = ["handler"]

    await office.does(demote)
    await admin.person.presses(card, "停用")
    await office.settled()
    admin.sees("只有管理员可以办")
    assert all(one.active for one in office.rows(Member))


async def test_who_is_dismissed_is_a_stranger_and_his_work_goes_on(office):
    admin, clerk, head = (office.somebody(name) for name in ("赵一鸣", "王思雨", "李文博"))
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科")
    await clerk.presses("确认")
    await admin.says("/members 李文博")
    await admin.presses("停用", on="李文博")
    admin.sees("停用 李文博", "在办 1 件将转给 王海涛")
    await admin.presses("确认停用")
    admin.sees("已停用 李文博", "王海涛 的 B岗 还是 李文博")
    office.somebody("王海涛").sees("收〔2026〕1号", "请签收并承办")
    await head.says("待办")
    head.sees("只为已登记的工作人员服务")


async def test_a_spreadsheet_with_mistakes_changes_nothing(office):
    admin = office.somebody("赵一鸣")
    await admin.says("/import_members")
    await _sends(admin, "名单.csv", _staff("张三,综和科,科员,,123,"))
    admin.sees("没有导入", "名单.csv 第2行 科室“综和科”", "是不是“综合科”？", "第2行 电话“123”")
    await _sends(admin, "名单.csv", _staff("张三,综合科,科员,王海涛,13900009999,"))
    admin.sees("请核对后确认导入", "新增 1", "张三")
    assert len(office.rows(Member)) == 63
    await admin.presses("取消", on="请核对后确认导入")
    assert len(office.rows(Member)) == 63
    await _sends(admin, "名单.csv", _staff("张三,综合科,科员,王海涛,13900009999,"), "导入人员")
    await admin.presses("确认导入")
    admin.sees("已导入", "新增 1")
    assert len(office.rows(Member)) == 64


async def test_everybody_may_ask_what_is_known_of_him(office):
    deputy = office.somebody("许文斌")
    await deputy.says("/whoami")
    deputy.sees("许文斌", "县政府办公室 副主任", "B岗：沈慧敏", "分管：综合科、秘书一科", "分管副主任")


# --- groups -----------------------------------------------------------------------------------------


async def test_a_group_is_bound_by_buttons_and_keeps_its_binding_when_it_moves(office):
    admin, clerk = office.somebody("赵一鸣"), office.somebody("王思雨")
    group = office.sandbox.group("综合科新群", [admin.person, clerk.person])
    group.removes_bot(admin.person)
    group.adds_bot(admin.person)
    await office.settled()
    admin.sees("还没有绑定单位", "/bind", group=group)
    await clerk.says("/bind", group=group)
    clerk.sees("只有管理员可以办", group=group)
    await admin.says("/bind", group=group)
    await admin.presses("科室层", group=group)
    await admin.presses("综合科", group=group)
    admin.sees("本群已绑定：综合科", "科室层", "只显示与综合科有关", group=group)
    group.migrates()
    await office.settled()
    bound = [one for one in office.rows(Group) if one.name == "综合科新群"]
    assert [(one.chat_id, one.unit, one.level) for one in bound] == [(group.id, "综合科", "section")]
    await admin.says("/bind 县府办 单位", group=group)
    admin.sees("本群已绑定：县政府办公室", "单位层", group=group)
    group.removes_bot(admin.person)
    await office.settled()
    assert not [one for one in office.rows(Group) if one.name == "综合科新群"]


async def test_somebody_else_may_not_press_the_choice(office):
    admin, clerk = office.somebody("赵一鸣"), office.somebody("王思雨")
    group = office.group("综合科内部群")
    await admin.says("/bind", group=group)
    admin.sees("现在绑定：综合科", group=group)
    over = await clerk.presses("领导层", group=group)
    assert over and "只有管理员可以办" in over
    assert {one.level for one in office.rows(Group) if one.name == group.title} == {"section"}


# --- leave ------------------------------------------------------------------------------------------


async def test_while_somebody_is_away_his_stand_in_has_his_work(office):
    clerk, head, stand_in = (office.somebody(name) for name in ("王思雨", "李文博", "王海涛"))
    await office.at("09:00")
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科")
    await clerk.presses("确认")
    await head.says("请假 11月25日至26日")
    head.sees("李文博 请假", "11月25日 周三 至 11月26日 周四", "王海涛 代岗", "在办 1 件到时转过去")
    stand_in.sees("李文博 请假", "由您代岗")
    stand_in.sees_nothing_of("收〔2026〕1号")
    await office.at("2026-11-25 08:30")
    stand_in.sees("收〔2026〕1号", "请签收并承办")
    await clerk.says("登记 县教育局 关于校车经费的请示 云教〔2026〕8号 转综合科")
    await clerk.presses("确认", on="校车")
    stand_in.sees("收〔2026〕2号")
    head.sees_nothing_of("收〔2026〕2号")
    await stand_in.presses("已收到", on="收〔2026〕2号")
    await office.at("2026-11-27 08:30")
    head.sees("欢迎回来", "没有签收的 1 件已转回", "王海涛 已签收的 1 件由其办完")
    stand_in.sees("李文博 已回岗")


async def test_a_head_records_for_his_section_and_takes_it_back(office):
    head, other = office.somebody("李文博"), office.somebody("张志远")
    await head.says("王海涛明天请假")
    head.sees("王海涛 请假", "11月25日 周三", "李文博 代岗")
    office.somebody("王海涛").sees("李文博 为您登记了请假")
    await other.says("王海涛后天请假")
    other.sees("由本人登记")
    await head.says("销假 王海涛")
    head.sees("已取消 王海涛 的请假")


async def test_leave_is_asked_for_and_so_is_who_stands_in(office):
    clerk, admin = office.somebody("王思雨"), office.somebody("赵一鸣")
    await admin.says("请假 明天")
    await clerk.says("/leave")
    clerk.sees("请假几号到几号")
    await clerk.says("随便说说")
    clerk.sees("没有看出请假的日子")
    await clerk.says("11月25日")
    clerk.sees("赵一鸣 这几天也请假", "请选一位代岗")
    await clerk.presses("王海涛")
    clerk.sees("王思雨 请假", "王海涛 代岗")
    await clerk.presses("销假")
    clerk.sees("已取消 王思雨 的请假")
    acts = [one.act for one in office.rows(Entry) if one.act.startswith("leave")]
    assert acts == ["leave", "leave", "leave_cancelled"]


async def test_a_code_stands_nowhere_in_the_database(office):
    admin = office.somebody("赵一鸣")
    code = await _invited(office, admin, "王思雨")
    await office.somebody("王思雨").says(f"/start {code}")
    dump = everything(office.program.engine)
    assert "王思雨" in dump
    assert code not in dump and code.replace("-", "") not in dump
