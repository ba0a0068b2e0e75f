"""Finding matters by what is written about them: character bigrams, in FTS5 or a GIN index (design.md)."""

from __future__ import annotations

import unicodedata

from sqlalchemy import text
from sqlmodel import Session

from storage.models import Matter


def grams(words: str) -> list[str]:
    """The bigrams of each run of letters, digits and characters: 预算报告 → 预算 算报 报告."""
    plain = unicodedata.normalize("NFKC", words).lower()
    runs = "".join(c if c.isalnum() else " " for c in plain).split()
    return [run[i : i + 2] for run in runs for i in range(max(len(run) - 1, 1))]


def _searchable(matter: Matter) -> str:
    parts = [
        matter.title, matter.sender, matter.doc_number, matter.register_no, matter.section,
        *matter.units, matter.result, matter.remark,
    ]  # fmt: skip
    return " ".join(" ".join(grams(part)) for part in parts if part)


def index(matter: Matter, *, session: Session) -> None:
    """Put a matter into the index, or bring it up to date."""
    connection = session.connection()
    connection.execute(text("DELETE FROM matter_grams WHERE rowid = :id"), {"id": matter.id})
    connection.execute(
        text("INSERT INTO matter_grams(rowid, grams) VALUES (:id, :grams)"),
        {"id": matter.id, "grams": _searchable(matter)},
    )


def find(words: list[str], *, limit: int, session: Session) -> list[int]:
    """Ids of the matters in which every word occurs, the newest first."""
    phrases = " ".join('"' + " ".join(grams(word)) + '"' for word in words if grams(word))
    if not phrases:
        return []
    rows = session.connection().execute(
        text("SELECT rowid FROM matter_grams WHERE matter_grams MATCH :q ORDER BY rowid DESC LIMIT :n"),
        {"q": phrases, "n": limit},
    )
    return [int(row[0]) for row in rows]
