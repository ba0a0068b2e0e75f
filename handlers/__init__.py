"""Conversation: a Telegram update, one act, an answer."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)


def register(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """The one ordered list: the first that fits takes the update."""
    # here, not above: whoever needs one module of this floor need not import them all
    from handlers import (
        amend,
        attachments,
        board,
        commands,
        errors,
        files,
        find,
        groups,
        inline,
        leave,
        members,
        own_unit,
        people,
        pressed,
        router,
        screened,
        strangers,
    )
    from handlers import help as helping
    from handlers.context import on
    from handlers.duty import log as duty_log
    from handlers.duty import shift
    from handlers.emergency import menu, opening
    from handlers.supervision import task_import

    new = filters.UpdateType.MESSAGE
    for handler in (
        MessageHandler(screened.CLASSIFIED, screened.classified),
        MessageHandler(screened.STRANGER, strangers.answer),
        CommandHandler("start", people.start, filters=new),
        MessageHandler(new & people.BARE_CODE, people.code),
        MessageHandler(new & filters.StatusUpdate.MIGRATE, groups.moved),
        CommandHandler("report", on(opening.report), filters=new),
        CommandHandler("register", on(menu.register), filters=new),
        CommandHandler("log", on(commands.log_), filters=new),
        CommandHandler("mine", on(commands.mine), filters=new),
        CommandHandler("find", on(commands.find_), filters=new),
        CommandHandler("digest", on(find.turn_digest), filters=new),
        CommandHandler("leave", on(leave.leave), filters=new),
        CommandHandler("duty", on(shift.duty), filters=new),
        CommandHandler("dutylog", on(duty_log.of_day), filters=new),
        CommandHandler("help", on(helping.help_), filters=new),
        CommandHandler("cancel", on(helping.cancel), filters=new),
        CommandHandler("whoami", on(people.whoami), filters=new),
        CommandHandler("members", on(members.members_), filters=new),
        CommandHandler("import_members", on(members.import_), filters=new),
        CommandHandler("board", on(board.command), filters=new),
        CommandHandler("import", on(task_import.command), filters=new),
        CommandHandler("bind", groups.bind, filters=new),
        CommandHandler("unbind", on(groups.unbind), filters=new),
        CallbackQueryHandler(members.invite, pattern="^invite:"),
        CallbackQueryHandler(own_unit.invite, pattern="^linv:"),
        CallbackQueryHandler(groups.bind_pressed, pattern="^bind:"),
        CallbackQueryHandler(task_import.confirm, pattern="^tasks_yes:"),
        CallbackQueryHandler(on(pressed.press)),
        InlineQueryHandler(inline.offer),
        MessageHandler(new & filters.Regex(r"^加人"), on(members.add)),
        MessageHandler(new & filters.Regex(r"^改人"), on(members.change)),
        MessageHandler(new & filters.Regex(r"^销假"), on(leave.off)),
        MessageHandler(
            new & files.FILE & (router.ADDRESSED | filters.CaptionRegex("^(?:值班表|导入|/import)")),
            files.receive,
        ),
        MessageHandler(new & router.ADDRESSED & (filters.TEXT | filters.CAPTION), on(router.text)),
        MessageHandler(
            filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION), on(amend.edited)
        ),
        MessageHandler(new & attachments.MEDIA, on(opening.media)),
        MessageHandler(new & filters.ChatType.PRIVATE, on(helping.not_text)),
        ChatMemberHandler(people.reached, ChatMemberHandler.MY_CHAT_MEMBER),
        TypeHandler(Update, on(_nothing)),
    ):
        application.add_handler(handler)
    application.add_error_handler(errors.on_error)


def _nothing(turn: object) -> None:
    """What does not concern the bot: noted as done, nothing said."""
