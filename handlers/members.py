"""Members, for administrators: the list, a member's card, invitations, lines and spreadsheets."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from handlers import reading, strangers
from handlers.context import Turn, on, rows_of
from office import joining, liaisons, members, personnel, roster_sheets
from office.desk import Desk, Refused
from office.sheets import SIZE_LIMIT, Sheet
from rules.roster import ROLES
from storage import drafts, matters, people
from storage.models import Draft, Member

UNITS_SHOWN = 10
PEOPLE_SHOWN = 12
NAMES_SHOWN = 12
FORM = "import_members"
IMPORT = "导入人员"
DOWNLOAD_UP_TO = SIZE_LIMIT


# --- the list ---------------------------------------------------------------------------------------


def members_(turn: Turn) -> None:
    """/members · /members 综合科 · /members 王海涛"""
    _check(turn)
    words = "".join(turn.text.split()[1:])
    index = roster_sheets.UnitIndex((unit.name, unit.short_names) for unit in turn.desk.roster.units)
    if not words:
        _list(turn, "0")
    elif unit := index.find(words):
        _show_unit(turn, unit, 0)
    else:
        _show_card(turn, personnel.by_name(turn.desk, words))


def _list(turn: Turn, target: str) -> None:
    """The units that have members, a page at a time."""
    _check(turn)
    first = reading.number(target)
    units = list(_by_unit(turn.desk).items())
    page = units[first : first + UNITS_SHOWN]
    lines = [{"unit": unit, "count": len(of), "joined": sum(_joined(one) for one in of)} for unit, of in page]
    buttons = [["unit", f"{first + i}.0", unit or "未定单位"] for i, (unit, _) in enumerate(page)]
    everybody = [one for _, of in units for one in of]
    facts = {"lines": lines, "count": len(everybody), "joined": sum(map(_joined, everybody))}
    _show(turn, "people.units", [*rows_of(buttons), _pages("members", first, UNITS_SHOWN, len(units))], facts)


def _unit(turn: Turn, target: str) -> None:
    """A button of a unit: its place in the list, and the first member to show."""
    _check(turn)
    place, _, first = target.partition(".")
    unit = reading.picked(list(_by_unit(turn.desk)), place)
    if unit is None:
        raise Refused("button_unknown")
    _show_unit(turn, unit, reading.number(first))


def _show_unit(turn: Turn, unit: str, first: int) -> None:
    found = _by_unit(turn.desk)
    of, place = found.get(unit, []), [*found, unit].index(unit)
    page = of[first : first + PEOPLE_SHOWN]
    lines = [{"name": one.name, "post": one.post, "sign": _sign(turn.desk, one)} for one in page]
    buttons = [["member", one.id, one.name] for one in page]
    turning = _pages("unit", first, PEOPLE_SHOWN, len(of), prefix=f"{place}.")
    rows = [*rows_of(buttons, 3), turning, [["members", "0", "‹ 全部单位"]]]
    _show(turn, "people.unit", rows, {"unit": unit, "lines": lines, "count": len(of)})


def _by_unit(desk: Desk) -> dict[str, list[Member]]:
    """The active members by unit, units in their order, without those that have nobody."""
    found: dict[str, list[Member]] = defaultdict(list)
    for one in people.everybody(session=desk.session):
        if one.active:
            found[one.unit].append(one)
    order = [unit.name for unit in desk.roster.units if unit.name in found]
    return {unit: found[unit] for unit in [*order, *(name for name in found if name not in order)]}


def _joined(member: Member) -> bool:
    return member.telegram_id is not None


def _sign(desk: Desk, member: Member) -> str:
    if member.reach == "blocked":
        return "blocked"
    if _joined(member):
        return "joined"
    invited = member.join_expires is not None and member.join_expires > desk.now
    return "invited" if invited else "waiting"


def _pages(verb: str, first: int, size: int, total: int, prefix: str = "") -> list[list[Any]]:
    back = [[verb, f"{prefix}{max(0, first - size)}", "‹ 上一页"]] if first else []
    return [*back, *([[verb, f"{prefix}{first + size}", "下一页 ›"]] if first + size < total else [])]


# --- one member -------------------------------------------------------------------------------------


def _card(turn: Turn, target: str) -> None:
    _show_card(turn, _member(turn, target))


def _show_card(turn: Turn, member: Member) -> None:
    invite = "📨 重新邀请" if _joined(member) else "📨 发邀请"
    rows = [
        [["invite", member.id, invite], ["roles", member.id, "🛂 角色"]],
        [["dismiss", member.id, "⛔️ 停用"], ["members", "0", "‹ 全部单位"]],
    ]
    _show(turn, "people.card", rows, _facts(turn.desk, member))


def _facts(desk: Desk, member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "unit": member.unit,
        "post": member.post,
        "phone": member.phone,
        "stand_in": member.stand_in,
        "in_charge_of": member.in_charge_of,
        "roles": [roster_sheets.ROLE_NAMES.get(role, role) for role in member.roles],
        "active_until": member.active_until.isoformat() if member.active_until else None,
        "sign": _sign(desk, member),
        "held": len(matters.held_by(member.id or 0, session=desk.session)),
    }


def _roles(turn: Turn, target: str) -> None:
    """Each role as a button that gives or takes it."""
    member = _member(turn, target)
    buttons = [
        ["role", f"{member.id}.{role}", f"{'✅' if role in member.roles else '▫️'} {name}"]
        for role in ROLES
        for name in [roster_sheets.ROLE_NAMES[role]]
    ]
    rows = [*rows_of(buttons), [["member", member.id, "‹ 返回"]]]
    _show(turn, "people.roles", rows, {"name": member.name})


def _toggle(turn: Turn, target: str) -> None:
    place, _, role = target.partition(".")
    personnel.toggle_role(turn.desk, _member(turn, place), role, turn.member)
    _roles(turn, place)


def _dismiss(turn: Turn, target: str) -> None:
    """Asks first, and says who would take over."""
    member = _member(turn, target)
    to = personnel.successor(turn.desk, member)
    rows = [[["dismiss_yes", member.id, "⛔️ 确认停用"], ["member", member.id, "‹ 返回"]]]
    _show(turn, "people.dismiss", rows, {**_facts(turn.desk, member), "to": to.name if to else None})


def _dismiss_yes(turn: Turn, target: str) -> None:
    left = personnel.deactivate(turn.desk, _member(turn, target), turn.member)
    to = left.to.name if left.to else None
    facts = {"name": left.member.name, "to": to, "moved": left.moved, "orphans": list(left.stood_in_for)}
    _show(turn, "people.dismissed", [[["members", "0", "‹ 全部单位"]]], facts)


async def invite(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The button 发邀请. The code is told at once and kept nowhere: the outbox would keep it in clear."""
    made: list[dict[str, Any]] = []
    await on(partial(_invite, made=made))(update, context)
    if made:
        bot = context.bot.username
        await strangers.say(update, context, "people.invitation", {**made[-1], "bot": bot})


