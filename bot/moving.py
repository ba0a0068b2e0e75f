"""`duban move`: everything into another database, with a bar that shows how far it has come."""

from __future__ import annotations

import argparse
from pathlib import Path

import click

from bot.commands import settings_or_fail
from bot.failed import Failed
from bot.settings import database_address
from bot.table import table
from storage.engine import with_driver
from storage.move import Moved, MoveError, move

SHOWN = 16
"""so many digits of a checksum are printed"""


def run(options: argparse.Namespace) -> int:
    """Move the database of the settings to another address, and print what was compared."""
    source, target = settings_or_fail().database_url, _address(options.to)
    try:
        moved = _with_bar(source, target)
    except MoveError as error:
        raise Failed(str(error)) from None
    print(table([("表", "行数", "校验和（两边一致）"), *(_line(one) for one in moved)]))
    print(f"已全部搬到 {with_driver(target).render_as_string()}，原数据库未动。")
    print("请把 DUBAN_DATABASE_URL 改为新地址再启动；不要再启动用原数据库的程序。")
    return 0


def _with_bar(source: str, target: str) -> list[Moved]:
    with click.progressbar(length=1, label="搬迁", item_show_func=lambda name: name or "") as bar:

        def show(what: str, done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos, what)

        return move(source, target, show)


def _line(one: Moved) -> tuple[str, str, str]:
    return one.name, f"{one.rows:,}", one.checksum[:SHOWN]


def _address(text: str) -> str:
    """An address as it is, or the one that stands in a file: a password is seen by nobody there."""
    try:
        if "://" not in text:
            text = Path(text).read_text(encoding="utf-8").strip()
        return database_address(text).get_secret_value()
    except OSError as error:
        raise Failed(f"--to 应是数据库地址，或写有地址的文件：{text}（{error.strerror}）", code=2) from None
    except ValueError as error:
        raise Failed(f"--to：{error}", code=2) from None
