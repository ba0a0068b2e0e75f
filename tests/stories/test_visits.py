"""A visit of supervision in one message (V6), with pictures and a place; what is found becomes a task."""

from __future__ import annotations

from incoming_files import blank_png

from storage.models import File, FileContent


async def test_a_visit_on_the_spot(office):
    supervisor = office.somebody("吴国华")
    await office.at("09:00")
    await supervisor.says("督查 水利局 现场 上午9点在城东泵站查看，发现：1.备用电源未到位；2.值守记录缺两天")
    card = supervisor.card("现场督查", "问题1转督办")
    assert "县水利局" in card.text and "城东泵站" in card.text and "发现问题 2 个" in card.text
    supervisor.person.sends_location(31.2, 117.5)
    await office.settled()
    supervisor.sees("位置已记入现场督查")
    supervisor.person.sends_photo(blank_png(40, 30))
    await office.settled()
    supervisor.sees("已存入现场督查", "共 1 份")
    (file,), (content,) = office.rows(File), office.rows(FileContent)
    assert file.visit_id and file.telegram_file_id and content.content == blank_png(40, 30)
    assert file.size == len(content.content)
    await supervisor.presses("问题1转督办")
    await supervisor.says("12月5日前")
    supervisor.sees("已立项", "督〔2026〕1号", "备用电源未到位")
    office.somebody("魏长河").sees("备用电源未到位")
    await supervisor.presses("问题1转督办")
    supervisor.sees("已经立项", "督〔2026〕1号")
    await supervisor.says("督查 督1号 电话 已督促采购")
    await supervisor.says("督查统计 11月")
    supervisor.sees("现场督查：1 次", "电话督查：1 次", "1÷2＝50.0%")


async def test_what_is_missing_is_said(office):
    supervisor, liaison = office.somebody("吴国华"), office.somebody("魏长河")
    await office.at("09:00")
    await supervisor.says("督查 水利局 看了泵站")
    supervisor.sees("是什么方式", "暗访")
    await supervisor.says("督查 现场 看了泵站")
    supervisor.sees("督查的是哪一件、哪个单位")
    await supervisor.says("督查 督99号 现场 看了泵站")
    supervisor.sees("没有找到")
    await liaison.says("督查 水利局 现场 看了泵站")
    liaison.sees("只有督查科")


async def test_a_time_that_no_calendar_has_is_said_to_be_none(office):
    head, leader = office.somebody("吴国华"), office.somebody("吕承志")
    for said in ("督查统计 13月", "通报 13月", "13月收了几个文"):
        await head.says(said)
        assert "没有“13月”这个时间" in head.received()[-1].text, said
    for said in ("督查统计 财政局", "会议统计 今年上半年"):
        await head.says(said)
        assert "没有看出" in head.received()[-1].text, said
    for said in ("督查统计 11月 财政局", "通报 11月 财正局"):
        await head.says(said)
        assert "这里只能写时间" in head.received()[-1].text, said
    await leader.says("会议统计 五季度")
    leader.sees("没有“五季度”这个时间")
    await leader.says("/register 13月")
    leader.sees("没有“13月”这个时间")
    await leader.says("会议统计 上季度")
    leader.sees("三季度")