def _invite(turn: Turn, made: list[dict[str, Any]]) -> None:
    member = _member(turn, turn.text.partition(":")[2])
    code = joining.invite(turn.desk, member, turn.member)
    until = turn.desk.now + joining.VALID_FOR
    made.append({"name": member.name, "code": code, "until": until.isoformat()})


def _member(turn: Turn, target: str) -> Member:
    """Whom a button is about; rights are checked with every press."""
    _check(turn)
    found = people.with_ids([reading.number(target)], session=turn.desk.session)
    member = next(iter(found.values()), None)
    if member is None or not member.active:
        raise Refused("people_gone", name=member.name if member else "")
    return member


# --- lines and spreadsheets -------------------------------------------------------------------------


def add(turn: Turn) -> None:
    """加人 张三 综合科 科员 …"""
    _check(turn)
    _show_card(turn, personnel.add(turn.desk, turn.text.strip().removeprefix("加人"), turn.member))


def change(turn: Turn) -> None:
    """改人 张三 B岗 李四 …"""
    _check(turn)
    _show_card(turn, personnel.change(turn.desk, turn.text.strip().removeprefix("改人"), turn.member))


def import_(turn: Turn) -> None:
    """/import_members: the next spreadsheet is one of people or units."""
    _check(turn)
    turn.begin_draft(FORM, {}, asking="file")
    turn.answer("people.import_ask")


