"""Reports of progress: a month of 26 units of which 3 are late; a liaison with thirty tasks."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from desks import ZONE, named
from openpyxl import load_workbook

from office.supervision import ledger, progress
from office.supervision.ledger import TaskForm
from storage.models import Occurrence, Outbox, Progress

DUE = datetime(2027, 3, 31, 17, 30, tzinfo=ZONE)


def enter(section, title, **more):
    def act(desk):
        form = TaskForm(title=title, source="政府工作报告", section=section, due=DUE, **more)
        return ledger.enter(desk, form, named(desk, "钱雨桐"), told=False).id

    return act


async def test_a_liaison_with_thirty_tasks(office):
    liaison = office.somebody("叶向阳")
    for n in range(1, 31):
        await office.does(enter("县住房和城乡建设局", f"老旧小区改造第{n}片区"))
    await office.at("2026-11-25 09:01")
    assert liaison.count("2026年11月 进展") == 1
    card = liaison.sees("2026年11月 进展", "已报 0/30", "督〔2026〕1号", "第 1/3 页")
    await liaison.presses("下一页", on="已报 0/30")
    liaison.sees("督〔2026〕11号", "第 2/3 页")
    await liaison.presses("逐项填报", on="已报 0/30")
    liaison.sees("（1/30）督〔2026〕1号", "未报过")
    await liaison.says("完成60%，管网已铺设12公里")
    liaison.sees("督〔2026〕1号 已记 60%", "（2/30）督〔2026〕2号")
    await liaison.says("主体封顶")
    liaison.sees("总体完成百分之多少")
    await liaison.presses("70%", on="主体封顶")
    liaison.sees("督〔2026〕2号 已记 70%", "（3/30）督〔2026〕3号")
    await liaison.presses("跳过", on="（3/30）")
    liaison.sees("（4/30）督〔2026〕4号")
    await liaison.says("完成120%")
    liaison.sees("没有看出百分比", "120%")
    await liaison.says("35")
    liaison.sees("督〔2026〕4号 已记 35%", "（5/30）")
    await liaison.says("先到这里")
    liaison.sees("先到这里", "已报 3/30", "还有 27 项")
    assert liaison.count("2026年11月 进展") == 1
    assert liaison.sees("2026年11月 进展", "已报 3/30", "第 1/3 页") is card

    await liaison.says("进展 督1号 完成40%")
    liaison.sees("上次报 60%", "这次 40%")
    await liaison.says("一标段返工")
    liaison.sees("督〔2026〕1号 已记 40%")
    await liaison.says("进展 督3号 与上次相同")
    liaison.sees("以前没有报过")
    await liaison.says("进展")
    liaison.sees("已报 3/30")
    await liaison.presses("逐项填报")
    for _ in range(27):
        await liaison.says("完成50%，按计划推进")
    liaison.sees("30/30", "都已报齐")
    kept = office.rows(Progress)
    assert len(kept) == 31
    assert {one.period for one in kept} == {"2026-11"}
    done = [one for one in office.rows(Occurrence) if one.state == "done"]
    assert len(done) == 30
    waiting = [one.period for one in office.rows(Occurrence) if one.state == "waiting"]
    assert waiting == ["2026-12"] * 30

    await office.at("2026-12-25 09:01")
    liaison.sees("2026年12月 进展", "已报 0/30", "40%（11月25日）")


def units_of(office):
    return office.program.worker.look_now(
        lambda desk: [
            u.name for u in desk.roster.units if u.level == "units" and desk.roster.members_of(u.name)
        ]
    )


async def test_a_month_of_reporting_in_which_three_are_late(office):
    units = units_of(office)[:26]
    assert len(units) == 26
    liaisons = {}
    for unit in units:
        await office.does(enter(unit, f"{unit}年度重点任务"))
        liaisons[unit] = await office.does(lambda desk, unit=unit: desk.roster.members_of(unit)[0].name)
    late = units[4], units[11], units[20]
    await office.at("2026-11-25 09:05")
    for unit in units:
        assert office.somebody(liaisons[unit]).count("2026年11月 进展") == 1
    for unit in units:
        if unit not in late:
            await office.somebody(liaisons[unit]).presses("逐项填报")
            await office.somebody(liaisons[unit]).says("完成55%，按计划推进")
    await office.at("2026-11-27 09:05")
    reminded = [u for u in units if office.somebody(liaisons[u]).count("提醒：进展还没有报齐")]
    assert reminded == list(late)
    await office.at("2026-11-30 17:31")
    due = [u for u in units if office.somebody(liaisons[u]).count("进展报送期限已到")]
    assert due == list(late)
    await office.at("2026-12-02 10:00")
    await office.somebody(liaisons[late[0]]).says("进展")
    await office.somebody(liaisons[late[0]]).presses("逐项填报")
    await office.somebody(liaisons[late[0]]).says("完成30%，资金刚到位")
    named_late = await office.does(
        lambda desk: [
            (one.matter.section, one.liaison, bool(one.done_at)) for one in progress.late(desk, "2026-11")
        ]
    )
    assert sorted(named_late) == sorted((u, liaisons[u], u == late[0]) for u in late)
    section = office.somebody("钱雨桐")
    await section.says("进展 11月")
    section.sees(
        "2026年11月 进展报送", "应报 26 项，按时 23，迟报 1，未报 2", f"❗ {late[1]}", f"🟡 {late[0]}"
    )
    asked = await office.does(lambda desk: len(progress.asked_in(desk, "2026-11")))
    assert asked == 26
    for unit in late:
        who = office.somebody(liaisons[unit])
        assert who.count("已报 0/1") == 1
        assert who.count("提醒：进展还没有报齐") == who.count("进展报送期限已到") == 1
    causes = [one.cause for one in office.rows(Outbox) if one.cause and one.cause.startswith("progress:ask")]
    assert len(causes) == len(set(causes)) == 26


def filled(message, answers):
    """The sheet that was handed out, filled in: by number, percentage, words, why."""
    book = load_workbook(io.BytesIO(message.document.content))
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    assert sheet.column_dimensions["J"].hidden
    for row in sheet.iter_rows(min_row=2):
        for name, value in zip(
            ("本次进度（%）", "本次情况", "减少原因"), answers.get(row[0].value, ()), strict=False
        ):
            row[head.index(name)].value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def test_a_spreadsheet_comes_back_with_two_wrong_rows(office):
    liaison = office.somebody("叶向阳")
    for n in range(1, 7):
        await office.does(enter("县住房和城乡建设局", f"停车场建设第{n}处"))
    await liaison.says("进展 督6号 完成80%")
    await office.at("2026-11-25 09:01")
    await liaison.presses("下载表格")
    handed = liaison.sees("填好把表发回来")
    right = {f"督〔2026〕{n}号": (n * 10, f"第{n}处已开工") for n in range(1, 5)}
    wrong = {"督〔2026〕5号": ("一半多", "在建"), "督〔2026〕6号": (70, "返工")}
    await send(liaison, filled(handed, right | wrong))
    told = liaison.sees("没有导入")
    assert "第6行 本次进度（%）“一半多”：应是 0 到 100 之间的数" in told.text
    assert "第7行 本次进度（%）“70”：上次是 80%，这次减少了" in told.text
    assert len(office.rows(Progress)) == 1
    await send(liaison, filled(handed, right | {"督〔2026〕6号": (70, "返工", "质量返工")}))
    preview = liaison.sees("请核对进展", "报送 5 项", "1 行空着不报")
    await liaison.presses("报送 5 项")
    liaison.sees("已报送 5 项进展", "本期已报 5/6")
    liaison.sees("2026年11月 进展", "已报 5/6")
    assert preview.text.startswith("✅")
    kept = office.rows(Progress)
    assert [one.percent for one in kept] == [80, 10, 20, 30, 40, 70]
    assert kept[-1].why == "质量返工"
    await send(liaison, filled(handed, {"督〔2026〕1号": (20, "推进")} | {"督〔2026〕2号": ("120", "")}))
    liaison.sees("没有导入", "“120”")
    assert len(office.rows(Progress)) == 6


async def send(who, content):
    who.person.sends_file("进展填报-叶向阳-20261125.xlsx", content, "")
    await who.day.settled()


async def test_a_file_and_a_reply_are_reports(office):
    liaison, stranger = office.somebody("叶向阳"), office.somebody("孙可欣")
    await office.at("09:00")
    await office.does(enter("县住房和城乡建设局", "老旧小区改造"))
    await stranger.says("进展 督1号 完成60%")
    stranger.sees("督〔2026〕1号 的进展由 县住房和城乡建设局叶向阳 报送")
    await liaison.says("进展 督1号")
    liaison.sees("（1/1）督〔2026〕1号")
    liaison.person.sends_file("进度表.csv", "项目,进度\n一标段,六成\n".encode(), "完成60%")
    await office.settled()
    liaison.sees("督〔2026〕1号 已记 60%", "进度表.csv")
    await liaison.says("1号 过程")
    await liaison.says("督1号 主体完工，累计完成75%")
    card = liaison.sees("督〔2026〕1号 已记 75%", "主体完工")
    await liaison.says("截至11月20日完成80%，开始绿化", reply_to=card)
    liaison.sees("督〔2026〕1号 已记 80%")
    await liaison.presses("详情", on="已记 80%")
    liaison.sees("进展：80% · 11月20日")
    assert [one.percent for one in office.rows(Progress)] == [60, 75, 80]
    assert [one.state for one in office.rows(Occurrence)] == ["waiting"], "nobody had asked yet"


@pytest.mark.parametrize("begins", ["2026-12-24 08:45"])
async def test_a_years_end_and_the_holiday_after_it(office):
    """December is due on its last working day; January's comes by the calendar of next year."""
    liaison = office.somebody("叶向阳")
    await office.does(enter("县住房和城乡建设局", "老旧小区改造", rhythm="half_monthly"))
    await office.does(enter("县水利局", "河道清淤", rhythm="quarterly"))
    water = office.somebody(await office.does(lambda desk: desk.roster.members_of("县水利局")[0].name))
    await office.at("2026-12-29 09:01")
    liaison.sees("2026年12月下半月 进展", "请于 12月31日 周四 17:30 前报")
    water.sees("2026年第4季度 进展", "请于 12月31日 周四 17:30 前报")
    await office.off()
    await office.on(at="2027-01-02 10:00")
    assert not [one for one in office.rows(Occurrence) if one.period.startswith("2027")]
    await office.at("2027-01-05 10:00")
    await liaison.says("进展 督1号 完成30%")
    liaison.sees("督〔2026〕1号 已记 30%")
    rows = {(one.duty, one.period): one.state for one in office.rows(Occurrence)}
    assert rows == {
        ("progress_half_monthly", "2026-12下"): "done",
        ("progress_half_monthly", "2027-01上"): "waiting",
        ("progress_quarterly", "2026Q4"): "asked",
    }
    late = await office.does(lambda desk: [one.period for one in progress.late(desk, "2026-12")])
    assert late == ["2026-12下", "2026Q4"]
    (coming,) = [one for one in office.rows(Occurrence) if one.period == "2027-01上"]
    assert coming.provisional
