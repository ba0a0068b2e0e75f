"""The first page of an official paper (GB/T 9704): what a clerk would copy from it into the register.

Copy number, mark, urgency, masthead …文件, number, signer, title of one to several lines, addressee with a
colon, text, signature, date. What is not plainly there stays None: the card asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import BaseModel, ConfigDict

from rules.patterns import lazy
from rules.reading.document import Reading
from rules.reading.documents import read_documents
from rules.reading.form import of_form
from rules.reading.models import Context, Item, Urgency
from rules.reading.normal import LONGEST, read
from rules.reading.numbers import document_numbers, figure
from rules.reading.procedures import Evidence, procedure_of
from rules.reading.secrecy import Screened, screen
from rules.reading.senders import Sender
from rules.reading.titles import Title, kind_of
from rules.reading.units import outside_units, unit_mentions
from rules.reading.words import Secrecy

HEAD = 16
"""lines in which masthead, number and title begin"""
OVERLAP = 200
"""characters that two parts of a long page share, so that no mark is cut in two"""
TITLE_LINES = 5
ROWS = 12
"""lines of a spreadsheet that are read at a time: a message holds no more"""
TITLE = 120
"""characters of a title"""

_HAN = r"[\u3400-\u9fff]"
_DATE = lazy(
    r"(?P<y>\d{4}|[二〇○零一三四五六七八九]{4})年(?P<m>\d{1,2}|[一二三四五六七八九十]{1,3})月(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_MASTHEAD = lazy(r"(?P<name>.{2,60}?)(?:文件|明传电报|传真电报|办公室文件|会议纪要|\(?函\)?|令|公告|通告)")
_ADDRESSEE = lazy(r"(?P<name>[^。;:?!]{2,150}):")
_NO_ADDRESSEE = lazy(r"签发人|附件|联系|电话|抄送|印发|会签|承办|密级|标题|文号|来文")
_NAME = rf"(?:{_HAN} {_HAN}(?!{_HAN})|[\u3400-\u9fff·]{{2,12}})"
_SIGNER = lazy(rf"签发人[:\s]*(?P<name>{_NAME}(?:[\s、]+{_NAME}){{0,3}})")
_COPY = lazy(r"(?:№|No\.?)?\d{6}")
_ISSUE = lazy(r"\(?第?\d{1,4}期\)?|\(?总第?\d{1,5}期\)?")
_URGENT: dict[str, Urgency] = {"特急": "特急", "特提": "特急", "加急": "加急", "急件": "加急"}


class Paper(BaseModel):
    """What stands on a first page. `dated` is the date it was signed, `copy_no` the 份号."""

    model_config = ConfigDict(frozen=True)

    title: str | None = None
    sender: str | None = None
    number: str | None = None
    urgency: Urgency | None = None
    dated: date | None = None
    addressee: str | None = None
    copy_no: str | None = None
    signer: str | None = None
    item: Item = Item()
    """the same as reading a message gives it, with the procedure it takes"""


def screen_file(text: str, short: Iterable[str], secrecy: Secrecy) -> Screened:
    """Whether a file is classified (D13): its first page, and every short line of what follows."""
    parts = [text[at : at + LONGEST] for at in range(0, len(text), LONGEST - OVERLAP)]
    found = {screen(part, secrecy) for part in parts}
    if "classified" in found or any("密" in line and screen(line, secrecy) == "classified" for line in short):
        return "classified"
    return "internal" if "internal" in found else "mention" if "mention" in found else None


def read_first_page(text: str, context: Context, rest: Sequence[str] = ()) -> Paper:
    """What a first page says; `rest`: short lines of the pages after it, where the date may stand."""
    lines = [line for line in map(_plain, text.splitlines()) if line]
    at, number = _number(lines, context)
    masthead = _masthead(lines[:HEAD] if at is None else lines[:at], context)
    title_at, title = _title(lines, at, masthead, context)
    below = [*(lines[title_at[1] :] if title_at else lines), *map(_plain, rest)]
    dated_at, dated = _dated(below)
    sender = (
        (masthead and _of_masthead(lines[masthead[0] : masthead[1]], context))
        or (title and _unit([title.text.partition("关于")[0]], context))
        or (dated_at and _unit([below[dated_at - 1]], context))
        or None
    )
    urgency = next((_URGENT[word] for line in lines[:HEAD] for word in line.split() if word in _URGENT), None)
    signer = next((found["name"] for line in lines[:HEAD] if (found := _SIGNER.search(line))), None)
    copies = (word for line in lines[:HEAD] for word in line.split() if _COPY.fullmatch(word))
    evidence = Evidence(title.text if title else "", "", title, "", number, sender, urgency)
    item = Item(
        procedure=procedure_of(evidence, context.words) if title or number else None,
        sender=sender.name if sender else None,
        title=title.text if title else None,
        number=number,
        urgency=urgency,
    )
    return Paper(
        **item.model_dump(include={"title", "sender", "number", "urgency"}),
        dated=dated,
        addressee=_addressee(below),
        copy_no=next(copies, None),
        signer=signer,
        item=item,
    )


def read_rows(rows: Sequence[Sequence[str]], context: Context) -> tuple[Item, ...]:
    """The documents of a spreadsheet (序号 来文单位 文号 标题 …); nothing where it is no such list."""
    head = next((at for at, row in enumerate(rows[:HEAD]) if _is_heading(row, context)), None)
    if head is None:
        return ()
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in rows[head:]]
    found: list[Item] = []
    for first in range(1, len(lines), ROWS):
        part = [lines[0], *lines[first : first + ROWS]]
        if len(part) == 2:
            part.append("")  # a heading with one line is no table
        found += [one.item for one in read_documents(read("\n".join(part)), context)]
    return tuple(item for item in found if item.title or item.number)


def _is_heading(row: Sequence[str], context: Context) -> bool:
    names = {of_form("".join(cell.split()), context.words.document) for cell in row}
    return "title" in names and bool(names & {"number", "sender"})


def over(line: Reading | None, paper: Paper) -> tuple[Item, tuple[str, ...]]:
    """What the sender's line says over what the page says, and which fields come from the page alone."""
    if line is None:
        item = paper.item
        return item, tuple(name for name in _OF_PAGE if getattr(item, name) is not None)
    said = line.item
    changes = {name: getattr(paper.item, name) for name in _OF_PAGE if getattr(said, name) is None}
    if not line.titled and paper.title is not None:
        changes["title"] = paper.title
    if said.procedure not in ("circulation", "urgent", "letter") and paper.item.procedure is not None:
        changes["procedure"] = paper.item.procedure
    if said.urgency is None and paper.urgency is not None:
        changes["procedure"] = "urgent"
    found = {name: value for name, value in changes.items() if value is not None}
    return said.model_copy(update=found), tuple(found)


