"""How long the real program takes to start as a process of its own, and what memory it holds then."""

from __future__ import annotations

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

from alembic import command
from sqlalchemy import Engine

from benchmarks import clocks
from bot.sandbox.server import TOKEN
from storage.migrations import configuration

ROOT = Path(__file__).resolve().parents[1]
TIMES = 5
SETTLED = 4.0
"""seconds after the start at which memory is read: some sweeps have gone by"""


def floor() -> float:
    """Seconds in which a process imports what no such bot can do without."""
    return statistics.median(_importing() for _ in range(TIMES))


def _importing() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import telegram.ext, sqlmodel"], check=True, cwd=ROOT)
    return time.perf_counter() - began


def start(engine: Engine) -> tuple[float, float]:
    """Median seconds until the program has said that it runs, and the MiB that it holds a little later."""
    url = engine.url.render_as_string(hide_password=False)
    clocks.put_off(engine)
    command.stamp(configuration(url), "head")
    engine.dispose()
    with _sandbox() as address, tempfile.TemporaryDirectory(prefix="duban-") as folder:
        env = os.environ | {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_BASE_URL": f"{address}bot",
            "DUBAN_DATABASE_URL": url,
            "DUBAN_DATA_DIR": folder,
        }
        runs = [_run(env) for _ in range(TIMES)]
    return statistics.median(one[0] for one in runs), statistics.median(one[1] for one in runs)


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
