"""Rows that are written at once are the ones a session goes on with."""

from __future__ import annotations

from desks import DeskAt
from sqlmodel import select

from storage import drafts, rows
from storage.models import Draft


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