_OF_PAGE = ("procedure", "sender", "title", "number", "urgency")


def _plain(line: str) -> str:
    """A line in half-width characters, without the blanks that space Han characters and figures out."""
    text = " ".join(read(line).plain.split())
    spaced = (
        re.sub(rf"(?<={_HAN}) (?={_HAN}(?: |$))", "", text)
        if re.match(rf"{_HAN} {_HAN}( |$)", text)
        else text
    )
    return re.sub(
        rf"(?<=\d) (?=[年月日号])|(?<=[年月关于]) (?=\d)|(?<={_HAN}) (?=\d{{4}}年)|(?<=[〔\[]) | (?=[〕\]])",
        "",
        spaced,
    )


def _number(lines: Sequence[str], context: Context) -> tuple[int | None, str | None]:
    """The line on which the document's own number stands: by itself, or beside the signer."""
    for at, line in enumerate(lines[:HEAD]):
        for number in document_numbers(line, context.words.number):
            beside = _SIGNER.sub("", line[: number.start] + line[number.end :]).strip(" ()")
            if not number.cited and len(beside) <= 6:
                return at, number.text
    return None, None


def _masthead(lines: Sequence[str], context: Context) -> tuple[int, int] | None:
    """The lines of 云岭县财政局文件, of several offices one under another, or of a letter's bare name."""
    for at, line in enumerate(lines):
        found = _MASTHEAD.fullmatch(line)
        if found and "关于" not in line and _of_masthead([line], context):
            first = at
            while first and len(lines[first - 1]) <= 30 and _is_unit(lines[first - 1], context):
                first -= 1
            return first, at + 1
    for at, line in enumerate(lines[:6]):
        if _is_unit(line, context):
            return at, at + 1
    return None


