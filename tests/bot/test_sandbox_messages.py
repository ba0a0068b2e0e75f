"""Messages through the sandbox, with a real python-telegram-bot on the other end of HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, TelegramError
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
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def started(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    await update.effective_message.reply_html(
        f"你好 <b>{' '.join(context.args or [])}</b>", reply_markup=KEYBOARD
    )


async def echoed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    await update.effective_message.reply_text(f"收到：{update.effective_message.text}", do_quote=True)


async def edited(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.edited_message
    await update.edited_message.reply_text(f"改为：{update.edited_message.text}")


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
async def application(sandbox: Sandbox) -> AsyncIterator[Any]:
    builder = ApplicationBuilder().token(sandbox.token)
    app: Application = builder.base_url(sandbox.base_url).base_file_url(sandbox.base_file_url).build()
    app.add_handler(CommandHandler("start", started))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited))
    app.add_handler(MessageHandler(filters.TEXT, echoed))
    async with app:
        await app.start()
        await app.updater.start_polling()
        yield app
        await app.updater.stop()
        await app.stop()


async def refusal(call: Any) -> str:
    with pytest.raises(TelegramError) as caught:
        await call
    return caught.value.message


# -- conversation ---------------------------------------------------------------------------------------
async def test_a_person_talks_with_a_polling_bot_and_presses_a_button(application, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start("CODE7")
    card = await clerk.sees("你好")
    assert (card.text, card.html) == ("你好 CODE7", "你好 <b>CODE7</b>")
    assert card.buttons[0][0].data == "ack:1"

    answer = await clerk.presses(card, "已收到")
    assert answer.text == "已记下" and answer.alert
    after = await clerk.sees("已签收")
    assert after is card and after.edited and after.buttons == []

    said = clerk.says("请示一件")
    echo = await clerk.sees("收到：请示一件")
    assert echo.reply_to is said
    clerk.edits(said, "请示两件")
    await clerk.sees("改为：请示两件")
    with pytest.raises(NotPossibleError, match="no button"):
        clerk.presses(card, "已收到")


async def test_a_button_without_answer_gives_none_and_a_late_answer_is_refused(bot, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start()
    card = await bot.send_message(clerk.id, "一张卡片", reply_markup=KEYBOARD)
    assert await clerk.presses(clerk.received[0], "ack:1", within=0.05) is None
    query = (await bot.get_updates())[-1].callback_query
    assert query.message.message_id == card.message_id and query.data == "ack:1"
    sandbox.cloud.callback_lifetime = 0
    too_old = "Query is too old and response timeout expired or query id is invalid"
    assert (await refusal(query.answer("晚了"))) == too_old
    assert (await refusal(bot.answer_callback_query("no-such-query"))) == too_old


async def test_what_a_person_sends_reaches_the_bot_as_telegram_objects(bot, sandbox):
    clerk, head = sandbox.person("王思雨"), sandbox.person("李文博")
    office = sandbox.group("县府办工作群", [clerk, head])
    said = head.says("/log@duban_bot 请示 @duban_bot", office)
    clerk.says("好的", office, reply_to=said)
    clerk.sends_file("附件.pdf", b"%PDF-1.4", "请看附件")
    clerk.sends_photo(PNG, "现场")
    clerk.sends_location(24.5, 103.25)
    clerk.sends_voice()
    clerk.forwards(said)
    command, reply, document, photo, place, voice, forward = [
        update.message for update in await bot.get_updates()
    ]

    assert command.chat.type == "supergroup" and command.chat.title == "县府办工作群"
    assert [(e.type, e.offset, e.length) for e in command.entities] == [
        ("bot_command", 0, 14),
        ("mention", 18, 10),
    ]
    assert reply.reply_to_message.message_id == command.message_id
    assert (document.document.file_name, document.caption) == ("附件.pdf", "请看附件")
    assert photo.photo[-1].file_size == len(PNG)
    assert (place.location.latitude, place.location.longitude) == (24.5, 103.25)
    assert voice.voice.mime_type == "audio/ogg"
    assert forward.forward_origin.sender_user.first_name == "李文博"


async def test_chinese_letters_around_a_command_or_mention_hide_it_as_on_telegram(bot, sandbox):
    sandbox.person("王思雨").says("/log收文 请@duban_bot 看 @duban_bot登记 #督查 https://example.org/a。")
    entities = (await bot.get_updates())[0].message.entities
    assert [entity.type for entity in entities] == ["hashtag", "url"]


# -- refusals -------------------------------------------------------------------------------------------
async def test_nobody_is_written_to_who_has_not_started_or_has_blocked_the_bot(bot, sandbox):
    clerk = sandbox.person("王思雨")
    assert "initiate conversation with a user" in await refusal(bot.send_message(clerk.id, "在吗"))
    clerk.start()
    await bot.send_message(clerk.id, "在")
    clerk.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(clerk.id, "在吗")
    with pytest.raises(NotPossibleError, match="has blocked"):
        clerk.says("在")
    clerk.start()
    await bot.send_message(clerk.id, "在")
    standings = [
        update.my_chat_member.new_chat_member.status
        for update in await bot.get_updates()
        if update.my_chat_member
    ]
    assert standings == ["kicked", "member"]
    assert await refusal(bot.send_message(12345, "在吗")) == "Chat not found"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "Message text is empty"),
        ("<b> </b>", "Message text is empty"),
        ("a" * 4097, "Message is too long"),
        ("😀" * 2049, "Message is too long"),
        ("<div>甲</div>", 'Can\'t parse entities: unsupported start tag "div" at byte offset 0'),
        ("<b>甲", "Can't parse entities: can't find end tag corresponding to start tag \"b\""),
        ("甲</b>", "Can't parse entities: unexpected end tag at byte offset 3"),
        ("<b><i>甲</b></i>", 'unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("甲 <", "unclosed start tag at byte offset 4"),
        ('<span class="x">甲</span>', 'tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_texts_telegram_would_not_take_are_refused_with_its_words(bot, sandbox, text, reason):
    clerk = sandbox.person("王思雨")
    clerk.start()
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(clerk.id, text, parse_mode="HTML")
    assert reason.lower() in caught.value.message.lower()
    assert clerk.received == []


async def test_length_is_counted_after_the_markup_is_read(bot, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start()
    sent = await bot.send_message(clerk.id, f"<b>{'字' * 4000}</b>{'&amp;' * 96}", parse_mode="HTML")
    assert len(sent.text) == 4096


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "甲", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "甲", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "甲"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"}, "BUTTON_TEXT_INVALID"),
        ({"callback_data": "a"}, 'Can\'t find field "text"'),
        ({"text": "甲", "url": "nowhere"}, "is invalid: Wrong HTTP URL"),
        ({"text": "甲", "url": "https://example.org", "callback_data": "a"}, "exactly one action"),
    ],
)
async def test_keyboards_telegram_would_not_take_are_refused(sandbox, button, reason):
    clerk = sandbox.person("王思雨")
    clerk.start()
    body = {"chat_id": clerk.id, "text": "卡片", "reply_markup": {"inline_keyboard": [[button]]}}
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{sandbox.base_url}{sandbox.token}/sendMessage", json=body)
    assert answer.status_code == 400 and answer.json()["error_code"] == 400
    assert answer.json()["description"].startswith("Bad Request: ")
    assert reason in answer.json()["description"]
    assert clerk.received == []


async def test_reply_to_nothing_is_refused_unless_allowed(bot, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start()
    assert "not found" in await refusal(bot.send_message(clerk.id, "好", reply_to_message_id=99))
    sent = await bot.send_message(clerk.id, "好", reply_to_message_id=99, allow_sending_without_reply=True)
    assert sent.reply_to_message is None


# -- changing -------------------------------------------------------------------------------------------
async def test_edits_change_what_stands_and_refuse_what_does_not(bot, sandbox):
    clerk = sandbox.person("王思雨")
    own = clerk.start()
    sent = await bot.send_message(clerk.id, "<b>一</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    assert "not modified" in await refusal(
        sent.edit_text("<b>一</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    )
    assert (await sent.edit_text("一", reply_markup=KEYBOARD)).entities == ()
    assert (await sent.edit_text("二")).reply_markup is None
    assert "not modified" in await refusal(sent.edit_reply_markup(None))
    assert clerk.received[0].text == "二"
    assert await refusal(bot.edit_message_text("三", clerk.id, own.id)) == "Message can't be edited"
    assert await refusal(bot.edit_message_text("三", clerk.id, 999)) == "Message to edit not found"

    document = await bot.send_document(clerk.id, b"x", caption="表", filename="表.csv")
    assert "there is no text" in (await refusal(document.edit_text("四"))).lower()
    assert (await document.edit_caption("新表")).caption == "新表"


async def test_deleting_follows_telegrams_rights(bot, sandbox):
    clerk, head = sandbox.person("王思雨"), sandbox.person("李文博")
    office = sandbox.group("县府办工作群", [clerk, head], administrator=False)
    said = clerk.says("秘密★1年", office)
    assert await refusal(bot.delete_message(office.id, said.id)) == "Message can't be deleted"
    office.adds_bot(head, administrator=True)
    assert await bot.delete_message(office.id, said.id)
    assert said.deleted
    assert await refusal(bot.delete_message(office.id, said.id)) == "Message to delete not found"


async def test_a_private_message_cannot_be_deleted_after_two_days(bot):
    moment = [1_800_000_000.0]
    async with Sandbox.serve(now=lambda: moment[0]) as later:
        clerk = later.person("王思雨")
        said = clerk.start()
        assert said.date == 1_800_000_000
        moment[0] += 48 * 3600 + 1
        async with Bot(later.token, base_url=later.base_url) as client:
            assert "can't be deleted for everyone" in await refusal(client.delete_message(clerk.id, said.id))


async def test_pins_are_kept_per_chat(bot, sandbox):
    clerk = sandbox.person("王思雨")
    office = sandbox.group("县府办工作群", [clerk])
    sent = await bot.send_message(office.id, "值班表")
    await sent.pin(disable_notification=True)
    assert (await bot.get_chat(office.id)).pinned_message.message_id == sent.message_id
    await sent.unpin()
    assert (await bot.get_chat(office.id)).pinned_message is None
    assert await refusal(bot.pin_chat_message(office.id, 999)) == "Message to pin not found"


async def test_a_silent_message_and_a_forwarded_copy_are_marked(bot, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start()
    sent = await bot.send_message(clerk.id, "早报", disable_notification=True)
    assert clerk.received[0].silent
    assert (await sent.forward(clerk.id)).forward_origin.sender_user.id == bot.id
    copied = await sent.copy(clerk.id)
    assert clerk.chat.message(copied.message_id).forward_origin is None


# -- files ----------------------------------------------------------------------------------------------
async def test_files_travel_both_ways(bot, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.sends_file("../../名单.xlsx", b"PK\x03\x04 content", mime="application/zip")
    document = (await bot.get_updates())[0].message.document
    assert (document.file_name, document.mime_type) == ("名单.xlsx", "application/zip")
    received = await (await document.get_file()).download_as_bytearray()
    assert bytes(received) == b"PK\x03\x04 content"

    sent = await bot.send_document(
        clerk.id, b"a,b\n", filename="台账.csv", caption="台账", reply_markup=KEYBOARD
    )
    last = clerk.received[-1]
    assert (last.document.name, last.document.content, last.text) == ("台账.csv", b"a,b\n", "台账")
    again = await bot.send_document(clerk.id, sent.document.file_id)
    assert clerk.received[-1].document is last.document and again.document.file_name == "台账.csv"
    await bot.send_photo(clerk.id, PNG)
    await bot.send_voice(clerk.id, b"OggS voice")
    await bot.send_location(clerk.id, 24.5, 103.25)
    assert clerk.received[-3].photo.content == PNG


async def test_files_telegram_would_not_take_are_refused(bot, sandbox):
    clerk = sandbox.person("王思雨")
    clerk.start()
    assert await refusal(bot.send_document(clerk.id, b"")) == "File must be non-empty"
    assert await refusal(bot.send_photo(clerk.id, b"no picture")) == "Image_process_failed"
    assert "wrong file identifier" in (await refusal(bot.send_document(clerk.id, "unknown"))).lower()
    assert (
        await refusal(bot.send_document(clerk.id, b"x", caption="a" * 1025)) == "Message caption is too long"
    )
    assert "wrong file_id" in (await refusal(bot.get_file("unknown"))).lower()
    big = clerk.sends_file("大.zip", bytes(20 * 2**20 + 1))
    assert await refusal(bot.get_file(big.document.id)) == "File is too big"
