"""Coming in: /start with and without a code, /whoami, and who has blocked the bot or started it again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from telegram import ChatMember, Update
from telegram.ext import ContextTypes, filters

from handlers import groups, router, strangers
from handlers.context import Outcome, Turn, Worker, on, refuse_turn, take_turn
from handlers.help import MENU
from office import absence, cards, joining, liaisons, post, roster_sheets
from office.desk import Desk, Refused
from office.meetings import notice
from rules.patterns import lazy
from storage import inbox, people
from storage.models import Member
from storage.outbox import ANSWER

CODE = lazy(r"\s*(?:[A-Za-z0-9][ -]?){16}\s*")
"""a one-time code as people write it, without /start"""
BARE_CODE = filters.ChatType.PRIVATE & filters.Regex(rf"^{CODE.pattern}$")
_START = lazy(r"^/start(?:@\w+)?\s*")
TRIES = 5
TRIES_WITHIN = 3600.0
"""seconds in which an account may send so many wrong codes"""


@dataclass
class Tries:
    """Wrong codes of each account, in memory: an account that goes on is not looked at for a while."""

    _wrong: dict[int, tuple[int, float]] = field(default_factory=dict)

    def exhausted(self, telegram_id: int, seconds: float) -> bool:
        count, since = self._wrong.get(telegram_id, (0, seconds))
        return count >= TRIES and seconds - since < TRIES_WITHIN

    def count(self, telegram_id: int, seconds: float) -> None:
        self._wrong = {who: one for who, one in self._wrong.items() if seconds - one[1] < TRIES_WITHIN}
        count, _ = self._wrong.get(telegram_id, (0, seconds))
        self._wrong[telegram_id] = (count + 1, seconds)


@dataclass(frozen=True)
class Told:
    """What somebody who is not a member is told."""

    wording: str
    facts: dict[str, Any]


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/start, from members and from those who want to join."""
    await _come_in(update, context)


async def code(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A message that looks like a code: of a member it is taken like any other."""
    if not await _come_in(update, context):
        await on(router.text)(update, context)


async def _come_in(update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
    """Whether the update has had its effect."""
    worker: Worker = context.bot_data["worker"]
    tries: Tries = context.bot_data.setdefault("tries", Tries())
    account, seconds = update.effective_user, time.monotonic()
    if account is None:
        return False
    shut = tries.exhausted(account.id, seconds)
    came: Told | Outcome | None
    try:
        came = await worker.do(lambda desk: _enter(desk, update, context.bot.username, shut=shut))
    except Refused as refused:  # a member's
        came = await worker.do(partial(refuse_turn, update=update, refused=refused)) or Outcome(None, False)
    if isinstance(came, Told):
        if came.wording == "people.wrong_code":
            tries.count(account.id, seconds)
        if not shut:
            await strangers.say(update, context, came.wording, came.facts)
    return came is not None


def _enter(desk: Desk, update: Update, bot: str, *, shut: bool) -> Told | Outcome | None:
    """One transaction: a member is greeted, anybody else joins or is told that the code is wrong.

    None for a member's message that is no /start.
    """
    account, message = update.effective_user, update.effective_message
    assert account is not None and message is not None
    command = _START.match(message.text or "")
    if people.by_telegram_id(account.id, session=desk.session) is not None:
        return (take_turn(desk, update, _greet) or Outcome(None, False)) if command else None
    if inbox.is_done(update.update_id, session=desk.session):
        return Outcome(None, False)
    inbox.mark_done(update.update_id, now=desk.now, session=desk.session)
    code = (message.text or "")[command.end() if command else 0 :].strip()
    if message.chat.id < 0 or not code:
        return Told("people.stranger", {"private": message.chat.id > 0})
    return Told("people.wrong_code", {}) if shut else _join(desk, code, account.id, account.full_name, bot)


def _join(desk: Desk, code: str, telegram_id: int, name: str, bot: str) -> Told | Outcome:
    member = joining.join(desk, code, telegram_id) or joining.claim_first(desk, code, telegram_id, name)
    if member is not None:
        _welcome(desk, member)
        return Outcome(None, False)
    choices = [
        {"name": one.name, "unit": one.unit, "code": own} for one, own in joining.first_choices(desk, code)
    ]
    if choices:
        return Told("people.which_admin", {"choices": choices, "bot": bot})
    joining.count_wrong(desk)
    return Told("people.wrong_code", {})


def _welcome(desk: Desk, member: Member) -> None:
    admin = desk.policy.may(member.roles, "manage_members")
    facts: dict[str, Any] = {"name": member.name, "unit": member.unit, "post": member.post, "admin": admin}
    facts["staffed"] = len(desk.roster.people) > 1
    post.to_member(desk, member, "people.joined", kind="note", buttons=list(MENU), priority_=ANSWER, **facts)
    _hand_out(desk, member)


def _hand_out(desk: Desk, member: Member) -> None:
    """What stands open for somebody who could not be told so far."""
    assert member.id is not None
    cards.resend(desk, member.id)
    notice.resend(desk, member)
    liaisons.resend(desk, member)


def _greet(turn: Turn) -> None:
    """/start of a member; with a code, of one who changes into the person it invites."""
    code = _START.sub("", turn.text).strip()
    if not turn.private:
        turn.answer("people.greeting", name=turn.member.name, private=False)
        return
    joined = joining.join(turn.desk, code, turn.chat_id) if code else None
    if joined is not None and joined.id != turn.member_id:
        _welcome(turn.desk, joined)
        return
    cut_off = joining.reached(turn.desk, turn.member)
    turn.answer("people.greeting", buttons=MENU, name=turn.member.name, private=True)
    if cut_off:
        _hand_out(turn.desk, turn.member)


def whoami(turn: Turn) -> None:
    """/whoami: what the office knows of me."""
    turn.answer("people.whoami", **own_facts(turn))


def own_facts(turn: Turn) -> dict[str, Any]:
    """A member's own card."""
    member, desk = turn.member, turn.desk
    until = member.active_until
    leaves = [
        {"first": one.first_day.isoformat(), "last": one.last_day.isoformat()}
        for one in absence.coming(desk, member)
    ]
    return {
        "name": member.name,
        "unit": member.unit,
        "post": member.post,
        "stand_in": member.stand_in,
        "in_charge_of": member.in_charge_of,
        "roles": [roster_sheets.ROLE_NAMES.get(role, role) for role in member.roles],
        "active_until": until.isoformat() if until else None,
        "leaves": leaves,
    }


async def reached(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """my_chat_member: a member has blocked the bot or started it again; it came into or out of a group."""
    change = update.my_chat_member
    assert change is not None
    if change.chat.id < 0:
        await groups.came_or_went(update, context)
        return
    worker: Worker = context.bot_data["worker"]
    blocked = change.new_chat_member.status == ChatMember.BANNED
    await worker.do(lambda desk: _note_reach(desk, update, blocked=blocked))


def _note_reach(desk: Desk, update: Update, *, blocked: bool) -> None:
    if inbox.is_done(update.update_id, session=desk.session):
        return
    inbox.mark_done(update.update_id, now=desk.now, session=desk.session)
    member = people.by_telegram_id(update.effective_chat.id, session=desk.session)  # type: ignore[union-attr]
    if member is None:
        return
    if blocked:
        member.reach = "blocked"
        desk.session.add(member)
    elif joining.reached(desk, member):
        _hand_out(desk, member)
