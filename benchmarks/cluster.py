"""Throw-away databases: a file of SQLite, or a PostgreSQL cluster in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = Path("/usr/lib/postgresql")
"""of Debian's packages, by version"""
SETTINGS = "-c shared_buffers=512MB -c max_wal_size=4GB"
FORGETFUL = "-c fsync=off -c synchronous_commit=off"


def programs() -> Path | None:
    """Where PostgreSQL's own programs are, if they are installed."""
    found = shutil.which("initdb")
    places = [place.parent for place in sorted(PLACES.glob("*/bin/initdb"), reverse=True)]
    places += [Path(found).parent] if found else []
    return next((place for place in places if os.access(place / "initdb", os.X_OK)), None)


def missing(name: str) -> str | None:
    """Why a kind of database cannot be measured here; None where it can."""
    if name == "postgresql" and programs() is None:
        return "PostgreSQL's own programs are not on this machine"
    if name == "postgresql" and importlib.util.find_spec("psycopg") is None:
        return "the driver psycopg is not installed"
    return None


def here(only: str | None = None) -> Iterator[str]:
    """The kinds of database that can be measured here; why another cannot is printed."""
    for name in ("sqlite", "postgresql"):
        if only in (None, name):
            if (why := missing(name)) is None:
                yield name
            else:
                print(f"{name}: not measured, {why}")


@contextmanager
def database(name: str) -> Iterator[str]:
    """The URL of an empty database of this kind, which ends with the measurement."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="duban-") as folder:
            yield f"sqlite:///{Path(folder) / 'register.db'}"
        return
    found = programs()
    assert found is not None
    with postgresql(found, durable=True) as url:
        yield url


@contextmanager
def postgresql(bin_: Path, user: str = "nobody", *, durable: bool = False) -> Iterator[str]:
    """The URL of a cluster that runs until the end; started as `user` where we are root.

    `durable`: a commit is on the disk, as an office would have it.
    """
    with tempfile.TemporaryDirectory(prefix="duban-pg-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        if os.geteuid() == 0:
            Path(folder).chmod(0o755)
            shutil.chown(data, user)
        as_user = user if os.geteuid() == 0 else None
        _run([bin_ / "initdb", "-D", data, "-A", "trust", "-U", "duban", "-E", "UTF8", "--no-sync"], as_user)
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {SETTINGS}"
        options += "" if durable else f" {FORGETFUL}"
        _run([bin_ / "pg_ctl", "-D", data, "-w", "-o", options, "-l", data / "log", "start"], as_user)
        try:
            yield f"postgresql://duban@127.0.0.1:{port}/postgres"
        finally:
            _run([bin_ / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], as_user)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _run(command: list[object], user: str | None) -> None:
    subprocess.run([str(part) for part in command], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)
