"""The sandbox with a real python-telegram-bot on the other end of HTTP."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox import NotPossibleError, Sandbox

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("✅ 已收到", callback_data="ack:1")]])


async def started(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    await update.effective_message.reply_html(
        f"你好 <b>{' '.join(context.args or [])}</b>", reply_markup=KEYBOARD
    )


async def echoed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(f"收到：{update.effective_message.text}", do_quote=True)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("已记下", show_alert=True)
    await update.callback_query.edit_message_text("已签收")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.serve() as serving:
        yield serving


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=sandbox.base_url, base_file_url=sandbox.base_file_url) as client:
        yield client


@pytest.fixture
async def application(sandbox: Sandbox) -> AsyncIterator[Application]:
    builder = ApplicationBuilder().token(sandbox.token)
    app = builder.base_url(sandbox.base_url).base_file_url(sandbox.base_file_url).build()
    app.add_handler(CommandHandler("start", started))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, echoed))
    async with app:
        await app.start()
        await app.updater.start_polling()
        yield app
        await app.updater.stop()
        await app.stop()


async def test_a_person_talks_with_a_polling_bot_and_presses_a_button(application, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start("CODE7")
    card = await clerk.sees("你好")
    assert (card.text, card.html) == ("你好 CODE7", "你好 <b>CODE7</b>")
    assert card.buttons[0][0].data == "ack:1"

    answer = await clerk.presses(card, "已收到")
    assert answer.text == "已记下" and answer.alert
    edited = await clerk.sees("已签收")
    assert edited is card and edited.edited and edited.buttons == []

    said = clerk.says("请示一件")
    echo = await clerk.sees("收到：请示一件")
    assert echo.reply_to is said
    with pytest.raises(NotPossibleError, match="no button"):
        clerk.presses(card, "已收到")
