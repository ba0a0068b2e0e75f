"""An emergency from its first message on: opened and called out before any question (rules.md E1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from office import bearings, cards, duty, emergency_shift, move, post
from office.desk import Desk, Refused
from rules import emergency as rules
from rules.duty_entry import EntryFields, read_entry
from rules.emergency_facts import told
from rules.patterns import lazy
from storage import journal, matters, people, search
from storage.emergencies import PROCEDURE
from storage.models import Group, Matter, Member, Step

TEXT_LIMIT = 2000
TITLE_LIMIT = 40
_REPORTS = lazy(r"来电|来报|报告|报称|报[:：，,]|反映|致电|电话(?:称|报)")
_LEADING = {"leader", "chief_leader"}
_WORKING = {"director", "deputy_director", *_LEADING}


class First(BaseModel):
    """What the first message said, as far as it was understood."""

    text: str = Field(max_length=TEXT_LIMIT)
    """as it came"""
    occurred: datetime | None = None
    place: str | None = None
    category: str | None = None
    point: tuple[float, float] | None = None
    received: datetime | None = None
    """when the call came, where it was noted before; else now"""


def begin(desk: Desk, first: First, by: Member, group_chat_id: int | None = None) -> Matter:
    """Open an emergency at once: number, time of receipt, text as it came, duty leader and staff called."""
    assert by.id is not None
    procedure, caller = desk.policy.procedures[PROCEDURE], _caller(desk, first.text)
    year = desk.calendar.local(desk.now).year
    number = matters.next_number(procedure.series, year, session=desk.session)
    matter = Matter(
        procedure=PROCEDURE,
        series=procedure.series,
        year=year,
        number=number,
        register_no=f"{procedure.series}〔{year}〕{number}号",
        title=rules.opening_of(caller.content if caller else first.text, TITLE_LIMIT),
        section=duty.room(desk),
        remark=first.text,
        received_at=first.received or desk.now,
        registered_at=desk.now,
        registrar_id=by.id,
        group_chat_id=group_chat_id,
        details={"known": _understood(desk, first, by), "point": first.point, **_on_duty(desk, by)},
    )
    desk.session.add(matter)
    desk.session.flush()
    search.index(matter, session=desk.session)
    note(desk, matter, "registered", by, words=first.text, group=group_chat_id is not None)
    for key in ("oral", "written"):
        begin_step(desk, matter, key)
    _call_others(desk, matter)
    answered(desk, matter, by)
    emergency_shift.set_clock(desk, matter)
    return matter


def _understood(desk: Desk, first: First, by: Member) -> dict[str, Any]:
    """The elements that the first words say, and who reports; they are not asked for again."""
    facts = told(desk.policy.emergency.clues, first.text, first.place)
    own = {"what": first.category, "place": first.place, "source": _source(desk, first.text, by)}
    known: dict[str, Any] = {key: {"text": text} for key, text in {**facts, **own}.items() if text}
    if first.occurred is not None:
        known["occurred"] = {"text": moment(desk, first.occurred), "at": first.occurred.isoformat()}
    return known


def _source(desk: Desk, text: str, by: Member) -> str | None:
    """Who reports: the caller that the words name, else who wrote them, unless he only took the call."""
    caller = _caller(desk, text)
    if caller is not None:
        return "".join(part for part in (caller.unit, caller.person) if part) + _phone(caller.phone)
    on = {one.id for one in duty.on_duty(desk, desk.now).members()}
    if by.id in on or by.unit == duty.room(desk) or "duty" in by.roles:
        return None
    return f"{by.unit}{by.name}{_phone(by.phone)}"


def _caller(desk: Desk, text: str) -> EntryFields | None:
    """What was told by telephone, and by whom, where the words say so."""
    read = read_entry(text, desk.roster) if _REPORTS.search(text) else None
    return read if read is not None and (read.unit or read.person) else None


def _phone(number: str | None) -> str:
    return f"（{number}）" if number else ""


def moment(desk: Desk, at: datetime) -> str:
    """11月25日2时40分"""
    local = desk.calendar.local(at)
    return f"{local.month}月{local.day}日{local.hour}时{local.minute:02d}分"


def minute(at: datetime) -> datetime:
    """The beginning of an instant's minute: what people say is no finer."""
    return at.replace(second=0, microsecond=0)


