"""Finding matters by what is written about them: character bigrams, in FTS5 or a GIN index (design.md).

The index also knows which units and which registrar a matter concerns, as words of their own: whoever may
see only some matters finds them without going through all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    bindparam,
    cast,
    column,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from rules.patterns import lazy
from storage import people
from storage.models import Matter, Member, Step

RECENT = 2_000
"""so many of the newest matters PostgreSQL looks through one by one before it asks its index"""
BLOCK = 1 << 13
"""matters to a block: what block a matter is in is a word of the index, too"""
INSERT = {
    False: text("INSERT INTO matter_grams(rowid, grams) VALUES (:id, :grams)"),
    True: text("INSERT INTO matter_grams(rowid, grams) VALUES (:id, CAST(:grams AS tsvector))"),
}
"""how a row is put into the index; True: of PostgreSQL"""
_DELETE = text("DELETE FROM matter_grams WHERE rowid = :id")
_NUMBER = lazy(
    r"(?P<code>[\u4e00-\u9fff]{2,8})(?P<rest>[\[(〔【]\s*[0-9]{4}\s*[\])〕】]\s*第?\s*[0-9]{1,6}\s*号)"
)
_BORDER = "xxx"
"""a word between fields that no bigram can be: no phrase reaches across it"""


def grams(words: str) -> list[str]:
    """The bigrams of each run of letters, digits and characters: 预算报告 → 预算 算报 报告."""
    return [run[i : i + 2] for run in _runs(words) for i in range(max(len(run) - 1, 1))]


def _runs(words: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", words).lower()
    return "".join(c if c.isalnum() else " " for c in plain).split()


def of_unit(name: str) -> str:
    """The word of the index that says that a matter concerns a unit."""
    return "unit" + "".join(_runs(name))


def of_registrar(member_id: int) -> str:
    """The word of the index that says who registered a matter."""
    return f"registrar{member_id}"


def of_block(matter_id: int) -> str:
    """The word of the index that says about when a matter was registered."""
    return f"block{matter_id // BLOCK}"


def of_number(number: str) -> str:
    """The word of the index that says that a matter tells of a document number 发文字号."""
    return "number" + "".join(_runs(number))


def _numbers(field: str) -> Iterator[str]:
    """Document numbers told of in a text: where the code begins in 见云政复〔2026〕9号 nobody knows."""
    for found in _NUMBER.finditer(unicodedata.normalize("NFKC", field)):
        code = found["code"]
        yield from (of_number(code[i:] + found["rest"]) for i in range(len(code) - 1))


def index(matter: Matter, *, session: Session) -> None:
    """Bring what a matter is found by up to date: whenever its words or its holders change."""
    session.flush()
    session.connection().execute(_DELETE, {"id": matter.id})
    held = session.connection().execute(_HOLDING, {"matter_id": matter.id}).scalars()
    add(matter, set(held), session=session)


def add(matter: Matter, held_by: Collection[int], *, session: Session) -> None:
    """Put a matter into the index that is not in it; `held_by`: the ids of all who hold or have held it."""
    registrar = session.get_one(Member, matter.registrar_id)
    members = people.with_ids(held_by, session=session)
    holders = [members[i] for i in sorted(members)]
    postgresql = is_postgresql(session)
    words = written(entries(matter, registrar, holders), tsvector=postgresql)
    session.connection().execute(INSERT[postgresql], {"id": matter.id, "grams": words})


_HOLDING = select(col(Step.holder_id)).where(col(Step.matter_id) == bindparam("matter_id"))


def entries(matter: Matter, registrar: Member, holders: Sequence[Member]) -> Iterator[str | None]:
    """The words a matter is found by, None where a field ends: what is written, who and which units."""
    fields = (
        matter.title, matter.sender, matter.doc_number, matter.register_no, matter.section, *matter.units,
        matter.result, matter.reply_no, matter.remark, *matter.scope, registrar.name,
        *(one.name for one in holders),
    )  # fmt: skip
    for field in fields:
        if field:
            yield from grams(field)
            yield None
    concerned = (matter.sender, matter.section, *matter.units, *(one.unit for one in holders))
    yield from dict.fromkeys(of_unit(unit) for unit in concerned if unit)
    for told in (matter.title, matter.result, matter.reply_no, matter.remark):
        yield from _numbers(told or "")
    yield of_registrar(matter.registrar_id)
    yield of_block(matter.id or 0)


def written(entries: Iterable[str | None], *, tsvector: bool) -> str:
    """The words of a matter, None where a field ends, as its row in the index has them."""
    if not tsvector:
        return " ".join(_BORDER if one is None else one for one in entries)
    return " ".join(f"'{one}':{min(i, 16_383)}" for i, one in enumerate(entries, 1) if one is not None)


def is_postgresql(session: Session) -> bool:
    """Whether the database keeps its index as PostgreSQL does."""
    return session.get_bind().dialect.name == "postgresql"


def query_for(words: Sequence[str], *any_of: Sequence[str], postgresql: bool) -> str:
    """What the index is asked: every word occurs, and of each list of its own words at least one.

    Empty where nothing can be asked (no words, or only signs).
    """
    asked = [grams(word) for word in words]
    if postgresql:
        parts = ["(" + " <-> ".join(f"'{one}'" for one in run) + ")" for run in asked if run]
        parts += ["(" + " | ".join(f"'{one}'" for one in choice) + ")" for choice in any_of if choice]
        return " & ".join(parts)
    parts = ['"' + " ".join(run) + '"' for run in asked if run]
    parts += ["(" + " OR ".join(f'"{one}"' for one in choice) + ")" for choice in any_of if choice]
    return " AND ".join(parts)


def blocks(session: Session) -> list[str]:
    """The words of all blocks, the newest first."""
    newest = session.connection().execute(text("SELECT max(rowid) FROM matter_grams")).scalar() or 0
    return [of_block(one * BLOCK) for one in range(newest // BLOCK, -1, -1)]


def matching(
    query: str, *, recent_only: bool = False, session: Session
) -> tuple[FromClause, ColumnElement[int], ColumnElement[bool]]:
    """The index as a table to join, the matter's id in it, and the condition that a row fits.

    `recent_only`: only the newest matters, looked through one by one (PostgreSQL).
    """
    grams_of = table("matter_grams", column("rowid"), column("grams"))
    if not is_postgresql(session):
        # the plus keeps SQLite from looking each matter up in the index, instead of the other way round
        fits: Any = literal_column("matter_grams").op("MATCH")(literal(query))
        return grams_of, literal_column("+matter_grams.rowid"), fits
    asked = cast(literal(query), TSQUERY)
    newest = select(grams_of.c.rowid, grams_of.c.grams).order_by(grams_of.c.rowid.desc())
    if recent_only:
        source = newest.limit(RECENT).subquery("found")
        return source, source.c.rowid, source.c.grams.op("@@")(asked)
    # an offset keeps PostgreSQL from looking up every matter before it has put them in order
    source = newest.where(grams_of.c.grams.op("@@")(asked)).offset(0).subquery("found")
    return source, source.c.rowid, true()
