"""A copy of the running database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

PAGES = 2000
"""copied at a time; others may write in between"""


class BackupError(Exception):
    """The copy cannot be made; the message says why, in Chinese."""


def back_up(url: str, target: Path) -> int:
    """Copy a SQLite database while it is in use; the size of the copy in bytes. Raises BackupError.

    The copy is complete or not there: it gets its name when it is done, and replaces nothing.
    """
    database = make_url(url)
    if database.get_backend_name() != "sqlite":
        raise BackupError(
            "PostgreSQL 请用 pg_dump 备份：pg_dump --format=custom --file=duban.dump <数据库地址>"
        )
    source = Path(database.database or "")
    if not source.is_file():
        raise BackupError(f"数据库不存在：{source}")
    if target.exists():
        raise BackupError(f"文件已存在，不覆盖：{target}")
    unfinished = target.with_name(target.name + ".part")
    try:
        _copy(source, unfinished)
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"没有备份成：{error}") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as running, closing(sqlite3.connect(target)) as copy:
        running.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")
        (sound,) = copy.execute("PRAGMA quick_check").fetchone()
    if sound != "ok":
        raise sqlite3.DatabaseError(f"quick_check: {sound}")