def _on_duty(desk: Desk, by: Member) -> dict[str, Any]:
    """Who is called: those on duty; nobody on the roster: the director and the administrator, and why.

    A reporter who is on duty himself keeps the written report.
    """
    found = duty.on_duty(desk, desk.now)
    staff = [one for one in (found.first, found.second) if one is not None]
    why = None
    if found.leader is None or not staff:
        lacking = [duty.POST_NAMES[post] for post in ("leader", "first") if post not in found.posts()]
        why = f"值班表上没有{'、'.join(lacking)}，改由办公室主任和管理员接报"
    leader = found.leader or _first_of(desk, "director", "chief_leader", "leader") or by
    own = [one for one in staff if one.id == by.id]
    officer = next(iter([*own, *staff]), None) or _first_of(desk, "admin", "director") or by
    return {
        "duty_leader": leader.name,
        "duty_officer": officer.name,
        "duty_others": [one.name for one in staff if one.name != officer.name],
        "duty_why": why,
    }


def _first_of(desk: Desk, *roles: str) -> Member | None:
    found = (one for role in roles for one in people.with_role(role, session=desk.session))
    return next(found, None)


def begin_step(desk: Desk, matter: Matter, key: str, *, limit: str | None = None) -> Step:
    """Begin one of an emergency's steps; its holder gets his card."""
    last = matters.last_step(matter.id or 0, key, session=desk.session)
    rule = desk.policy.procedures[PROCEDURE].step(key)
    return move.begin(desk, matter, rule, cycle=last.cycle + 1 if last else 0, limit=limit)[0]


def running(desk: Desk, matter: Matter, key: str) -> Step | None:
    """The step of this kind that runs now."""
    steps = matters.open_steps(matter.id or 0, session=desk.session)
    return next((step for step in steps if step.key == key), None)


def _call_others(desk: Desk, matter: Matter) -> None:
    """Whoever else is on duty, and the groups: where it was reported, and the duty room's."""
    for member in people.named(matter.details["duty_others"], session=desk.session):
        tell(desk, matter, member)
    for group in _groups(desk, matter):
        post.to_group(desk, group.chat_id, "group", kind="group", matter=matter)
    for name in (matter.details["duty_leader"], matter.details["duty_officer"]):
        called = people.by_name(name, session=desk.session)
        note(desk, matter, "called", None, to=name, reached=bool(called and called.reach == "ok"))


def _groups(desk: Desk, matter: Matter) -> list[Group]:
    """Where it was reported, if that group may see it, and the duty room's."""
    room, chat_id = duty.room(desk), matter.group_chat_id
    there = people.group_of_chat(chat_id, session=desk.session) if chat_id else None
    if there is not None and not bearings.may_see(desk, matter, group=there):
        there = None
    own = people.group_of_unit(room, session=desk.session) if room else None
    return list({one.chat_id: one for one in (there, own) if one is not None}.values())


def tell(desk: Desk, matter: Matter, member: Member) -> bool:
    """Give a member the live card of an emergency, once; whether he can be told."""
    card = post.to_member(
        desk, member, "view", kind="view", matter=matter, cause=f"em:{matter.id}:told:{member.id}"
    )
    if card is not None:
        note(desk, matter, "called", None, to=member.name, reached=True)
    return card is not None


def note(
    desk: Desk, matter: Matter, act: str, by: Member | None, happened_at: datetime | None = None, **facts: Any
) -> None:
    """An entry in the journal of an emergency."""
    journal.write(
        act,
        now=desk.now,
        session=desk.session,
        member_id=by.id if by else None,
        matter_id=matter.id,
        happened_at=happened_at,
        **facts,
    )


