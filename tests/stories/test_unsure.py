"""What is not recognised and yet is hardly talk: the bot asks, and does nothing by itself."""

import pytest

from storage.models import Matter

HAPPENS = "石桥镇化肥厂冒黄烟，附近的人喘不上气"
PAPER = "青峰乡 情况专报 蔬菜滞销 何县长阅处"


async def test_an_emergency_in_unusual_words_is_asked_about_and_dates_from_its_first_message(office):
    clerk = office.somebody("王思雨")
    await office.at("2026-11-25 10:00")
    await clerk.says(HAPPENS)
    clerk.sees("这像是突发情况，要上报吗")
    assert not office.rows(Matter)
    await office.at("2026-11-25 10:04")
    await clerk.presses("立即上报", on="这像是突发情况")
    clerk.sees("已接报", "急〔2026〕1号", "10:00")
    assert office.matter(1).remark == HAPPENS


async def test_in_a_group_nobody_else_answers_for_the_writer(office):
    clerk, other, group = office.somebody("王思雨"), office.somebody("李文博"), office.group("县府办工作群")
    await clerk.says(f"@{office.sandbox.cloud.bot.username} {HAPPENS}", group=group)
    await other.presses("立即上报", on="这像是突发情况", group=group)
    assert not office.rows(Matter)
    await clerk.presses("立即上报", on="这像是突发情况", group=group)
    assert [matter.remark for matter in office.rows(Matter)] == [HAPPENS]


async def test_what_was_only_talk_is_left(office):
    clerk = office.somebody("王思雨")
    await clerk.says(HAPPENS)
    await clerk.presses("不是", on="这像是突发情况")
    clerk.sees("未上报")
    assert not office.rows(Matter)


async def test_a_document_in_unusual_words_is_entered_from_what_was_typed(office):
    clerk = office.somebody("王思雨")
    await clerk.says(PAPER)
    await clerk.presses("登记", on="这像是一件来文")
    clerk.sees("青峰乡", "蔬菜滞销")


@pytest.mark.parametrize("said", ["水利局的请示会上没通过", "青峰乡下雪了，路上慢点开"])
async def test_talk_is_not_asked_about(office, said):
    clerk = office.somebody("王思雨")
    await clerk.says(said)
    clerk.sees_nothing_of("这像是")
