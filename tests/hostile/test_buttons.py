"""Forged and replayed buttons: every verb with targets nobody was given; the buttons and drafts of others."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hostile.siege import Siege, answered
from hostile.updates import Json

from handlers.pressed import VERBS
from storage.models import Draft, Entry, Matter, Member, Step

FORGED = ("", "-1", "1", "999999", "9" * 15, "9" * 60, "１", "²", "1:0", "1:²", "1:999", "1.²", "2:x", "1:")
LINE = "登记 财政局 关于预算调整的请示 云财〔2026〕12号 转综合科"


def press(who: Json, data: str) -> Json:
    chat = {"id": who["id"], "type": "private", "first_name": who["first_name"]}
    message = {"message_id": 1, "date": 1795482000, "chat": chat, "text": "卡片"}
    query = {"id": "1", "from": who, "chat_instance": "1", "message": message, "data": data}
    return {"callback_query": query}


@pytest.fixture
async def busy(siege: Siege) -> Siege:
    """An office with a logged document, one being logged, an absence being told, a question answered."""
    clerk, head = siege.day.somebody("王思雨"), siege.day.somebody("李文博")
    await clerk.says(LINE)
    await clerk.presses("确认")
    await clerk.says(LINE.replace("12号", "13号"))
    await head.says("请假 11月25日至27日")
    await head.says("财政局上个月来了多少件？")
    await siege.day.program.sweep()  # the absence is heard of at once, by a clock
    return siege


ALL = (*VERBS, "invite", "bind", "no_such_verb")


def presses(who: Json, targets: Iterable[str], verbs: Iterable[str] = ALL) -> list[Json]:
    return [press(who, f"{verb}:{target}") for verb in verbs for target in targets]


@pytest.mark.parametrize("name", ["王思雨", "赵一鸣", "蔡建军"])
async def test_every_verb_with_forged_targets(busy: Siege, name: str) -> None:
    """Each verb gets one of them, each target a part of the verbs; others with each person."""
    user, shift = busy.day.sandbox.person(name).user.as_json(), ("王思雨", "赵一鸣", "蔡建军").index(name)
    forged = [
        one
        for i, verb in enumerate(ALL)
        for one in presses(user, (FORGED[(i + 5 * shift) % len(FORGED)],), (verb,))
    ]
    requests = await busy.feed(*forged)
    assert [one for one in forged if not answered(one, requests)] == []
    busy.nothing_broke()


async def test_a_stranger_who_has_every_button_changes_nothing(busy: Siege) -> None:
    before = busy.checksum()
    await busy.feed(*presses(busy.strangers[0].user.as_json(), ("1",)))
    assert busy.checksum() == before
    assert not busy.strangers[0].received


async def test_the_drafts_of_others_are_not_touched(busy: Siege) -> None:
    """A member without a role presses whatever a draft of another may hear; each verb on a third of them."""
    outsider = busy.day.sandbox.person("蔡建军").user.as_json()
    before = [(one.id, one.state, one.data) for one in busy.day.rows(Draft)]
    targets = [f"{number}{rest}" for number, _, _ in before for rest in ("", ":0")]
    pressed = [one for i, verb in enumerate(ALL) for one in presses(outsider, targets[i % 3 :: 3], (verb,))]
    await busy.feed(*pressed)
    after = {one.id: (one.id, one.state, one.data) for one in busy.day.rows(Draft)}
    assert [after[number] for number, _, _ in before] == before


async def test_a_member_without_a_part_in_it_moves_no_matter(busy: Siege) -> None:
    outsider = busy.day.sandbox.person("蔡建军").user.as_json()
    before = [repr(one) for table in (Matter, Step, Member) for one in busy.day.rows(table)]
    verbs = sorted(set(VERBS) - {"digest"})  # what he sets for himself
    await busy.feed(*presses(outsider, ("1", "1:1"), verbs))
    assert [repr(one) for table in (Matter, Step, Member) for one in busy.day.rows(table)] == before


async def test_a_press_that_is_replayed_has_no_second_effect(busy: Siege) -> None:
    clerk = busy.day.somebody("王思雨")
    data = next(b.data for row in clerk.card("13号", "确认").buttons for b in row if "确认" in b.label)
    for _ in range(3):
        await busy.feed(press(clerk.person.user.as_json(), str(data)))
    assert [one.number for one in busy.day.rows(Matter)] == [1, 2]
    assert sum(entry.act == "registered" for entry in busy.day.rows(Entry)) == 2
    busy.nothing_broke()
