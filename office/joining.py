"""How a Telegram account becomes a member's: one-time codes, kept only as SHA-256."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from office import personnel
from office.desk import Desk, Refused
from rules.harmless import harmless_name
from storage import inbox, journal, people
from storage.models import Member, Secret

VALID_FOR = timedelta(days=7)
FIRST = "first_admin"
FIRST_TRIES = 20
"""wrong codes of any kind until the first code is dead; the next start prints another"""
_CODE_BYTES = 10
_LOOKALIKES = str.maketrans("018", "OIB")
"""base32 has no such digits: who copies a code by hand may read them"""


# --- the first administrator ------------------------------------------------------------------------


def first_code(desk: Desk) -> str | None:
    """A new one-time code for the first administrator; None once an administrator has joined."""
    if any(one.telegram_id for one in people.with_role("admin", session=desk.session)):
        return None
    code = new_code()
    secret = desk.session.get(Secret, FIRST) or Secret(name=FIRST, digest="")
    secret.digest, secret.tries, secret.used_at = digest(code), 0, None
    desk.session.add(secret)
    desk.session.flush()
    return code


def first_candidates(desk: Desk, code: str) -> list[Member] | None:
    """Who may be behind the first code: the roster's administrators; None for a wrong or used code.

    An empty list: nobody is known yet who could be, so that whoever sent it is taken on.
    """
    secret = desk.session.get(Secret, FIRST)
    if secret is None or secret.used_at is not None or secret.tries >= FIRST_TRIES:
        return None
    if not secrets.compare_digest(secret.digest, digest(code)):
        return None
    return people.with_role("admin", session=desk.session)


def claim_first(desk: Desk, code: str, telegram_id: int, name: str) -> Member | None:
    """Make the account the administrator's: the roster's only one, or a new member of this name.

    None for a wrong or used code, and where the roster has several (`first_choices`).
    """
    candidates = first_candidates(desk, code)
    if candidates is None or len(candidates) > 1:
        return None
    if candidates:
        member = candidates[0]
    else:
        member = personnel.keep(desk, {"name": _free_name(desk, name), "unit": "", "roles": ("admin",)})
    _link(desk, member, telegram_id, act="first_admin")
    return member


def first_choices(desk: Desk, code: str) -> list[tuple[Member, str]]:
    """For the right first code, where the roster has several administrators: each with a code of his own.

    Whoever sent it uses the one that is his; with that the first code and the others' are worth nothing.
    """
    candidates = first_candidates(desk, code) or []
    return [(one, _new_code_for(desk, one)) for one in candidates] if len(candidates) > 1 else []


def _free_name(desk: Desk, name: str) -> str:
    plain = harmless_name(name)[:30] or "管理员"
    taken = {one.name for one in people.everybody(session=desk.session)}
    return next(one for i in range(1, 1000) if (one := plain if i == 1 else f"{plain}{i}") not in taken)


# --- everybody else ---------------------------------------------------------------------------------


def invite(desk: Desk, member: Member, by: Member) -> str:
    """A new one-time code for a member; an earlier one no longer works. Valid for seven days."""
    personnel.check_right(desk, by)
    return code_for(desk, member, by)


def code_for(desk: Desk, member: Member, by: Member) -> str:
    """The same where the caller has checked that `by` may invite this member."""
    if not member.active:
        raise Refused("people_gone", name=member.name)
    _note(desk, "invited", member, by)
    return _new_code_for(desk, member)


def _new_code_for(desk: Desk, member: Member) -> str:
    code = new_code()
    member.join_code, member.join_expires = digest(code), desk.now + VALID_FOR
    desk.session.add(member)
    return code


def join(desk: Desk, code: str, telegram_id: int) -> Member | None:
    """Make the account the member's whom the code invites; None for a wrong, used or expired one.

    A member who was joined before changes his account. Somebody who is another member already is
    refused, but for the first administrator who was taken on before there was a roster: he becomes
    the person invited, and stays administrator.
    """
    rows = select(Member).where(col(Member.join_code) == digest(code), col(Member.active))
    member = desk.session.exec(rows).first()
    if member is None or member.join_expires is None or member.join_expires <= desk.now:
        return None
    already = people.by_telegram_id(telegram_id, session=desk.session)
    if already is not None and already.id != member.id:
        if already.unit:
            raise Refused("people_is_member", name=already.name)
        member.roles = [*dict.fromkeys([*member.roles, *already.roles])]
        personnel.replace(desk, already, member)
    taken = update(Member).where(col(Member.id) == member.id, col(Member.join_code) == digest(code))
    if not desk.session.connection().execute(taken.values(join_code=None)).rowcount:
        return None
    _link(desk, member, telegram_id, act="joined")
    return member


def _link(desk: Desk, member: Member, telegram_id: int, act: str) -> None:
    if "admin" in member.roles:
        _settle_first(desk)
    member.telegram_id, member.reach = telegram_id, "ok"
    member.join_code = member.join_expires = None
    desk.session.add(member)
    desk.session.flush()
    _note(desk, act, member, member)


def _settle_first(desk: Desk) -> None:
    """An administrator has joined: the first code is used, and the choices it gave to others with it."""
    used = update(Secret).where(col(Secret.name) == FIRST, col(Secret.used_at).is_(None))
    if desk.session.connection().execute(used.values(used_at=desk.now)).rowcount:
        for one in people.with_role("admin", session=desk.session):
            one.join_code = one.join_expires = None
            desk.session.add(one)


def count_wrong(desk: Desk) -> None:
    """Count a wrong code: for the day, and against the first code while that is open."""
    inbox.count_refusal("wrong_code", desk.calendar.local(desk.now).date(), session=desk.session)
    tried = update(Secret).where(col(Secret.name) == FIRST, col(Secret.used_at).is_(None))
    desk.session.execute(tried.values(tries=Secret.tries + 1))


# --- reach ------------------------------------------------------------------------------------------


def reached(desk: Desk, member: Member) -> bool:
    """A member has started the bot (again): whether he could not be told anything before."""
    was_cut_off = member.reach != "ok"
    if was_cut_off:
        member.reach = "ok"
        desk.session.add(member)
    return was_cut_off


def blocked(desk: Desk, telegram_id: int) -> None:
    """A member has blocked the bot."""
    cut_off = update(Member).where(col(Member.telegram_id) == telegram_id)
    desk.session.execute(cut_off.values(reach="blocked"))


# --- codes ------------------------------------------------------------------------------------------


def new_code() -> str:
    """80 random bits in groups that can be read out: ABCD-EFGH-IJKL-MNOP."""
    text = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def digest(code: str) -> str:
    """SHA-256 of a code, however it was written."""
    plain = "".join(char for char in code.upper() if char.isalnum()).translate(_LOOKALIKES)
    return hashlib.sha256(plain.encode()).hexdigest()


def _note(desk: Desk, act: str, member: Member, by: Member) -> None:
    journal.write(
        act, now=desk.now, session=desk.session, member_id=by.id, about_id=member.id, name=member.name
    )
