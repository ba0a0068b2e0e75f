"""Rows that are written at once are the ones a session goes on with."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from desks import DeskAt
from sqlalchemy.exc import StatementError
from sqlmodel import select

from storage import drafts, rows
from storage.models import Card, Draft, Entry


def a_draft(desk, **data) -> Draft:
    fields = {"chat_id": 1, "member_id": 1, "form": "log", "created_at": desk.now, "updated_at": desk.now}
    return rows.keep(Draft(data=data, **fields), session=desk.session)


def test_a_kept_row_is_known_and_its_changes_are_written(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    draft = a_draft(desk, title="关于安全生产的通知")
    assert desk.session.get(Draft, draft.id) is draft
    draft.asking = "title"
    desk.session.flush()
    desk.session.expire(draft)
    assert (draft.data, draft.asking) == ({"title": "关于安全生产的通知"}, "title")


def test_what_is_changed_at_once_leaves_nothing_to_flush(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    draft = a_draft(desk)
    draft.source_message_id = 7
    drafts.write(draft, now=desk.now, data={"matter_id": 1}, state="done")
    assert (draft.data, draft.state) == ({"matter_id": 1}, "done")
    desk.session.flush()
    assert not desk.session.is_modified(draft)
    desk.session.expire(draft)
    assert (draft.data, draft.state, draft.source_message_id) == ({"matter_id": 1}, "done", 7)


def test_a_row_that_was_taken_back_gives_its_id_to_the_next(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    savepoint = desk.session.begin_nested()
    lost = a_draft(desk, title="甲")
    savepoint.rollback()
    found = a_draft(desk, title="乙")
    assert found is not lost
    assert [one.data for one in desk.session.exec(select(Draft))] == [{"title": "乙"}]


def test_many_rows_at_once_are_numbered_in_order_and_hold_what_was_given(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    session = desk.session
    words = ["100%", "'%s$1:n\"", "第一行\n\\n", "", None, "🔔"]
    kinds = [{"chat_id": -(10**12) - n, "kind": f"{word}"} for n, word in enumerate(words)]
    ids = rows.numbered(Card, [kind | {"standing": True} for kind in kinds], session=session)
    assert ids == sorted(set(ids))
    assert [session.get_one(Card, one).kind for one in ids] == [kind["kind"] for kind in kinds]
    facts = [{"words": word, "list": [1, [True, 0.5]]} for word in words]
    when = {"happened_at": desk.now.astimezone(ZoneInfo("Asia/Shanghai")), "recorded_at": desk.now}
    noted = [{"act": f"{n}", "member_id": None, "facts": one} | when for n, one in enumerate(facts)]
    rows.keep_all(Entry, noted, session=session)
    acts = rows.among(Entry.act, [one["act"] for one in noted], session=session)
    found = list(session.exec(select(Entry).where(acts).order_by(Entry.id)))
    assert [one.facts for one in found] == facts
    assert {(one.happened_at, one.recorded_at, one.member_id) for one in found} == {
        (desk.now, desk.now, None)
    }


def test_no_rows_are_no_statement(sample_office: DeskAt) -> None:
    session = sample_office("2026-11-24 09:00").session
    assert rows.numbered(Card, [], session=session) == []
    rows.keep_all(Card, [], session=session)
    none = rows.among(Card.kind, [], session=session)
    assert session.exec(select(Card).where(none)).all() == []


def test_an_instant_without_a_zone_is_not_kept(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    naive = desk.now.replace(tzinfo=None)
    noted = {"act": "told", "facts": {}, "happened_at": naive, "recorded_at": naive}
    with pytest.raises((ValueError, StatementError), match="without a zone"):
        rows.keep_all(Entry, [noted], session=desk.session)
