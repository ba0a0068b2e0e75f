"""The board as a picture for a phone: 1080 pixels wide, every bar with its numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from office.board import Bar, Board, Limit
from office.papers.fonts import Type

WIDTH: Final = 1080
_MARGIN: Final = 48
_INNER: Final = WIDTH - 2 * _MARGIN
_PAPER, _INK, _GREY, _LINE = "#ffffff", "#1b2430", "#667085", "#e4e7ec"
_OPEN, _SOON, _OVER = "#8fa8c8", "#f0a92b", "#d43c3c"
_DARK_SOON: Final = "#a86a00"
_TRACK: Final = "#f2f4f7"
_BAR_ROW: Final = 102
_LIMIT_ROW: Final = 116
_OWED_ROW, _OWED = 56, 16
_WEEKDAYS: Final = "一二三四五六日"


def board_png(board: Board, type_: Type) -> bytes:
    """The picture as a PNG."""
    canvas = _Canvas(_height(board), type_)
    canvas.head(board)
    canvas.bars("按单位", board.units, board.more_units)
    canvas.bars("按领域", board.fields, board.more_fields)
    canvas.owed(board)
    canvas.limits(board.next)
    return canvas.png()


def _height(board: Board) -> int:
    height = 400
    for bars, more in ((board.units, board.more_units), (board.fields, board.more_fields)):
        height += (96 + _BAR_ROW * len(bars) + (48 if more else 0)) if bars else 0
    height += (96 + _OWED_ROW * -(-len(board.owed[:_OWED]) // 2)) if board.owed else 0
    height += (96 + _LIMIT_ROW * len(board.next)) if board.next else 0
    return height + _MARGIN


class _Canvas:
    """A picture that is filled from the top."""

    def __init__(self, height: int, type_: Type) -> None:
        self._type = type_
        self._image = Image.new("RGB", (WIDTH, height), _PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._y = _MARGIN

    @cached_property
    def _title(self) -> FreeTypeFont:
        return self._type.bold.at(52)

    @cached_property
    def _heading(self) -> FreeTypeFont:
        return self._type.bold.at(38)

    @cached_property
    def _text(self) -> FreeTypeFont:
        return self._type.regular.at(34)

    @cached_property
    def _strong(self) -> FreeTypeFont:
        return self._type.bold.at(34)

    @cached_property
    def _small(self) -> FreeTypeFont:
        return self._type.regular.at(28)

    @cached_property
    def _number(self) -> FreeTypeFont:
        return self._type.bold.at(76)

    def head(self, board: Board) -> None:
        """Title, the instant, the three totals."""
        self._draw.text((_MARGIN, self._y), self._fitted(board.title, self._title, _INNER), _INK, self._title)
        at = board.at
        said = f"截至 {at.year}年{at.month}月{at.day}日 周{_WEEKDAYS[at.weekday()]} {at:%H:%M}"
        self._draw.text((_MARGIN, self._y + 76), said, _GREY, self._small)
        self._y += 140
        total = board.total
        soon = (f"{board.soon}到期", total.soon, _SOON)
        tiles = (("在办", total.open, _INK), soon, ("已逾期", total.overdue, _OVER))
        for place, (name, count, colour) in enumerate(tiles):
            self._tile(place, name, count, colour if count else _GREY)
        self._y += 212

    def _tile(self, place: int, name: str, count: int, colour: str) -> None:
        width = (_INNER - 2 * 24) // 3
        left = _MARGIN + place * (width + 24)
        self._draw.rounded_rectangle((left, self._y, left + width, self._y + 180), 20, fill=_TRACK)
        middle = left + width / 2
        self._draw.text((middle, self._y + 70), str(count), colour, self._number, anchor="mm")
        self._draw.text((middle, self._y + 145), name, _GREY, self._small, anchor="mm")

    def bars(self, heading: str, bars: Sequence[Bar], more: int) -> None:
        """A bar for each, its numbers over its right end; nothing where there are none."""
        if not bars:
            return
        self._head_of_part(heading, key=True)
        most = max(bar.open for bar in bars) or 1
        for bar in bars:
            self._bar(bar, most)
        if more:
            self._draw.text((_MARGIN, self._y), f"另有 {more} 个未列出", _GREY, self._small)
            self._y += 48

    def _head_of_part(self, heading: str, *, key: bool) -> None:
        self._draw.line((_MARGIN, self._y + 8, WIDTH - _MARGIN, self._y + 8), _LINE, 2)
        self._draw.text((_MARGIN, self._y + 30), heading, _INK, self._heading)
        right: float = WIDTH - _MARGIN
        for name, colour in (("其余在办", _OPEN), ("将到期", _SOON), ("逾期", _OVER)) if key else ():
            right -= self._small.getlength(name)
            self._draw.text((right, self._y + 38), name, _GREY, self._small)
            self._draw.rectangle((right - 34, self._y + 44, right - 10, self._y + 68), fill=colour)
            right -= 62
        self._y += 96

    def _bar(self, bar: Bar, most: int) -> None:
        right: float = WIDTH - _MARGIN
        parts = [(f"在办 {bar.open}", _INK)]
        parts += [(f"将到期 {bar.soon}", _DARK_SOON)] if bar.soon else []
        parts += [(f"逾期 {bar.overdue}", _OVER)] if bar.overdue else []
        for said, colour in parts:
            right -= self._text.getlength(said)
            self._draw.text((right, self._y), said, colour, self._text)
            right -= 28
        name = self._fitted(bar.name, self._text, right - _MARGIN)
        self._draw.text((_MARGIN, self._y), name, _INK, self._text)
        self._segments(bar, most)
        self._y += _BAR_ROW

    def _segments(self, bar: Bar, most: int) -> None:
        """Overdue, due soon, the rest, one behind the other, to the scale of the longest."""
        top, left = self._y + 56, float(_MARGIN)
        self._draw.rectangle((_MARGIN, top, WIDTH - _MARGIN, top + 22), fill=_TRACK)
        rest = bar.open - bar.soon - bar.overdue
        for count, colour in ((bar.overdue, _OVER), (bar.soon, _SOON), (rest, _OPEN)):
            width = _INNER * count / most
            if count:
                self._draw.rectangle((left, top, max(left + width - 2, left + 3), top + 22), fill=colour)
            left += width

    def owed(self, board: Board) -> None:
        """The reports of progress that are owed, two units beside each other."""
        if not board.owed:
            return
        count, late = board.reports
        self._head_of_part(f"待报进展 {count} 项" + (f"，已过期限 {late} 项" if late else ""), key=False)
        width = (_INNER - 48) / 2
        for place, one in enumerate(board.owed[:_OWED]):
            left = _MARGIN + (place % 2) * (width + 48)
            said = f"{one.asked}（过期 {one.late}）" if one.late else str(one.asked)
            room = width - self._text.getlength(said) - 16
            self._draw.text((left, self._y), self._fitted(one.unit or "", self._text, room), _INK, self._text)
            colour = _OVER if one.late else _INK
            self._draw.text((left + width, self._y), said, colour, self._text, anchor="ra")
            self._y += _OWED_ROW * (place % 2)
        self._y += _OWED_ROW * (len(board.owed[:_OWED]) % 2)

    def limits(self, limits: Sequence[Limit]) -> None:
        """The limits that come next."""
        if not limits:
            return
        self._head_of_part(f"最近 {len(limits)} 个到期", key=False)
        for one in limits:
            due = one.due
            when = f"{due.month}月{due.day}日 周{_WEEKDAYS[due.weekday()]} {due:%H:%M}"
            self._draw.text((_MARGIN, self._y), when, _INK, self._strong)
            self._draw.text(
                (WIDTH - _MARGIN, self._y),
                one.left,
                _DARK_SOON if one.soon else _GREY,
                self._text,
                anchor="ra",
            )
            about = self._fitted(f"{one.register_no}　{one.unit}　{one.title}", self._small, _INNER)
            self._draw.text((_MARGIN, self._y + 50), about, _GREY, self._small)
            self._y += _LIMIT_ROW

    def png(self) -> bytes:
        """What has been drawn."""
        file = io.BytesIO()
        self._image.save(file, "PNG", optimize=True)
        return file.getvalue()

    @staticmethod
    def _fitted(text: str, font: FreeTypeFont, width: float) -> str:
        """The text, cut with … where it is wider."""
        if font.getlength(text) <= width:
            return text
        while text and font.getlength(f"{text}…") > width:
            text = text[:-1]
        return f"{text}…"