def wanted(turn: Turn) -> bool:
    """Whether a spreadsheet is one of people: its caption says so, or it was asked for."""
    draft = drafts.asking(
        chat_id=turn.chat_id, member_id=turn.member_id, now=turn.desk.now, session=turn.desk.session
    )
    return turn.text.startswith(IMPORT) or (draft is not None and draft.form == FORM)


def spreadsheet(turn: Turn) -> None:
    """A spreadsheet of people in private: read, compared, shown for confirmation."""
    _check(turn)
    file = turn.file
    if file is None or file.content is None:
        raise Refused("people_file_too_big", limit=SIZE_LIMIT // 1024 // 1024)
    sheets = members.open_files([(file.name, file.content)])
    foreseen = members.preview(turn.desk, sheets, turn.member)
    shown = turn.begin_draft(FORM, {"sheets": [sheet.model_dump(mode="json") for sheet in sheets]})
    buttons = [[["import_yes", shown.id, "✅ 确认导入"], ["import_no", shown.id, "✖️ 取消"]]]
    turn.answer("people.import_preview", draft_id=shown.id, buttons=buttons, **_counts(foreseen))


def _import_yes(turn: Turn, target: str) -> None:
    draft = _import_draft(turn, target)
    sheets = [Sheet.model_validate(one) for one in draft.data["sheets"]]
    done = members.take_over(turn.desk, sheets, turn.member)
    drafts.write(draft, now=turn.desk.now, data={}, state="done")
    said = _counts(done) | {"unmarked": liaisons.unmarked(turn.desk)}
    _show(turn, "people.imported", [[["members", "0", "👥 成员"]]], said)


def _import_no(turn: Turn, target: str) -> None:
    drafts.write(_import_draft(turn, target), now=turn.desk.now, data={}, state="cancelled")
    turn.rewrite("people.import_cancelled")


def _import_draft(turn: Turn, target: str) -> Draft:
    _check(turn)
    return reading.open_draft(turn, target, FORM, having="sheets")


def _counts(done: members.Imported) -> dict[str, Any]:
    units = (len(done.units_added), len(done.units_changed), done.units_unchanged)
    staff = (len(done.added), len(done.changed), done.unchanged)
    words = ("added", "changed", "unchanged")
    return {
        "units": dict(zip(words, units, strict=True)) if any(units) else None,
        "people": dict(zip(words, staff, strict=True)) if any(staff) else None,
        "added": list(done.added[:NAMES_SHOWN]),
        "changed": list(done.changed[:NAMES_SHOWN]),
        "skipped": list(done.skipped),
        "unknown": list(done.unknown),
    }


def _check(turn: Turn) -> None:
    """Members are managed in private by who may: the list has telephone numbers."""
    personnel.check_right(turn.desk, turn.member)
    if not turn.private:
        raise Refused("people_private")


def _show(turn: Turn, wording: str, rows: list[Any], facts: dict[str, Any]) -> None:
    (turn.rewrite if turn.pressed else turn.answer)(wording, buttons=rows, **facts)


VERBS = {
    "members": _list,
    "unit": _unit,
    "member": _card,
    "roles": _roles,
    "role": _toggle,
    "dismiss": _dismiss,
    "dismiss_yes": _dismiss_yes,
    "import_yes": _import_yes,
    "import_no": _import_no,
}
