"""Databases that fail: SQLite on a disk that runs full, a PostgreSQL whose server goes and comes back."""

from __future__ import annotations

import asyncio
import os
import resource
import shlex
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import create_engine, text

from benchmarks import cluster

if TYPE_CHECKING:
    from chaos.machine import Machine

DISK = "32m"
"""the size of the disk that can run full"""


class Database(Protocol):
    url: str
    kind: str
    gone_means: str
    """what `gone` does, in the table of counts"""

    def locked(self) -> AbstractAsyncContextManager[None]:
        """Another process holds a lock that every write needs."""

    def gone(self, machine: Machine) -> AbstractAsyncContextManager[None]:
        """Nothing can be written."""


class OnDisk:
    """SQLite on a disk of its own where we may mount one."""

    kind = "sqlite"

    def __init__(self, folder: Path, *, mounted: bool) -> None:
        self._folder = folder
        self._mounted = mounted
        self.url = f"sqlite:///{folder / 'duban.db'}"
        self.gone_means = "disk full" if mounted else "no file may grow"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        other = sqlite3.connect(
            self._folder / "duban.db", isolation_level=None, timeout=30, check_same_thread=False
        )
        try:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            yield
        finally:
            other.close()

    @asynccontextmanager
    async def gone(self, machine: Machine) -> AsyncIterator[None]:
        """The disk is full; where there is none of its own, no file of the program may grow."""
        if not self._mounted:
            _limit(machine, 0)
            try:
                yield
            finally:
                _limit(machine, resource.RLIM_INFINITY)
            return
        ballast = self._folder / "ballast"
        try:
            _fill_disk_with(ballast)
            yield
        finally:
            ballast.unlink()


def _limit(machine: Machine, most: int) -> None:
    if machine.runs:
        resource.prlimit(machine.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _fill_disk_with(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (2**16, 2**12):
            while _written(file.fileno(), size):
                pass


def _written(file: int, size: int) -> int:
    try:
        return os.write(file, b"\0" * size)
    except OSError:
        return 0


class OnServer:
    """A PostgreSQL that is stopped as by a power cut, and started again."""

    kind = "postgresql"
    gone_means = "server stopped"

    def __init__(self, url: str, programs: Path) -> None:
        self.url = url
        self._pg_ctl = str(programs / "pg_ctl")
        engine = create_engine(url)
        with engine.connect() as connection:
            self._folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        engine.dispose()
        words = shlex.split((self._folder / "postmaster.opts").read_text())
        self._options = shlex.join(words[1:])
        self._owner = self._folder.stat().st_uid

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        engine = create_engine(self.url)
        connection = await asyncio.to_thread(engine.connect)
        try:
            # one table: whoever waits for several may be waited for by the program
            await asyncio.to_thread(connection.execute, text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
            yield
        finally:
            connection.close()
            engine.dispose()

    @asynccontextmanager
    async def gone(self, machine: Machine) -> AsyncIterator[None]:
        await asyncio.to_thread(self._control, "-m", "immediate", "stop")
        try:
            yield
        finally:
            log = str(self._folder / "log")
            await asyncio.to_thread(self._control, "-l", log, "-o", self._options, "start")

    def _control(self, *words: str) -> None:
        command = [self._pg_ctl, "-D", str(self._folder), "-w", *words]
        user = self._owner if os.geteuid() == 0 else None
        subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)


@contextmanager
def on_disk(folder: Path) -> Iterator[OnDisk]:
    place = folder / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)]
    mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield OnDisk(place, mounted=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def on_server() -> Iterator[OnServer]:
    programs = cluster.programs()
    assert programs is not None
    with cluster.postgresql(
        programs, durable=True
    ) as url:  # what is committed must be there after a power cut
        yield OnServer(url, programs)
