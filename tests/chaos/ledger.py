"""What happened, seen from outside the program: updates, messages, kills, faults; and what people did.

A message is known by its row of the outbox: the program claims the row in a transaction of its own before
it calls Telegram, one to a chat at a time, so that the row that is being sent to a chat when a message
appears there is that message's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from chaos.machine import Machine

from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.world import Change

SENDS = ("sendMessage", "sendDocument")
TAKEN = ("cut_after",)
"""faults of a call whose message is there although the program cannot know it"""


@dataclass(frozen=True)
class Deed:
    """Something a person did, and the query that counts its effects: one row, one number, which must be 1."""

    what: str
    who: str
    effects: str
    update: int
    """the latest update when it was done"""
    about: str
    """a query whose answer helps to understand why its effects are not one"""


@dataclass
class Ledger:
    """Written while the scenario runs; the truths are checked against it."""

    sandbox: Sandbox
    machine: Machine
    deeds: list[Deed] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    """steps over whose button the person read that it is signed"""
    copies: Counter[int] = field(default_factory=Counter)
    """how often a message appeared, by its row of the outbox"""
    allowed: Counter[int] = field(default_factory=Counter)
    """how often more than once it may appear"""
    unclaimed: list[tuple[int, str]] = field(default_factory=list)
    """messages that appeared while no row was being sent to their chat: chat and text"""
    unknown: list[int] = field(default_factory=list)
    """chats of messages that appeared while the database was away"""
    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    blocked: set[str] = field(default_factory=set)
    """who could not be told anything for a while"""
    journal: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """entries as they were seen before"""
    broken: list[str] = field(default_factory=list)
    last_message: int = 0
    """the latest row of the outbox when everything had come to rest"""

    def __post_init__(self) -> None:
        self.first_update = self.sandbox.cloud.updates.next_id
        self.sandbox.cloud.world.listeners.append(self._heard)
        self.sandbox.faults.listeners.append(self._hit)

    def close(self) -> None:
        self.sandbox.cloud.world.listeners.remove(self._heard)
        self.sandbox.faults.listeners.remove(self._hit)

    def did(self, what: str, who: str, effects: str, about: str = "SELECT ''") -> None:
        self.deeds.append(Deed(what, who, effects, self.sandbox.cloud.updates.next_id - 1, about))

    def killed(self) -> None:
        """Call after each kill, before the next start."""
        self.counts["kills"] += 1
        for row, _ in self._under_way():
            self.allowed[row] += 1
            self.counts["kills while a message was under way"] += 1
        self.look_into_the_journal()

    def look_into_the_journal(self) -> None:
        """What was committed stays as it was."""
        query = "SELECT id, act, member_id, matter_id, step_id, happened_at, recorded_at FROM journal"
        found = self.machine.ask_or_none(query)
        if found is None:
            return
        now = {entry[0]: entry for entry in found}
        gone = [entry for number, entry in self.journal.items() if now.get(number) != entry]
        self.broken += [f"journal entry lost or changed: {entry}" for entry in gone]
        self.journal |= now

    def _under_way(self, chat_id: int | None = None) -> list[tuple[int, str]]:
        only = "" if chat_id is None else f" AND chat_id = {chat_id}"
        query = f"SELECT id, op FROM outbox WHERE state = 'sending' AND op IN ('send', 'document'){only}"
        return [(row, op) for row, op in self.machine.ask_or_none(query) or []]

    def _heard(self, change: Change) -> None:
        message = change.message
        if change.what != "message" or message is None or message.sender is not self.sandbox.cloud.bot:
            return
        chat_id = message.chat.id
        query = f"SELECT id FROM outbox WHERE chat_id = {chat_id} AND state = 'sending'"
        rows = self.machine.ask_or_none(query)
        if rows is None:
            self.unknown.append(chat_id)
        elif len(rows) == 1:
            self.copies[rows[0][0]] += 1
        else:
            self.unclaimed.append((chat_id, f"{message.text[:60]!r}, {len(rows)} rows are being sent"))

    def _hit(self, fault: Fault, method: str, chat_id: int | None) -> None:
        name = f"{fault.kind} {fault.status}" if fault.kind == "error" else fault.kind
        self.faults[f"{name}{' of getUpdates' if method == 'getUpdates' else ''}"] += 1
        if fault.kind in TAKEN and method in SENDS:
            for row, _ in self._under_way(chat_id):
                self.allowed[row] += 1
