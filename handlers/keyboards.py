"""Buttons: what they say and what they carry.

A button is (verb, target, label): verb and target are what comes back when it is pressed ("sign:12"),
the label is looked up by the verb where none is given. Checked again when pressed: a button proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

Rows = Sequence[Sequence[Sequence[Any]]]

LABELS = {
    "acknowledge": "👌 已收到",
    "sign": "✍️ 签字",
    "write": "✏️ 写意见",
    "hand_over": "↪️ 转办",
    "send_back": "↩️ 退回",
    "return_to_sender": "📤 退文",
    "close": "✅ 办结",
    "defer": "⏳ 申请延期",
    "split": "🔀 分解",
    "transfer": "📤 转出",
    "details": "📄 详情",
    "timeline": "🕘 过程",
    "confirm": "✅ 确认",
    "edit": "✏️ 修改",
    "cancel": "✖️ 取消",
    "skip": "跳过",
    "progress": "📈 报进展",
    "undo": "↶ 撤销登记",
    "menu": "菜单",
    "back": "‹ 返回",
}


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Rows of (verb, target[, label]) as Telegram's inline keyboard; None without rows."""
    built = [[_button(*button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(built) if built else None


def _button(verb: str, target: Any, label: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(label or LABELS[verb], callback_data=f"{verb}:{target}")
