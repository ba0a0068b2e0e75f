"""What must be true whenever everything has come to rest, whatever has happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from chaos.ledger import Ledger
from chaos.machine import Machine
from sqlmodel import Session, col, select

from storage.models import Clock, Step


def broken(ledger: Ledger) -> list[str]:
    """Each truth that does not hold, in words."""
    machine = ledger.machine
    ledger.look_into_the_journal()
    return [
        *ledger.broken,
        *_updates(ledger),
        *_deeds(ledger),
        *_clocks(ledger),
        *_messages(ledger),
        *_holders(machine),
        *_series(machine),
        *_journal(ledger),
    ]


def _updates(ledger: Ledger) -> Iterator[str]:
    """Each update that Telegram had is noted as done, none failed."""
    first, following = ledger.first_update, ledger.sandbox.cloud.updates.next_id
    rows = {row[0]: row for row in ledger.machine.ask("SELECT update_id, done_at, error, payload FROM inbox")}
    ledger.counts["updates"] = following - first
    for number in range(first, following):
        found = rows.get(number)
        if found is None:
            yield f"update {number} was lost"
        elif found[1] is None or found[2] is not None or found[3] not in (None, "null"):
            yield f"update {number} is not done as it should be: {found[1:]}"


def _deeds(ledger: Ledger) -> Iterator[str]:
    """What somebody did had its effect exactly once."""
    refused = "SELECT wording, count(*) FROM outbox WHERE wording LIKE 'refused.%' GROUP BY wording"
    for wording, times in ledger.machine.ask(refused):
        ledger.counts[f"answers {wording}"] = times
    for deed in ledger.deeds:
        ledger.counts["deeds"] += 1
        found = int(ledger.machine.ask(deed.effects)[0][0])
        ledger.counts["effects"] += found
        if found != 1:
            query = f"SELECT screened, error, received_at, done_at FROM inbox WHERE update_id = {deed.update}"
            kept = ledger.machine.ask(query)
            yield f"{deed.who} {deed.what}: {found} effects ({deed.effects}) of update {deed.update}: {kept}"
            yield f"    {ledger.machine.ask(deed.about)}"


def _clocks(ledger: Ledger) -> Iterator[str]:
    """What fell due was done, and somebody was told of it, unless nobody could be."""
    machine = ledger.machine
    for number, kind, error in machine.ask("SELECT id, kind, error FROM clock WHERE tries > 0"):
        yield f"clock {number} ({kind}) failed: {error}"
    for step, kind, number, holder in machine.ask(_SILENT):
        if holder not in ledger.blocked:
            yield f"step {step} of {holder}: nobody was told when clock {number} ({kind}) fell due"
    rings = col(Clock.state).in_(["fired", "superseded"]) & col(Clock.step_id).is_not(None)
    rung = select(Clock.step_id).where(Clock.kind == "due", rings)
    late = select(Step).where(Step.state == "open", col(Step.due_at) < machine.now)
    with Session(machine.engine) as session:
        for forgotten in session.exec(late.where(col(Step.id).not_in(rung))):
            yield f"step {forgotten.id} was due at {forgotten.due_at}, and no clock of it rang"


_SILENT = """
    SELECT step.id, clock.kind, clock.id, member.name FROM clock
    JOIN step ON step.id = clock.step_id JOIN member ON member.id = step.holder_id
    WHERE clock.kind IN ('due', 'overdue', 'rung') AND clock.state = 'fired'
    AND NOT EXISTS (
        SELECT 1 FROM outbox WHERE cause = clock.kind || ':' || clock.id || ':' || step.id
        OR (clock.kind = 'rung' AND cause LIKE '%rung:' || step.id || ':%'))
    AND NOT EXISTS (
        SELECT 1 FROM journal WHERE journal.step_id = step.id AND act IN ('unreachable', 'nobody_reached'))
"""


def _messages(ledger: Ledger) -> Iterator[str]:
    """Each message was sent, and at most once more for each kill or cut that hit its sending."""
    query = "SELECT id, op, chat_id, state, error FROM outbox WHERE not_before IS NULL"
    rows = ledger.machine.ask(f"{query} AND id <= {ledger.last_message}")
    ledger.counts["messages and changes of them"] = len(rows)
    unknown = Counter(ledger.unknown)
    for number, op, chat_id, state, error in rows:
        copies, most = ledger.copies[number], 1 + ledger.allowed[number]
        if state not in ("sent", "superseded", "failed"):
            yield f"message {number} is still {state}"
        if state == "failed" and not str(error).startswith(("blocked", "gone")):
            yield f"message {number} failed: {error}"
        if op not in ("send", "document"):
            continue
        ledger.counts["messages"] += copies
        ledger.counts["messages repeated"] += max(copies - 1, 0)
        ledger.counts["repetitions allowed"] += most - 1
        if state == "sent" and not copies:
            if not unknown[chat_id]:
                yield f"message {number} to {chat_id} is said to be sent, and is not there"
            else:
                unknown[chat_id] -= 1
        if copies > most:
            yield f"message {number} to {chat_id} is there {copies} times, {most} were allowed"
    for chat_id, what in ledger.unclaimed:
        yield f"a message that nobody had claimed appeared in {chat_id}: {what}"


def _holders(machine: Machine) -> Iterator[str]:
    query = """
        SELECT matter.register_no FROM matter WHERE matter.state = 'open' AND NOT EXISTS (
            SELECT 1 FROM step JOIN member ON member.id = step.holder_id
            WHERE step.matter_id = matter.id AND step.state = 'open' AND member.active)
    """
    for (register_no,) in machine.ask(query):
        yield f"{register_no} has no holder"


def _series(machine: Machine) -> Iterator[str]:
    """No gap and no duplicate in any series: register numbers, entries of the duty log."""
    given: dict[object, list[int]] = defaultdict(list)
    for series, year, number in machine.ask("SELECT series, year, number FROM matter"):
        given[series, year].append(number)
    for day, number in machine.ask("SELECT day, number FROM duty_entry"):
        given[day].append(number)
    for name, numbers in given.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"series {name} has a gap or a duplicate: {sorted(numbers)}"
    for series, year, last in machine.ask("SELECT series, year, last FROM series"):
        if (series, year) in given and last != len(given[series, year]):
            yield f"series {series} of {year} stands at {last}"


def _journal(ledger: Ledger) -> Iterator[str]:
    """What a person was told is in the journal."""
    machine = ledger.machine
    signed = Counter(step for (step,) in machine.ask("SELECT step_id FROM journal WHERE act = 'signed'"))
    ledger.counts["journal entries"] = len(ledger.journal)
    for step in ledger.answered:
        if signed[step] != 1:
            yield f"step {step} was answered as signed and has {signed[step]} entries"
    registered = "SELECT count(*) FROM journal WHERE act = 'registered' AND matter_id = matter.id"
    for number, entries in machine.ask(f"SELECT register_no, ({registered}) FROM matter"):
        if entries != 1:
            yield f"{number} has {entries} entries of its registration"
