"""How long it takes to find matters, on SQLite and on PostgreSQL: `python -m benchmarks.search`.

Wanted (issue 4): by words under 20 ms, by document number under 5 ms at the 99th percentile among
1,000,000 matters; 待办 and a find at most three times as long as among 10,000.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks import cluster, register
from office import ask, board, digest
from office.ask import Asker
from office.desk import Desk
from rules.asking import Question
from storage import people
from storage.engine import open_engine, reading
from storage.models import Matter, Member

ROUNDS = 1_000
WARM = 20
COMPARED = ("待办", "a find with its page", "a board")
PAGE = 8

Act = Callable[[random.Random], None]


def main() -> None:
    """Fill registers, measure, print a table and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    for name in ("sqlite", "postgresql"):
        if given.only in (None, name):
            _measure(name, given.sizes, given.rounds)


def _measure(name: str, sizes: list[int], rounds: int) -> None:
    if (missing := cluster.missing(name)) is not None:
        print(f"{name}: not measured, {missing}")
        return
    medians: dict[str, list[float]] = {}
    for size in sizes:
        with cluster.database(name) as url:
            engine = open_engine(url, stands_still=3600)  # filling takes long
            began = time.perf_counter()
            register.fill(engine, size)
            print(f"\n{name}, {size:,} matters (written in {time.perf_counter() - began:.0f} s)")
            for what, times in times_of(engine, size, rounds):
                medians.setdefault(what, []).append(times[len(times) // 2])
                print(f"  {what:<28}{_row(times)}")
            engine.dispose()
    for what, found in medians.items():
        if len(found) > 1:
            print(f"  {what:<28}median {sizes[-1]:,} / {sizes[0]:,}: {found[-1] / found[0]:.2f}")


def _row(times: list[float]) -> str:
    marks = (("median", 0.5), ("p99", 0.99), ("worst", 1.0))
    shown = (f"{name} {times[min(int(len(times) * part), len(times) - 1)]:8.2f} ms" for name, part in marks)
    return "   ".join(shown)


def times_of(engine: Engine, size: int, rounds: int) -> Iterator[tuple[str, list[float]]]:
    with _reading(engine) as session:
        desk = register.desk_of(session)
        for what, act in _acts(desk, size).items():
            chance = random.Random(7)
            for _ in range(WARM):
                act(chance)
            yield what, sorted(_timed(act, chance, session) for _ in range(rounds))


def compared(registers: Sequence[tuple[Engine, int]], rounds: int) -> dict[str, list[float]]:
    """Median seconds of what is asked most, in each register of so many matters; they take turns."""
    with ExitStack() as stack:
        sessions = [stack.enter_context(_reading(engine)) for engine, _ in registers]
        acts = [
            _acts(register.desk_of(session), size)
            for session, (_, size) in zip(sessions, registers, strict=True)
        ]
        found = {}
        for what in COMPARED:
            chances = [random.Random(7) for _ in registers]
            turns = [
                [_timed(*one) for one in zip([act[what] for act in acts], chances, sessions, strict=True)]
                for _ in range(WARM + rounds)
            ]
            medians = [statistics.median(times) for times in zip(*turns[WARM:], strict=True)]
            found[what] = [milliseconds / 1000 for milliseconds in medians]
    return found


def _reading(engine: Engine) -> Session:
    return Session(reading(engine))


def _timed(act: Act, chance: random.Random, session: Session) -> float:
    session.expunge_all()  # every question begins with an empty session
    began = time.perf_counter()
    act(chance)
    return (time.perf_counter() - began) * 1000


def _acts(desk: Desk, size: int) -> dict[str, Act]:
    """What is measured: each asks something else every time."""
    head, liaison = (people.by_name(name, session=desk.session) for name in ("李文博", "蔡建军"))
    assert head is not None and liaison is not None

    numbers = _some_numbers(desk.session, size)

    def find(question: Question, by: Asker) -> None:
        ask.find(desk, question, by)

    def page(chance: random.Random) -> None:
        ask.page(desk, ask.find(desk, Question(text=_words(chance)), Asker(head)), 0, PAGE)

    def numbered(chance: random.Random) -> None:
        find(Question(number=chance.choice(numbers)), Asker(head))

    return {
        "words": lambda chance: find(Question(text=_words(chance)), Asker(head)),
        "words, a bureau's own": lambda chance: find(Question(text=_words(chance)), Asker(liaison)),
        "words and a unit": lambda chance: find(
            Question(text=_words(chance), units=(chance.choice(desk.roster.units[-26:]).name,)), Asker(head)
        ),
        "document number": numbered,
        "document number, not there": lambda chance: find(
            Question(number=f"云财〔{chance.randrange(2014, 2027)}〕{chance.randrange(size, 2 * size)}号"),
            Asker(head),
        ),
        "register number": lambda chance: find(Question(matter=chance.randrange(1, size)), Asker(head)),
        "overdue of a section": lambda chance: find(
            Question(units=(chance.choice(desk.roster.units[2:11]).name,), state="overdue"), Asker(head)
        ),
        "a find with its page": page,
        "待办": lambda chance: _mine(desk),
        "a board": lambda chance: _board(desk, head),
    }


def _some_numbers(session: Session, size: int) -> list[str]:
    """Document numbers that there are, from all years."""
    ids = random.Random(3).sample(range(1, size + 1), 500)
    return [session.get_one(Matter, i).doc_number or "" for i in ids]


def _words(chance: random.Random) -> str:
    """What people look for: one word or two, from every matter to one in ten thousand."""
    what, place = chance.choice(register.WHAT), chance.choice(register.PLACES)
    part = what[:2] if chance.random() < 0.4 else what[: chance.randrange(3, 5)]
    choices = (
        part,
        what,
        f"{part} {place}",
        f"{place}{chance.choice(register.WHERE)}",
        f"{what} 请示",
        "不存在的词",
    )
    return chance.choices(choices, weights=(4, 2, 2, 1, 2, 1))[0]


def _board(desk: Desk, member: Member) -> None:
    """What the board shows, without drawing it."""
    board.board(desk, board.view_of(desk, "", Asker(member)))


def _mine(desk: Desk) -> None:
    member = people.by_name("李文博", session=desk.session)
    assert member is not None
    digest.of_member(desk, member)


if __name__ == "__main__":
    main()