# --- who may ----------------------------------------------------------------------------------------


def may_work(desk: Desk, matter: Matter, member: Member) -> bool:
    """Whether somebody may do what duty does here: duty, the duty room, who reported it, those in charge."""
    named = {matter.details.get("duty_leader"), matter.details.get("duty_officer")}
    named |= set(matter.details.get("duty_others", ()))
    return (
        member.name in named
        or member.id == matter.registrar_id
        or member.unit == duty.room(desk)
        or bool(_WORKING & set(member.roles))
    )


def check(desk: Desk, matter: Matter, member: Member) -> None:
    """Refuses whoever may not, and what is over."""
    if matter.state != "open":
        raise Refused("em_over", register_no=matter.register_no, result=matter.result)
    if not may_work(desk, matter, member):
        raise Refused("em_not_yours", register_no=matter.register_no)


def is_leader(member: Member) -> bool:
    """Whether he is one of the leaders to whom an emergency is reported (E1)."""
    return bool(_LEADING & set(member.roles))


# --- the oral report --------------------------------------------------------------------------------


def known(desk: Desk, step_id: int, by: Member) -> bool:
    """已知悉: stops the clock when a leader or the holder says so; of others it is kept. Whether it stopped.

    Pressed again, or after somebody else, it changes nothing but is kept once.
    """
    step, matter = _oral(desk, step_id)
    entries = journal.of_step(step_id, ("known",), session=desk.session)
    if all(entry.member_id != by.id for entry in entries):
        journal.write(
            "known",
            now=desk.now,
            session=desk.session,
            member_id=by.id,
            matter_id=matter.id,
            step_id=step_id,
            to=by.name,
        )
    if step.state == "open" and (by.id == step.holder_id or is_leader(by)):
        move.end(desk, matter, step, by, "已知悉")
    cards.refresh(desk, matter)
    return step.state != "open"


def answered(desk: Desk, matter: Matter, by: Member) -> None:
    """A leader who reports, instructs or signs knows of it: his oral report is made."""
    step = running(desk, matter, "oral")
    if step is not None and step.id is not None and is_leader(by):
        known(desk, step.id, by)


def phoned(desk: Desk, matter: Matter, by: Member, to: Member, at: datetime) -> bool:
    """电话已报告: the duty officer told a leader by telephone; the claimed and the recorded time are kept.

    Whether it stopped the clock of the oral report. Refused: em_future, em_too_early, em_not_yours, em_over.
    """
    check(desk, matter, by)
    check_claim(desk, at, matter.received_at, "接报")
    step = running(desk, matter, "oral")
    note(desk, matter, "phoned", by, at, to=to.name)
    if step is not None and (to.id == step.holder_id or is_leader(to)):
        claimed = f"{desk.calendar.local(at):%H:%M}"
        move.end(desk, matter, step, by, f"{claimed} 电话已报告 {to.name}", happened_at=at)
        cards.refresh(desk, matter)
        return True
    cards.refresh(desk, matter)
    return False


def check_claim(desk: Desk, at: datetime, since: datetime, what: str) -> None:
    """Refuses a claimed time that has not come yet, or lies before what it answers (to the minute)."""
    if at > desk.now:
        raise Refused("em_future", at=at.isoformat())
    if at < minute(since):
        raise Refused("em_too_early", at=at.isoformat(), since=since.isoformat(), what=what)


def _oral(desk: Desk, step_id: int) -> tuple[Step, Matter]:
    step = matters.step(step_id, session=desk.session)
    if step is None or step.key != "oral":
        raise Refused("button_unknown")
    matter = matters.matter(step.matter_id, session=desk.session)
    if matter.state != "open":
        raise Refused("em_over", register_no=matter.register_no, result=matter.result)
    return step, matter
