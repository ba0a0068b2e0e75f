"""A campaign (V9): phases with dates, targets in numbers per unit, who stands where, evaluation."""

from __future__ import annotations

CALL = """专项行动 秋冬季森林防火专项行动
阶段：动员部署 12月10日前；集中整治 12月25日前
目标：隐患整改率 95%；宣传入户 1200户
单位：青峰乡、龙潭乡、高坪乡"""


async def test_what_was_not_understood_is_named(office):
    clerk = office.somebody("郑晓峰")
    await clerk.says(CALL.replace("青峰乡、", "高平乡、县气象局、").replace("95%", "95%；群众满意"))
    clerk.sees("没有看懂、未列入：群众满意、高平乡、县气象局", "单位 2 个")
    await clerk.presses("＋ 高坪乡人民政府")
    clerk.sees("没有看懂、未列入：群众满意、县气象局", "单位 2 个：龙潭乡人民政府、高坪乡人民政府")
    await clerk.presses("确认")
    await clerk.says("目标 专1号 高平乡 隐患整改率 98%")
    await clerk.presses("高坪乡人民政府", on="没有“高平乡”")
    clerk.sees("达到目标 0/2", "—/98%")


async def test_a_campaign_to_its_evaluation(office):
    leader_of_it, deputy = office.somebody("郑晓峰"), office.somebody("吕承志")
    towns = {name: office.somebody(name) for name in ("戴晓东", "夏冬梅", "欧阳慧")}
    await office.at("2026-11-24 09:00")
    await leader_of_it.says(CALL)
    card = leader_of_it.card("专项行动", "确认")
    assert "12月10日" in card.text and "1200户" in card.text and "单位 3 个" in card.text
    await leader_of_it.presses("确认")
    leader_of_it.sees("已立项", "专〔2026〕1号")
    leader_of_it.sees("阶段 1/2 动员部署", "12月10日")
    await leader_of_it.says("目标 专1号 高坪乡 隐患整改率 98%")
    leader_of_it.sees("达到目标 0/3", "—/98%")

    await office.at("2026-12-07 09:30")
    for one in towns.values():
        one.sees("请报进度", "动员部署")
    await towns["戴晓东"].says("隐患整改率 96%，宣传 1300户", reply_to=towns["戴晓东"].sees("请报进度"))
    towns["戴晓东"].sees("进度已记", "现报 96%", "现报 1300户")
    await towns["夏冬梅"].says("进度 专1号 整改率82%")
    towns["夏冬梅"].sees("没有看出是哪一项", "隐患整改率")
    await towns["夏冬梅"].says("进度 专1号 隐患整改率82%")
    towns["夏冬梅"].sees("进度已记", "还没有报：宣传入户")
    await office.at("2026-12-09 09:30")
    assert towns["戴晓东"].count("请报进度") == 1
    towns["欧阳慧"].sees("还没有收到贵单位本阶段的进度")
    await office.at("2026-12-10 17:31")
    table = deputy.sees("各单位进度", "“动员部署”阶段结束", "没有报的")
    assert "青峰乡人民政府 96%/95%" in table.text
    assert table.text.index("青峰乡人民政府 96%") < table.text.index("龙潭乡人民政府 82%")

    await leader_of_it.presses("本阶段结束", on="阶段 1/2")
    leader_of_it.sees("阶段 2/2 集中整治", "12月25日")
    await leader_of_it.presses("本阶段结束", on="阶段 2/2")
    leader_of_it.sees("请对照目标总结评估")
    await leader_of_it.presses("报送总结", on="总结评估")
    await leader_of_it.says("三个乡镇两项目标均已达到，共整改隐患96处")
    deputy.sees("请审核总结")
    await deputy.says("1 办结 达到预期目标")
    assert office.matter().state == "closed"


async def test_who_cannot_be_told_is_named_to_who_leads_it(office):
    organiser, liaison = office.somebody("郑晓峰"), office.somebody("戴晓东")
    await office.at("2026-11-24 09:00")
    await organiser.says(CALL)
    await organiser.presses("确认")
    liaison.person.blocks()
    await office.settled()
    await office.at("2026-12-07 09:30")
    organiser.sees("联系不上", "青峰乡人民政府 戴晓东 1390")


async def test_what_is_missing_is_asked_for(office):
    organiser = office.somebody("郑晓峰")
    await office.at("09:00")
    await organiser.says("专项行动 打击非法采砂")
    organiser.sees("阶段是什么")
    await organiser.says("摸排 12月10日前；整治 12月31日前")
    organiser.sees("摸排：12月10日", "目标是什么")
    await organiser.says("查处率100%")
    organiser.sees("单位是什么")
    await organiser.says("水利局、公安局、各乡镇")
    organiser.card("单位 10 个", "确认")
    await organiser.presses("修改")
    await organiser.says("目标：查处率 90.05%；移送线索 5件")
    assert "查处率：90.05%" in organiser.card("移送线索：5件", "确认").text
    await organiser.presses("取消")
