"""@bot 预算 in any chat: the matters that whoever types may see, each to be posted there as a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from telegram import InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.constants import ParseMode
from telegram.ext import ContextTypes

from handlers.errors import in_time
from handlers.texts import Texts
from office import ask, cards
from office.ask import Asker
from office.desk import Desk
from storage import matters, people

OFFERED = 20
TYPED = 60
"""characters of what is typed that are looked for"""

T = TypeVar("T")


class Reader(Protocol):
    """Runs a query of a desk that writes nothing (bot/worker.py)."""

    async def look(self, query: Callable[[Desk], T]) -> T: ...


async def offer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer what a member typed; nothing is written, and Telegram keeps the answer for nobody else."""
    typed = update.inline_query
    assert typed is not None
    reader: Reader = context.bot_data["worker"]
    texts: Texts = context.bot_data["texts"]
    found = await reader.look(lambda desk: offered(desk, typed.from_user.id, typed.query))
    results = [_article(texts, one) for one in found]
    await in_time(typed.answer(results, cache_time=0, is_personal=True))


def offered(desk: Desk, telegram_id: int, typed: str) -> list[dict[str, Any]]:
    """How the matters stand that fit what a member typed, or that he holds; for a stranger none."""
    member = people.by_telegram_id(telegram_id, session=desk.session)
    if member is None:
        return []
    asked = ask.sought(typed[:TYPED])
    if asked is None:
        held = {of.id: of for _, of in matters.held_by(member.id or 0, session=desk.session)}
        return [cards.matter_facts(desk, one) for one in list(held.values())[:OFFERED]]
    return ask.page(desk, ask.find(desk, asked, Asker(member)), 0, OFFERED)


def _article(texts: Texts, facts: dict[str, Any]) -> InlineQueryResultArticle:
    card = InputTextMessageContent(texts.render("card.view", facts), parse_mode=ParseMode.HTML)
    standing = "；".join(f"{step['name']} — {step['holder']}" for step in facts["steps"][:2])
    return InlineQueryResultArticle(
        id=str(facts["id"]),
        title=f"{facts['sign']} {facts['register_no']} {facts['title']}",
        description=f"{facts['state']} {standing}".strip(),
        input_message_content=card,
    )
