"""How long the real program takes to start as a process of its own, and what memory it holds then.

python -m benchmarks.starting [--size 10000] [--only sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from alembic import command
from sqlalchemy import Engine

from benchmarks import clocks, cluster, register
from bot.sandbox.server import TOKEN
from storage.engine import open_engine
from storage.migrations import configuration

ROOT = Path(__file__).resolve().parents[1]
TIMES = 5
SETTLED = 4.0
"""seconds after the start at which memory is read: some sweeps have gone by"""


class Starts(NamedTuple):
    """The fastest starts on several databases, which took turns with a process that only imports."""

    floor: float
    """seconds"""
    seconds: tuple[float, ...]
    memory: tuple[float, ...]
    """MiB"""


def main() -> None:
    """Print what a start takes on a register of this size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    for name in cluster.here(given.only):
        with cluster.database(name) as url:
            engine = open_engine(url)
            register.fill(engine, given.size)
            clocks.reopen(engine)
            found = starts(engine)
        ratio = found.seconds[0] / found.floor
        said = f"floor {found.floor:.2f} s, start {found.seconds[0]:.2f} s = {ratio:.2f} ×"
        print(f"{name}: {said}, {found.memory[0]:.0f} MiB")


def _importing() -> float:
    """Seconds in which a process imports what no such bot can do without."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import telegram.ext, sqlmodel"], check=True, cwd=ROOT)
    return time.perf_counter() - began


def starts(*engines: Engine) -> Starts:
    """Until the program has said that it runs, and what it holds a little later, on each database."""
    urls = [_stamped(engine) for engine in engines]
    with _sandbox() as address, tempfile.TemporaryDirectory(prefix="duban-") as folder:
        telegram = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": f"{address}bot"}
        env = os.environ | telegram | {"DUBAN_DATA_DIR": folder}
        floors, runs = [], []
        for _ in range(TIMES):
            floors.append(_importing())
            runs.append([_run(env | {"DUBAN_DATABASE_URL": url}) for url in urls])
    on_each = list(zip(*runs, strict=True))
    seconds = tuple(min(one for one, _ in of) for of in on_each)
    memory = tuple(statistics.median(one for _, one in of) for of in on_each)
    return Starts(min(floors), seconds, memory)


def _stamped(engine: Engine) -> str:
    """The address of a database that a program may begin to work on; nothing falls due there."""
    url = engine.url.render_as_string(hide_password=False)
    clocks.put_off(engine)
    command.stamp(configuration(url), "head")
    engine.dispose()
    return url


def _run(env: dict[str, str]) -> tuple[float, float]:
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        assert program.stdout is not None
        said = program.stdout.readline()
        seconds = time.perf_counter() - began
        assert "督办已启动" in said, said
        time.sleep(SETTLED)
        mebibytes = _resident(program.pid)
        program.terminate()
    return seconds, mebibytes


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def _sandbox() -> Iterator[str]:
    """The address of a sandbox in a process of its own, ending in /."""
    serving = [sys.executable, "-m", "bot.sandbox", "--port", "0"]
    with subprocess.Popen(serving, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().rpartition("：")[2].strip()
        process.terminate()


if __name__ == "__main__":
    main()
