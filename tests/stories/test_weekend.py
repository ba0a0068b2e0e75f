"""A request nobody touches climbs the whole ladder over a weekend of which the Sunday is worked (调休)."""

from __future__ import annotations

import pytest

LADDER = {"李文博": "已逾期", "王海涛": "B岗", "许文斌": "分管副主任", "周明远": "分管县领导"}


@pytest.mark.parametrize("begins", ["2026-09-18 17:00"])
async def test_it_rests_on_saturday_and_climbs_on_the_sunday_that_is_worked(office):
    clerk = office.somebody("王思雨")
    people = {name: office.somebody(name) for name in LADDER}
    await office.at("17:10")
    await clerk.says("登记 县财政局 关于拨付惠农补贴资金的请示 云财〔2026〕37号 转综合科")
    assert "9月20日 周日 09:10" in clerk.card("请核对").text
    await clerk.presses("确认")

    await office.at("2026-09-18 17:40")
    assert people["李文博"].count("⏰ 提醒") == 1
    before = {name: len(one.received()) for name, one in people.items()}
    await office.at("2026-09-19 23:00")
    assert {name: len(one.received()) for name, one in people.items()} == before

    await office.at("2026-09-20 09:12")
    people["李文博"].sees("已逾期")
    await office.at("2026-09-20 10:00")
    for name, said in LADDER.items():
        people[name].sees(said, "收〔2026〕1号")
    assert people["周明远"].sees("已先后提醒", "李文博", "王海涛", "许文斌").text.count("李文博 09") == 1
    assert people["周明远"].count("逾期未办") == 1

    await people["王海涛"].presses("接手办理")
    people["王海涛"].sees("请签收并承办")
    people["周明远"].sees("现由 王海涛 办理")
    await people["王海涛"].presses("签收承办")
    people["许文斌"].sees("请提出拟办意见")
