"""Moving everything to another database, from SQLite to PostgreSQL or back: all of it, or nothing.

The target is written in one transaction, which is committed only when every table has as many rows as the
source and the same checksum. Leases stay behind: they belong to programs, not to the office.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    Table,
    func,
    inspect,
    select,
    text,
    tuple_,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from storage import copying, indexing, leases
from storage.engine import InUse, claim, open_engine, with_driver
from storage.migrations import newest, upgrade, version
from storage.models import Lease

BATCH = 1_000
"""rows read and written at a time; of what holds files one"""

Progress = Callable[[str, int, int], None]
"""called with what is under way, how much of everything is done, and how much there is"""


class MoveError(Exception):
    """Nothing was moved; the message says why, in Chinese."""


@dataclass(frozen=True)
class Moved:
    """A table that arrived."""

    name: str
    rows: int
    checksum: str
    """hexadecimal; of all rows, whatever their order; the same on both sides"""


@dataclass
class _Tally:
    """How many rows of a table went by, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        self.rows += len(rows)
        self.total = (self.total + sum(map(_hash, rows))) % (1 << 256)

    @property
    def checksum(self) -> str:
        return f"{self.total:064x}"


@dataclass
class _Meter:
    """Counts towards the whole: each row is read, indexed where it is a matter, and read back."""

    tell: Progress
    whole: int
    done: int = field(default=0)

    def add(self, what: str, count: int) -> None:
        self.done += count
        self.tell(what, self.done, self.whole)


def move(source: str, target: str, progress: Progress = lambda *_: None) -> list[Moved]:
    """Copy every table into an empty database. Raises MoveError.

    Nobody may work on either of them meanwhile; the source stays as it is.
    """
    if with_driver(source) == with_driver(target):
        raise MoveError("来源和目标是同一个数据库。")
    with ExitStack() as held:
        _claim(source, "来源", held)
        if version(source) != newest():
            raise MoveError("来源不是本版本的数据库，请先运行 duban migrate。")
        _claim(target, "目标", held)
        _make_tables(target)
        old, new = _open(source, "来源", held, only_reads=True), _open(target, "目标", held)
        _check_empty(new)
        moved = _copy(old, new, progress)
        new.commit()
    return moved


# --- before ------------------------------------------------------------------------------------------------


def _claim(url: str, which: str, held: ExitStack) -> None:
    """SQLite: no other program until `held` ends."""
    if not _is_embedded(url):
        return
    if which == "来源" and not Path(make_url(url).database or "").is_file():
        raise MoveError(f"来源数据库不存在：{make_url(url).database}")
    try:
        held.enter_context(closing(claim(url)))
    except InUse:
        raise MoveError(f"督办程序正在使用{which}数据库，请先停掉它。") from None


def _is_embedded(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _make_tables(url: str) -> None:
    """In a new database; one that has other tables, or those of another version, is refused."""
    found = version(url)
    if found == newest():
        return
    engine = open_engine(url)
    names = inspect(engine).get_table_names()
    engine.dispose()
    if found is not None:
        raise MoveError("目标数据库是另一个版本的，请另建一个空库。")
    if names:
        raise MoveError(f"目标数据库里有别的表（{names[0]}），请另建一个空库。")
    upgrade(url)


def _open(url: str, which: str, held: ExitStack, *, only_reads: bool = False) -> Connection:
    """A connection in its one transaction, in which nobody else changes anything."""
    engine = open_engine(url, answer_within=None, stands_still=0)  # the other side may take long
    held.callback(engine.dispose)
    connection = held.enter_context(engine.connect())
    if _is_embedded(url):
        return connection.execution_options(read_only=only_reads)
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    connection.execute(text("LOCK TABLE lease IN EXCLUSIVE MODE"))  # who starts now waits until we are done
    if connection.execute(select(func.count()).where(Lease.name.in_(leases.living()))).scalar():  # type: ignore[attr-defined]
        raise MoveError(f"督办程序正在使用{which}数据库，请先全部停掉；被强行结束的，过十秒再试。")
    return connection


def _check_empty(new: Connection) -> None:
    for table in _tables():
        count = _count(new, table)
        if count:
            raise MoveError(f"目标数据库不是空的（{table.name} 有 {count} 行），请另建一个空库。")


def _tables() -> list[Table]:
    """What is moved, in order of foreign keys."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name != Lease.__tablename__]


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


# --- copying -----------------------------------------------------------------------------------------------


def _copy(old: Connection, new: Connection, progress: Progress) -> list[Moved]:
    counts = {table.name: _count(old, table) for table in _tables()}
    meter = _Meter(progress, 2 * sum(counts.values()) + counts["matter"])
    sent = {}
    for table in _tables():
        try:
            sent[table.name] = _copy_table(old, new, table, meter)
        except (DBAPIError, new.dialect.loaded_dbapi.Error) as error:
            raise MoveError(f"没有搬成，目标未变：{table.name}（{type(error).__name__}）") from error
    with Session(new) as session:
        for count in indexing.fill(session):
            meter.add("matter_grams", count)
    if new.dialect.name == "postgresql":
        _set_sequences(new)
        new.execute(text("ANALYZE"))
    return [_compared(new, table, sent[table.name], meter) for table in _tables()]


def _copy_table(old: Connection, new: Connection, table: Table, meter: _Meter) -> _Tally:
    tally = _Tally()
    write = copying.to_postgresql if new.dialect.name == "postgresql" else copying.to_sqlite
    for rows in _batches(old, table):
        write(new, table, rows)
        tally.add(rows)
        meter.add(table.name, len(rows))
    return tally


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """All rows, in order of the primary key."""
    key: list[Column[Any]] = list(table.primary_key.columns)
    holds_files = any(isinstance(column.type, LargeBinary) for column in table.columns)
    page = select(table).order_by(*key).limit(1 if holds_files else BATCH)
    rows = connection.execute(page).all()
    while rows:
        yield rows
        last = [rows[-1]._mapping[column] for column in key]
        rows = connection.execute(page.where(tuple_(*key) > tuple_(*last))).all()


def _set_sequences(new: Connection) -> None:
    """The next id comes after those that were moved."""
    for table in _tables():
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            new.execute(select(func.setval(sequence, func.max(column))).select_from(table))


def _compared(new: Connection, table: Table, sent: _Tally, meter: _Meter) -> Moved:
    """What arrived, read back. Raises MoveError where it is not what was sent."""
    arrived = _Tally()
    for rows in _batches(new, table):
        arrived.add(rows)
        meter.add(table.name, len(rows))
    if arrived != sent:
        counts = f"{sent.rows} 行，到 {arrived.rows} 行"
        raise MoveError(f"没有搬成，目标未变：{table.name} 核对不符（{counts}）。")
    return Moved(table.name, arrived.rows, arrived.checksum)


def _hash(row: Sequence[Any]) -> int:
    return int.from_bytes(sha256(json.dumps([*row], sort_keys=True, default=_plain).encode()).digest())


def _plain(value: Any) -> str:
    """Bytes by their own hash, dates and instants (which are in UTC) as ISO 8601."""
    return sha256(value).hexdigest() if isinstance(value, bytes) else str(value.isoformat())
