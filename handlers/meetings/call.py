"""开会 …: one line in any order, shown as it was understood, what is missing asked for one at a time."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from handlers import entering, reading
from handlers.context import Turn, rows_of
from handlers.meetings import common, growing
from office.desk import Refused
from office.meetings import call, caps
from office.meetings.call import FIELD_NAMES, MeetingForm
from rules.patterns import lazy
from rules.reading.meeting import MeetingReading, read_meeting
from rules.reading.outsiders import looks_outside, outsiders
from storage import drafts
from storage.models import Draft

FORM = "meeting"
_QUESTIONS = {
    "title": "会议研究什么？",
    "at": "什么时间开？例如：11月26日9点",
    "readings": "是哪个时间？",
    "past": "这个时间已经过去了，什么时间开？",
    "place": "在哪里开？",
    "ambiguous": "请核对，是下面的哪一个？",
    "who": "请哪些单位、哪些人参加？",
    "reason": "超过会议标准，要报批。请写明理由。",
}
_SHOWN = {"title", "at", "place", "host", "units", "people", "others", "vague", "agenda", "pages", "reason"}
_SHOWN |= {"report_minutes", "speech_minutes"}
_HOUR = lazy(r"(?:上午|中午|下午|晚上?|早上?)?[\d一二三四五六七八九十]{1,3}[点时:：]")


def start(turn: Turn, said: str) -> None:
    """开会, with or without the rest of the line."""
    if not turn.desk.policy.may(turn.member.roles, "register"):
        raise Refused("may_not_register")
    form = _over(turn, MeetingForm(), said) if said else MeetingForm()
    draft = turn.begin_draft(FORM, form.model_dump(mode="json"), source=turn.message_id)
    if not said:
        drafts.write(draft, now=turn.desk.now, asking="line")
        turn.answer("meeting.ask_first", draft_id=draft.id, kind="draft", buttons=[[["cancel", draft.id]]])
        return
    go_on(turn, draft)


def read(turn: Turn, said: str, *, change: bool = False) -> MeetingReading:
    """What a line says of a meeting, or what is to be different."""
    return read_meeting(said, reading.context(turn), turn.desk.policy.meetings, change=change)


def _over(turn: Turn, form: MeetingForm, said: str, *, change: bool = False) -> MeetingForm:
    """What a line says, over what was known before."""
    found = read(turn, said, change=change)
    changes: dict[str, Any] = {
        key: value
        for key, value in found.model_dump().items()
        if value not in (None, (), [], {}) and key in MeetingForm.model_fields
    }
    if found.choices:
        changes["ambiguous"] = [list(names) for names in found.choices]
    if found.at is not None and found.ends is None and form.ends is not None and form.at is not None:
        changes["ends"] = found.at + (form.ends - form.at)
    if found.holders:
        changes["holders"] = form.holders | found.holders
    return validated(form.model_dump() | {"readings": []} | changes)


def validated(fields: dict[str, Any]) -> MeetingForm:
    """A form whose fields keep to their bounds; Refused with the one that does not."""
    try:
        return MeetingForm.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        name = FIELD_NAMES.get(str(fault["loc"][0]), str(fault["loc"][0]))
        limit = fault.get("ctx", {}).get("max_length", 0)
        raise Refused("too_long", field=name, limit=limit, length=len(str(fault["input"]))) from None


def _missing(turn: Turn, form: MeetingForm) -> list[str]:
    first = [name for name in ("readings", "ambiguous") if getattr(form, name)]
    if form.at is not None and form.at <= turn.desk.now:
        first.append("past")
    return [*first, *call.missing(turn.desk, form)]


def go_on(turn: Turn, draft: Draft) -> None:
    """Ask for the next thing that is missing, or show the card for confirmation."""
    form = MeetingForm.model_validate(draft.data)
    missing = _missing(turn, form)
    entering.retire(turn, draft)
    shown = _shown(turn, form)
    if not missing:
        drafts.write(draft, now=turn.desk.now)
        turn.answer(
            "meeting.preview", kind="draft", draft_id=draft.id, buttons=_buttons(draft, shown), **shown
        )
        return
    asked = missing[0]
    drafts.write(draft, now=turn.desk.now, asking=asked)
    turn.answer(
        "meeting.ask",
        kind="draft",
        draft_id=draft.id,
        buttons=[*_choices(turn, form, asked, draft), [["cancel", draft.id]]],
        question=_question(form, asked),
        missing=[FIELD_NAMES[name] for name in missing if name in FIELD_NAMES],
        **shown,
    )


def _question(form: MeetingForm, asked: str) -> str:
    if asked == "ambiguous" and len(form.ambiguous[0]) == 1:
        return f"是{form.ambiguous[0][0]}吗？"
    return _QUESTIONS[asked]


def _buttons(draft: Draft, shown: dict[str, Any]) -> list[list[list[Any]]]:
    merging = [one for one in shown["beside"] if one["merge"]][:2]
    merge = [
        [["mt_merge", f"{draft.id}:{one['matter_id']}", f"🔗 并入 {one['register_no']}"]] for one in merging
    ]
    sends = [["mt_confirm", draft.id, "✅ 确认并报批" if shown["over"] else "✅ 确认并发通知"]]
    later = [] if shown["over"] else [["mt_later", draft.id, "确认，通知稍后发"]]
    return [[*sends, *later], *merge, [["mt_edit", draft.id, "✏️ 修改"], ["cancel", draft.id]]]


def _choices(turn: Turn, form: MeetingForm, asked: str, draft: Draft) -> list[list[Any]]:
    match asked:
        case "place":
            found = [one.name for one in turn.desk.policy.meetings.rooms]
        case "readings":
            found = [f"{turn.desk.calendar.local(at):%m-%d %H:%M}" for at in form.readings]
        case "ambiguous":
            found = [*form.ambiguous[0], "不是" if len(form.ambiguous[0]) == 1 else "都不是"]
        case _:
            found = []
    return rows_of([["mt_choose", f"{draft.id}:{place}", name] for place, name in enumerate(found)])


def _shown(turn: Turn, form: MeetingForm) -> dict[str, Any]:
    """What the card of a call shows; instants as ISO strings."""
    desk = turn.desk
    shown = form.model_dump(mode="json", include=_SHOWN)
    room = desk.policy.meetings.room(form.place or "")
    steps = {step.key: step.name for one in desk.policy.procedures.values() for step in one.steps}
    return shown | {
        "ends": call.ends_of(desk, form).isoformat() if form.at else None,
        "called": call.kind_of(desk, form).name,
        "seats": room.seats if room else None,
        "over": [caps.in_words(one._asdict()) for one in call.overs(desk, form)],
        "beside": [one.model_dump(mode="json") for one in call.beside_form(desk, form)],
        "holders": [(steps.get(key, key), name) for key, name in form.holders.items()],
    }


def choose(turn: Turn, target: str) -> None:
    """A button that answers what was asked."""
    draft_id, _, place = target.partition(":")
    draft = entering.own_draft(turn, draft_id, FORM)
    form = MeetingForm.model_validate(draft.data)
    missing = _missing(turn, form)
    match missing[0] if missing else "":
        case "place":
            room = reading.picked(turn.desk.policy.meetings.rooms, place)
            form.place = room.name if room else None
        case "readings":
            form.at, form.readings = reading.picked(form.readings, place), []
        case "ambiguous":
            _take_meant(turn, form, reading.picked(form.ambiguous[0], place))
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
    go_on(turn, draft)


def _take_meant(turn: Turn, form: MeetingForm, chosen: str | None) -> None:
    """One of those who may be meant; None: none of them is."""
    form.ambiguous = form.ambiguous[1:]
    if chosen is not None:
        known = form.units if chosen in turn.desk.roster.unit_by_name else form.people
        known += [chosen] if chosen not in known else []


def continue_call(turn: Turn, draft: Draft) -> None:
    """A message that answers what was asked, or says what is to be different."""
    said, asked = reading.plain(turn.text), draft.asking
    form = MeetingForm.model_validate(draft.data)
    if asked in ("title", "reason"):
        form = validated(form.model_dump() | {str(asked): said.strip("《》。")})
    elif asked in ("who", "ambiguous"):
        form = _with_people(turn, form, said)
    elif asked == "place" and (room := turn.desk.policy.meetings.room_in(said)) is not None:
        form.place = room.name
    elif asked == "place" and read(turn, said).place is None:
        form = validated(form.model_dump() | {"place": said})
    elif asked == "correction" and (changed := _people_changed(turn, form, said)) is not None:
        form = changed
    else:
        before = form.model_copy()
        if asked == "readings" and _HOUR.match(said):  # 9点半: of the day that is asked about
            said = f"{turn.desk.calendar.local(form.readings[0]):%Y年%m月%d日}{said}"
        form = _over(turn, form, said, change=asked != "line")
        if asked == "correction" and form == before:
            turn.answer("meeting.not_changed", draft_id=draft.id, kind="draft")
            return
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"))
    go_on(turn, draft)


def _with_people(turn: Turn, form: MeetingForm, said: str) -> MeetingForm:
    found = reading.whom(turn, said)
    context = reading.context(turn)
    beside = outsiders(said, context)
    others = [one for one in beside.others if looks_outside(one, context)]
    if not (found.people or found.units or found.choices or others):
        raise Refused("nobody_meant")
    form.others = list(dict.fromkeys([*form.others, *others]))
    form.vague = list(beside.vague)
    form.units = list(dict.fromkeys([*form.units, *found.units]))
    form.people = list(dict.fromkeys([*form.people, *found.people]))
    form.ambiguous = [*map(list, found.choices), *form.ambiguous[1:]]
    return form


def _people_changed(turn: Turn, form: MeetingForm, said: str) -> MeetingForm | None:
    """加财政局, 去掉教育局."""
    names, units, _ = reading.who(turn, said)
    others = [one for one in form.others if one in said]
    if said.startswith(("加", "增加", "再加")):
        return _with_people(turn, form, re.sub("^[再增]?加", "", said))
    if said.startswith(("去掉", "减", "不要", "删")) and (names or units or others):
        form.units = [one for one in form.units if one not in units]
        form.others = [one for one in form.others if one not in others]
        form.people = [one for one in form.people if one not in names]
        return form
    return None


def edit(turn: Turn, target: str) -> None:
    """修改 was pressed: the next message says what is to be different."""
    draft = entering.own_draft(turn, target, FORM)
    drafts.write(draft, now=turn.desk.now, asking="correction")
    turn.answer("meeting.ask_change", draft_id=draft.id, kind="draft", buttons=[[["cancel", draft.id]]])


def confirm(turn: Turn, target: str) -> None:
    """确认并发通知"""
    _call(turn, target, send=True)


def later(turn: Turn, target: str) -> None:
    """确认，通知稍后发: the clock of the notice runs."""
    _call(turn, target, send=False)


def _call(turn: Turn, target: str, *, send: bool) -> None:
    draft = entering.own_draft(turn, target, FORM)
    form = MeetingForm.model_validate(draft.data)
    card = turn.card if turn.group else None
    matter = call.call(
        turn.desk,
        form,
        turn.member,
        send=send,
        group_chat_id=turn.chat_id if turn.group else None,
        card=card,
    )
    drafts.write(draft, now=turn.desk.now, data=draft.data | {"matter_id": matter.id}, state="done")
    turn.say(f"已登记 {matter.register_no}")
    if card is None:
        noticed, over = bool(matter.details.get("noticed")), bool(matter.details["over"])
        turn.rewrite(
            "meeting.called",
            buttons=[[["details", matter.id]]],
            register_no=matter.register_no,
            title=matter.title,
            noticed=noticed,
            over=over,
        )
        if turn.card is not None:
            turn.card.kind, turn.card.matter_id = "note", matter.id


def merge(turn: Turn, target: str) -> None:
    """🔗 并入: the topic joins a meeting that was called; none of its own is called."""
    draft_id, _, matter_id = target.partition(":")
    draft = entering.own_draft(turn, draft_id, FORM)
    form = MeetingForm.model_validate(draft.data)
    matter = common.seen(turn, matter_id)
    host = [form.host] if form.host and form.host != matter.details.get("host") else []
    wanted = form.model_dump(include={"units", "others", *caps.SIZES}) | {"topic": form.title or ""}
    wanted["people"] = [*form.people, *host]
    growing.change(turn, matter, wanted, form.reason)
    drafts.write(draft, now=turn.desk.now, data=draft.data | {"matter_id": matter.id}, state="done")


VERBS = {
    "mt_merge": merge,
    "mt_choose": choose,
    "mt_edit": edit,
    "mt_confirm": confirm,
    "mt_later": later,
}
CONTINUE = {FORM: continue_call}
SPOKEN = (("开会", start),)
