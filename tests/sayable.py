"""Whether everything that an act put into the outbox, or refused, can be said."""

from __future__ import annotations

from desks import ZONE
from sqlmodel import Session, select

from handlers.texts import Texts
from office.desk import Refused
from storage.models import Outbox

_TEXTS = Texts(ZONE)


def said(refused: Refused) -> str:
    """The sentence of a refusal."""
    facts = {key: value for key, value in refused.facts.items() if key != "buttons"}
    return _TEXTS.render(f"refused.{refused.reason}", facts)


def all_said(session: Session, prefix: str) -> list[str]:
    """Every message whose wording begins so, in words; raises where one cannot be said."""
    rows = [row for row in session.exec(select(Outbox)) if row.wording.startswith(prefix)]
    return [_TEXTS.render(row.wording, row.facts) for row in rows]
