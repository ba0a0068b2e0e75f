"""Groups: bound by an administrator, left, moved to another id."""

from __future__ import annotations

import pytest
from desks import DeskAt, holding, named
from sqlmodel import col, select

from office import groups
from office.desk import Desk, Refused
from storage import people
from storage.models import Card, Draft, Entry, Group, Outbox

CHAT, MOVED = -100, -100200300


def _bind(desk: Desk, unit: str = "综合科", level: str | None = None, by: str = "赵一鸣") -> Group:
    return groups.bind(desk, CHAT, "综合科内部群", unit, level, by=named(desk, by))


def test_a_group_is_bound_at_its_units_level(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    group = _bind(desk, "综合")
    assert (group.unit, group.level) == ("综合科", "section")
    assert not groups.facts(desk, group)["sees_all"]
    again = _bind(desk, "县府办", "units")
    assert again.id == group.id and (again.unit, again.level) == ("县政府办公室", "units")
    assert len(people.groups(session=desk.session)) == 1


@pytest.mark.parametrize(
    ("unit", "level", "by", "reason"),
    [
        ("综合科", None, "杨振宇", "people_no_right"),
        ("综和科", None, "赵一鸣", "group_no_unit"),
        ("综合科", "top", "赵一鸣", "group_no_level"),
    ],
)
def test_what_is_not_bound(sample_office: DeskAt, unit: str, level: str | None, by: str, reason: str) -> None:
    desk = sample_office("2026-11-24 09:00")
    with pytest.raises(Refused) as caught:
        _bind(desk, unit, level, by)
    assert caught.value.reason == reason
    assert people.groups(session=desk.session) == []


def test_unbinding(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    _bind(desk)
    with pytest.raises(Refused):
        groups.unbind(desk, CHAT, by=named(desk, "杨振宇"))
    assert groups.unbind(desk, CHAT, by=named(desk, "赵一鸣")) == "综合科内部群"
    with pytest.raises(Refused) as caught:
        groups.unbind(desk, CHAT, by=named(desk, "赵一鸣"))
    assert caught.value.reason == "group_not_bound"


def test_a_group_the_bot_was_taken_out_of_is_told_nothing_more(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    _bind(desk)
    waiting = Outbox(chat_id=CHAT, priority=3, wording="x.y", created_at=desk.now)
    desk.session.add(waiting)
    assert groups.removed(desk, CHAT) and not groups.removed(desk, CHAT)
    desk.session.refresh(waiting)
    assert waiting.state == "superseded"
    acts = desk.session.exec(select(Entry.act).where(col(Entry.act).startswith("group"))).all()
    assert acts == ["group_bound", "group_left"]


def test_a_group_that_becomes_a_supergroup_keeps_its_binding(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    _bind(desk)
    holder = holding(desk, "王海涛")
    sent = Card(chat_id=CHAT, message_id=7, kind="group")
    unsent = Card(chat_id=CHAT, kind="group")
    desk.session.add_all([sent, unsent])
    desk.session.flush()
    answer = Outbox(
        chat_id=CHAT, card_id=unsent.id, priority=2, wording="x.y", reply_to=3, created_at=desk.now
    )
    edit = Outbox(op="edit", chat_id=CHAT, card_id=sent.id, priority=2, wording="x.y", created_at=desk.now)
    draft = Draft(
        chat_id=CHAT, member_id=holder.id or 0, form="log", created_at=desk.now, updated_at=desk.now
    )
    rows = (sent, unsent, answer, edit, draft)
    desk.session.add_all(rows)
    desk.session.flush()
    assert groups.migrated(desk, CHAT, MOVED) and not groups.migrated(desk, CHAT, MOVED)
    for row in rows:
        desk.session.refresh(row)
    assert people.group_of_chat(MOVED, session=desk.session) is not None
    assert (unsent.chat_id, unsent.standing, sent.standing) == (MOVED, True, False)
    assert (answer.chat_id, answer.reply_to, answer.state) == (MOVED, None, "pending")
    assert (edit.state, draft.chat_id) == ("superseded", MOVED)


def test_units_that_a_group_may_belong_to(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    names = [unit.name for unit in groups.units_for(desk, "units")]
    assert names[0] == "县发展和改革局" and "县政府办公室" in names
    assert groups.levels(desk) == ["leaders", "office", "section", "units"]


def test_what_is_written_for_the_old_chat_later_goes_along_too(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    _bind(desk)
    groups.migrated(desk, CHAT, MOVED)
    late = Outbox(chat_id=CHAT, priority=2, wording="x.y", created_at=desk.now)
    edit = Outbox(chat_id=CHAT, op="edit", priority=2, wording="x.y", created_at=desk.now)
    desk.session.add_all([late, edit])
    desk.session.flush()
    assert not groups.migrated(desk, CHAT, MOVED)
    for row in (late, edit):
        desk.session.refresh(row)
    assert (late.chat_id, late.state, edit.state) == (MOVED, "pending", "superseded")


def test_a_message_under_way_while_its_group_moves_is_not_sent_anew(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    _bind(desk)
    under_way = Outbox(chat_id=CHAT, priority=2, wording="x.y", created_at=desk.now, state="sending")
    desk.session.add(under_way)
    desk.session.flush()
    groups.migrated(desk, CHAT, MOVED)
    desk.session.refresh(under_way)
    assert (under_way.chat_id, under_way.state) == (MOVED, "sending")
