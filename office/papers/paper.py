"""A paper described in plain values: what it says and what each part is, never how it looks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

from office.papers.package import printable
from rules.patterns import lazy

Line = Annotated[str, AfterValidator(printable)]
"""Text for a paper: whatever a file cannot carry is left out."""

_NUMBERING = (
    lazy(r"[一二三四五六七八九十]{1,3}、"),
    lazy(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    lazy(r"\d{1,2}[.．]\s?(?!\d)"),
    lazy(r"[（(]\d{1,2}[）)]"),
)


class Paragraph(BaseModel):
    """A paragraph of the text. Level 0 is plain; 1 to 4 begin with 一、 （一） 1. (1).

    The first sentence of a level stands in the level's font, what follows it in that of the text.
    """

    model_config = ConfigDict(frozen=True)

    text: Line
    level: Literal[0, 1, 2, 3, 4] = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """A paragraph whose level is told by how it begins."""
        matches = (level for level, pattern in enumerate(_NUMBERING, 1) if pattern.match(text))
        return cls.model_validate({"text": text, "level": next(matches, 0)})


class Column(BaseModel):
    """A column of a table; widths are shares of the line."""

    model_config = ConfigDict(frozen=True)

    title: Line
    width: float
    centred: bool = False


class Table(BaseModel):
    """Rows of text under a header that is repeated on every page."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


class Form(BaseModel):
    """A ruled form: rows of label and value, or of two labels with their values side by side."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[tuple[Line, ...], ...]
    """two or four cells each; an empty value leaves room for a hand"""


class Slip(BaseModel):
    """A slip 回执 under a line to cut along, after everything else; filled in and sent back."""

    model_config = ConfigDict(frozen=True)

    title: Line
    form: Form


class FootRow(BaseModel):
    """A row of the foot 版记: one text, or two or three from left to right."""

    model_config = ConfigDict(frozen=True)

    cells: tuple[Line, ...]


class Paper(BaseModel):
    """A paper as the office writes it, from the masthead to the foot; what is empty is left out.

    `number` stands centred under the masthead; `left` and `right` on the line above the red rule
    (an upward paper's number and 签发人, a bulletin's publisher and date). `written_at` is the instant
    the file's properties show. The title of an `untitled` paper is only the file's: a form's masthead
    says what it is.
    """

    model_config = ConfigDict(frozen=True)

    title: Line
    written_at: AwareDatetime
    author: Line = ""
    masthead: Line = ""
    urgency: Line = ""
    number: Line = ""
    left: Line = ""
    right: Line = ""
    addressee: Line = ""
    untitled: bool = False
    body: tuple[Paragraph | Table | Form, ...] = ()
    annexes: tuple[Line, ...] = ()
    signature: Line = ""
    dated: date | None = None
    foot: tuple[FootRow, ...] = ()
    slip: Slip | None = None
    landscape: bool = False

    @property
    def bulletin(self) -> bool:
        """简报, 快报: an issue number under the masthead, publisher and date on the rule."""
        return bool(self.masthead and self.number and (self.left or self.right))

    @property
    def at_the_top(self) -> bool:
        """Whether its masthead stands at the top of the block: a bulletin's and a form's."""
        return self.bulletin or self.untitled


def write_docx(paper: Paper) -> bytes:
    """The paper as a .docx file; equal papers give equal bytes.

    How is office/papers/form.py, which is imported by who writes one: python-docx takes long to import, and
    the program's start would wait for it.
    """
    from office.papers import form

    return form.write_docx(paper)
