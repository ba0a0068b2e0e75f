"""The rows of imported ledgers, by what a later import looks for."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from sqlmodel import Session, col, select

from storage.models import LedgerRow

_AT_ONCE = 500
"""keys of one question: both databases limit how many values a statement takes"""


def with_keys(keys: Collection[str], *, session: Session) -> list[LedgerRow]:
    """The rows of any ledger that have one of these keys, in the order in which they came."""
    found: list[LedgerRow] = []
    waiting = iter(dict.fromkeys(keys))
    while part := list(islice(waiting, _AT_ONCE)):
        found += session.exec(select(LedgerRow).where(col(LedgerRow.key).in_(part))).all()
    return sorted(found, key=lambda one: one.id or 0)


def of_ledger(ledger: str, *, session: Session) -> list[LedgerRow]:
    """The rows of a ledger, in the order in which they came."""
    rows = select(LedgerRow).where(col(LedgerRow.ledger) == ledger).order_by(col(LedgerRow.id))
    return list(session.exec(rows))
