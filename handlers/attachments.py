"""Pictures, places and recordings: kept with the emergency they belong to."""

from __future__ import annotations

from telegram.ext import filters

from handlers.context import Turn
from handlers.emergency import common
from office import elements
from storage import matters
from storage.models import Draft, Matter

MEDIA = filters.PHOTO | filters.VIDEO | filters.VOICE | filters.LOCATION


def is_media(turn: Turn) -> bool:
    """Whether a picture, recording or film came with the words."""
    return turn.file is not None and turn.file.mime.startswith(("image/", "audio/", "video/"))


def belongs_to(turn: Turn, draft: Draft | None) -> Matter | None:
    """The emergency of the card replied to, of what is being asked, or the one reported last."""
    card = turn.reply_card
    if card is not None and card.matter_id is not None:
        bound = matters.matter(card.matter_id, session=turn.desk.session)
        return bound if common.is_emergency(bound) and bound.state == "open" else None
    if draft is not None and draft.form == "em_ask":
        return common.asked(turn, draft)
    recent = elements.recent_of(turn.desk, turn.member)
    if recent is not None and (turn.private or recent.group_chat_id == turn.chat_id):
        return recent
    return None


def attach(turn: Turn, matter: Matter) -> str | None:
    """Keep what came with a message: what it was."""
    if turn.place is not None:
        if turn.place != (matter.details.get("point") or ()):
            elements.locate(turn.desk, matter, *turn.place, turn.member)
        return "位置"
    if turn.file is not None:
        file = turn.file
        elements.attach(
            turn.desk, matter, file.name, file.mime, file.size, file.file_id, turn.member, turn.text[:200]
        )
        return file.name
    return None
