"""Everything that has to stay fast, as ratios against floors measured in the same run: `make bench`.

python -m benchmarks [--size 1000000] [--only sqlite|postgresql] [--peers]
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from benchmarks import clocks, cluster, peers, register, search, sending, starting, ticking, turns
from bot.running import collect_seldom
from storage.engine import open_engine

SMALL = 10_000
FINDS = 200


class Row(NamedTuple):
    """A row of the table. Seconds or MiB; without a floor the value itself must be at most so much."""

    what: str
    value: float
    floor: float | None
    at_most: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else self.value

    def __str__(self) -> str:
        floor = _amount(self.floor, self.unit) if self.floor is not None else "—"
        sign = "×" if self.floor is not None else "s"
        kept = "yes" if self.ratio <= self.at_most else "NO"
        said = f"{self.ratio:.2f} {sign} | {self.at_most:g} {sign} | {kept}"
        return f"| {self.what} | {_amount(self.value, self.unit)} | {floor} | {said} |"


def _amount(value: float, unit: str) -> str:
    return f"{value * 1000:.2f} ms" if unit == "ms" else f"{value:.2f} {unit}"


def main() -> None:
    """Measure and print; the exit code says whether every figure is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--peers", action="store_true", help="how others do, too")
    given = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    kept = True
    for name in ("sqlite", "postgresql"):
        if given.only in (None, name):
            kept &= _table(name, given.size)
    if given.peers:
        peers.main()
    sys.exit(0 if kept else 1)


def _table(name: str, size: int) -> bool:
    print(f"\n{name}, {size:,} matters\n", flush=True)
    if (missing := cluster.missing(name)) is not None:
        print(f"not measured: {missing}")
        return True
    print("| what | measured | floor | ratio | at most | kept |\n|---|---|---|---|---|---|")
    kept = True
    for row in chain(_turns(name), _sendings(name), _registers(name, size)):
        print(row, flush=True)
        kept &= row.ratio <= row.at_most
    return kept


def _registers(name: str, size: int) -> Iterator[Row]:
    """A small register and a large one, filled once; what is compared between them takes turns."""
    with cluster.database(name) as one, cluster.database(name) as another:
        small, large = (open_engine(url, stands_still=3600) for url in (one, another))  # filling takes long
        register.fill(small, SMALL)
        register.fill(large, size)
        for what, (few, many) in search.compared([(small, SMALL), (large, size)], FINDS).items():
            yield Row(what, many, few, 3.0)
        for engine in (small, large):
            clocks.reopen(engine)  # from here on every matter is open
        collect_seldom()  # as the program does when it has started
        few, many = ticking.idle(small, large)
        yield Row("idle tick", many, few, 1.2)
        raw, fired = ticking.thousand(large)
        yield Row("1,000 clocks due in one second", fired, raw, 20.0)
        yield Row("lateness of the last of them", max(ticking.lateness(large)), None, 1.0)
        found = starting.starts(small, large)
    yield Row("start", found.seconds[1], found.floor, 2.5)
    yield Row("memory", found.memory[1], found.memory[0], 1.2, "MiB")


def _turns(name: str) -> Iterator[Row]:
    with cluster.database(name) as url:
        found = turns.measure(url)
    yield Row("log one document, to the committed answer", found["log"], found["echo"], 5.0)
    yield Row("press a button: 确认, the heaviest", found["press"], found["echo"], 5.0)
    yield Row("press a button: 已收到", found["light"], found["echo"], 5.0)


def _sendings(name: str) -> Iterator[Row]:
    with cluster.database(name) as url:
        seconds = max(sending.measure(url, sending.thousand))
    yield Row("1,000 messages to 200 chats, no 429", seconds, sending.FLOOR, 1.12, "s")
    for waiting in (sending.MESSAGES, sending.MANY):
        with cluster.database(name) as url:
            slowest = max(sending.measure(url, sending.urgent(waiting)))
        yield Row(f"an urgent message into a backlog of {waiting:,}", slowest, None, 0.25)
    with cluster.database(name) as url:
        slowest = max(sending.measure(url, sending.after_429))
    yield Row("after a group's 429, a message to another chat", slowest, None, 0.25)


if __name__ == "__main__":
    main()