def _is_unit(line: str, context: Context) -> bool:
    """Whether a line is the name of an office and nothing else."""
    ours = unit_mentions(line, context.roster, context.words.units)
    theirs = outside_units(line, context.words.units)
    ends = [(one.start, one.end) for one in ours] + [(one.start, one.end) for one in theirs]
    return any(start <= 3 and end == len(line) for start, end in ends)


def _of_masthead(lines: Sequence[str], context: Context) -> Sender | None:
    """The first office of a masthead; one that is nowhere known stands as it is printed."""
    known = _unit(lines, context)
    found = _MASTHEAD.fullmatch(lines[-1])
    if known or found is None or not re.search(r"[局委办厅部院会府社团司处]$", found["name"]):
        return known
    return Sender(found["name"], 0, 0, False)


def _unit(lines: Sequence[str], context: Context) -> Sender | None:
    """The office that some lines name: of the county by its full name, any other as it stands."""
    for line in lines:
        theirs = outside_units(line, context.words.units)
        for unit in unit_mentions(line, context.roster, context.words.units, theirs):
            return Sender(unit.name, 0, 0)
        for outside in theirs:
            return Sender(outside.name, 0, 0, outside.above)
    return None


def _title(
    lines: Sequence[str], number_at: int | None, masthead: tuple[int, int] | None, context: Context
) -> tuple[tuple[int, int] | None, Title | None]:
    """Where the title stands, and the title: after the number, after the masthead, or at the top."""
    starts = [at + 1 for at in (number_at, masthead and masthead[1] - 1) if at is not None]
    for start in dict.fromkeys([*starts, 0]):
        found = _title_from(lines, start, context)
        if found:
            return found
    return None, None


def _title_from(lines: Sequence[str], start: int, context: Context) -> tuple[tuple[int, int], Title] | None:
    for first in range(start, min(start + HEAD, len(lines))):
        if not _may_begin(lines[first], context):
            continue
        joined = ""
        for last in range(first, min(first + TITLE_LINES, len(lines))):
            if last > first and _ADDRESSEE.fullmatch(lines[last]):
                break
            joined += lines[last]
            kind = kind_of(joined, context.words.titles)
            if len(joined) > TITLE or re.search("[。;:]", joined):
                break
            if kind and len(joined) > len(kind) + 1 and not _goes_on(lines, last, context):
                return (first, last + 1), Title(joined.strip("《》 "), 0, len(joined), kind)
        return None
    return None


def _may_begin(line: str, context: Context) -> bool:
    """Whether a title may begin here: no mark, number, issue, date or masthead."""
    if line in _URGENT or _COPY.fullmatch(line) or _ISSUE.fullmatch(line) or _SIGNER.match(line):
        return False
    if _DATE.fullmatch(line.strip("()")) or document_numbers(line, context.words.number):
        return False
    return len(line) > 3 and not (_MASTHEAD.fullmatch(line) and "关于" not in line)


def _goes_on(lines: Sequence[str], last: int, context: Context) -> bool:
    """Whether the title goes on in the next line: 关于印发实施方案 / 的通知."""
    if last + 1 >= len(lines):
        return False
    after = lines[last + 1]
    return after.startswith(("的", "和", "及")) and kind_of(after, context.words.titles) is not None


def _addressee(lines: Sequence[str]) -> str | None:
    """主送机关: the first line under the title that ends in a colon."""
    for line in lines[:6]:
        found = _ADDRESSEE.fullmatch(line)
        if found and not _NO_ADDRESSEE.search(line):
            return found["name"]
    return None


def _dated(lines: Sequence[str]) -> tuple[int | None, date | None]:
    """The last line that is nothing but a date, and where it stands."""
    for at in range(len(lines) - 1, -1, -1):
        found = _DATE.fullmatch(lines[at].replace(" ", "").strip("()"))
        if found:
            year, month, day = (figure(found[name]) or 0 for name in ("y", "m", "d"))
            try:
                return at, date(year, month, day)
            except ValueError:
                continue
    return None, None
