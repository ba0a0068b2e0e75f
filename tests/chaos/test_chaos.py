"""The real program under faults and kills, with a model of what must be true beside it (docs/chaos.md).

DUBAN_CHAOS=long plays the long run (`make chaos`); DUBAN_CHAOS_SEED plays a scenario again, on the
database DUBAN_TEST_DATABASE names.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from chaos.databases import Database, on_disk, on_server
from chaos.episode import LONG, SHORT, Size, play
from chaos.ledger import Ledger
from databases import CHOSEN

from benchmarks import cluster

pytestmark = [
    pytest.mark.chaos,
    # a PostgreSQL that goes away leaves the driver's sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LONG_RUN = os.environ.get("DUBAN_CHAOS") == "long"
SEED = os.environ.get("DUBAN_CHAOS_SEED")
EPISODES = 8


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    folder.mkdir()
    if kind == "sqlite":
        with on_disk(folder) as disk:
            yield disk
    else:
        with on_server() as server:
            yield server


def kinds() -> list[str]:
    """SQLite, and PostgreSQL too where its server programs are."""
    return ["sqlite", "postgresql"] if cluster.programs() else ["sqlite"]


def report(title: str, ledgers: list[Ledger]) -> str:
    counts, faults, deeds = Counter(), Counter(), Counter()
    for ledger in ledgers:
        counts += ledger.counts
        faults += ledger.faults
        deeds += Counter(deed.what for deed in ledger.deeds)
    lines = [title]
    for heading, table in (("", counts), ("people ", deeds), ("trouble: ", faults)):
        lines += [f"{number:8,}  {heading}{name}" for name, number in sorted(table.items())]
    return "\n".join(lines)


async def episode(seed: int, size: Size, kind: str, folder: Path, say: Callable[[str], None]) -> Ledger:
    with database(kind, folder) as place:
        ledger, broken = await play(seed, size, place, folder)
    say(report(f"seed {seed} on {kind}:", [ledger]))
    again = f"DUBAN_CHAOS_SEED={seed} DUBAN_TEST_DATABASE={kind} python -m pytest tests/chaos"
    if broken:
        pytest.fail("\n".join([f"play it again: {again}", *broken]), pytrace=False)
    return ledger


@pytest.mark.timeout(600)
@pytest.mark.skipif(LONG_RUN, reason="the long run is played")
async def test_a_bad_minute(tmp_path, databases, capsys):
    """The short run; its seed is another one each time."""

    def say(text):
        with capsys.disabled():
            print(f"\n{text}")

    seed = int(SEED or random.SystemRandom().randrange(10**6))
    say(f"DUBAN_CHAOS_SEED={seed}")
    await episode(seed, SHORT, CHOSEN, tmp_path / "episode", say)


@pytest.mark.timeout(4 * 3600)
@pytest.mark.skipif(not LONG_RUN, reason="make chaos")
async def test_bad_days(tmp_path, databases, capsys):
    """The long run: at least 200 kills, on each kind of database that is here."""

    def say(text):
        with capsys.disabled():
            print(f"\n{text}")

    first = int(SEED or random.SystemRandom().randrange(10**6))
    ledgers = []
    for number in range(1 if SEED else EPISODES):
        kind = kinds()[number % len(kinds())] if not SEED else CHOSEN
        ledgers.append(await episode(first + number, LONG, kind, tmp_path / str(number), say))
    say(report("altogether:", ledgers))
    assert SEED or sum(ledger.counts["kills"] for ledger in ledgers) >= 200
