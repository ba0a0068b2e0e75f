"""Forged questions of meetings and supervision: asked of somebody about what another unit has.

A draft is a row that the program wrote itself. If one said what it should not, or has outlived the right of
whom it asks, who answers it may still do no more than what he may do by himself, and is told nothing of it.
"""

from __future__ import annotations

from typing import Any

from hostile.siege import Siege
from hostile.test_supervision import SECRET, busy, kept
from hostile.updates import Json

from handlers import router
from handlers.meetings import CONTINUE as MEETINGS
from handlers.meetings import call
from handlers.supervision import bulletin, campaigns, progress, task_import, tasks, visits
from office.desk import Desk
from storage import drafts, people
from storage.models import Bulletin, Invitation, Matter, Step, Visit

__all__ = ["busy"]
SUPERVISION = (bulletin, campaigns, progress, task_import, tasks, visits)
OF_ITS_OWN = {call.FORM, campaigns.FORM, task_import.FORM}
"""what is begun about nothing that is there: there is nothing to forge"""
FORMS = sorted({*MEETINGS, *(form for one in SUPERVISION for form in one.CONTINUE)} - OF_ITS_OWN)
SAID = ("12月1日9点", "送审", "1. 水利局12月10日前完成排查", "完成100%", "魏小河代，出差")


def forged(siege: Siege, about: Matter) -> dict[str, Any]:
    """Whatever a draft of any of these forms may say, of what the bureau of water has."""
    rows = siege.day.rows
    of_it = [one.id for one in rows(Step) if one.matter_id == about.id]
    return {
        "matter_id": about.id,
        "step": of_it[-1],
        "step_id": of_it[-1],
        "steps": of_it,
        "invitation": rows(Invitation)[0].id,
        "visit_id": rows(Visit)[0].id,
        "bulletin_id": rows(Bulletin)[0].id,
        "place": 0,
        "wanted": {"at": "2026-12-02T09:00:00+08:00", "ends": None, "place": "三楼会议室"},
        "queue": False,
        "skipped": [],
        "true": True,
        "reason": "",
    }


def message(user: Json, text: str) -> Json:
    chat = {"id": user["id"], "type": "private", "first_name": user["first_name"]}
    return {"message": {"message_id": 1, "date": 1795482000, "chat": chat, "from": user, "text": text}}


async def answers(siege: Siege, name: str, form: str, data: dict[str, Any], asking: str) -> list[str]:
    """What a person is told who answers a forged question with whatever it may ask for."""
    person = siege.day.somebody(name).person

    def ask(desk: Desk) -> None:
        member = people.by_telegram_id(person.id, session=desk.session)
        assert member is not None
        said = {"chat_id": person.id, "member_id": member.id, "now": desk.now, "session": desk.session}
        drafts.begin(form, data=dict(data), asking=asking, **said)

    updates = [message(person.user.as_json(), text) for text in SAID]
    return (await siege.acts(name, updates, router.text, first=ask)).words()


async def test_a_forged_question_gives_nobody_a_right(busy: Siege) -> None:
    before = kept(busy)
    for form in FORMS:
        for about in busy.day.rows(Matter):
            told = await answers(busy, "叶向阳", form, forged(busy, about), "words")
            leaked = [one for one in told if any(word in one for word in SECRET)]
            assert leaked == [], (form, about.register_no, leaked[:3])
        assert kept(busy) == before, form
    busy.nothing_broke()
