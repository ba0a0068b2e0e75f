"""The supervision bulletin 督查通报 (V8): its text from the figures, its paper, the ledger annexed to it.

Units are named and ranked by completion, persons never. Each rate is printed with its numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict

from office.papers.ledger import LedgerColumn, Sheet, Value, write_xlsx
from office.papers.paper import Column, FootRow, Line, Paper, Paragraph, Table, write_docx
from office.papers.wording import chinese_date, chinese_number
from rules.rates import Tally

_UNITS: Final = (
    Column(title="单位", width=34),
    *(
        Column(title=title, width=width, centred=True)
        for title, width in (
            ("交办", 9),
            ("办结", 9),
            ("办结率", 13),
            ("到期", 9),
            ("按期", 9),
            ("按期率", 13),
            ("逾期", 9),
        )
    ),
)
TABLE: Final = "各单位办理情况见下表。"
"""the paragraph under which the table stands"""


class Named(NamedTuple):
    """A task that is named: 督8号《…》."""

    unit: str
    number: str
    title: str


class Told(NamedTuple):
    """What a bulletin tells, in plain values; days are the office's."""

    name: str
    """2026年11月"""
    total: Tally
    units: tuple[Tally, ...]
    overdue: tuple[Named, ...]
    late_reports: Mapping[str, int]
    lights: Mapping[str, Sequence[Named]]
    second: tuple[Named, ...]
    looked_back: tuple[tuple[Named, bool], ...]
    best: int
    best_from: int
    asks: tuple[str, ...]
    """with {limit} where the day stands"""
    limit: date


def compose(told: Told) -> tuple[str, tuple[str, ...]]:
    """Title and paragraphs of the bulletin, as they are shown for correction."""
    parts = (
        ("总体情况", [_overall(told), TABLE]),
        ("进展较好的单位", _best(told)),
        ("存在的问题", _problems(told)),
        ("回访情况", _looked_back(told)),
        ("工作要求", _asks(told)),
    )
    lines = [f"现将{told.name}督查督办情况通报如下。"]
    for number, (heading, text) in enumerate(((head, text) for head, text in parts if text), 1):
        lines += [f"{chinese_number(number)}、{heading}", *text]
    return f"关于{told.name}督查督办情况的通报", tuple(lines)


def _overall(told: Told) -> str:
    """Given, done, in time, overdue; each rate as a formula with its numbers."""
    total = told.total
    also = [f"逾期未办结{total.overdue}项"]
    also += [f"经批准延期{total.deferred}项，按批准后的时限计算"] if total.deferred else []
    also += [f"因不属职责范围转出{total.transferred}项，单独统计"] if total.transferred else []
    return (
        f"{told.name}在督事项{total.given}项，其中新交办{total.new}项；办结{total.done}项，"
        f"办结率（办结÷交办）为{total.done_rate.formula}。到期应办结{total.due}项，按期办结{total.on_time}项，"
        f"按期办结率（按期办结÷到期）为{total.on_time_rate.formula}。{'；'.join(also)}。"
    )


def _best(told: Told) -> list[str]:
    """The units named for their completion; none that has something overdue."""
    rates = [(one, one.done_rate.value) for one in told.units if not one.overdue]
    good = [one for one, rate in rates if rate is not None and rate * 100 >= told.best_from][: told.best]
    if not good:
        return []
    return ["、".join(f"{one.name}（{one.done_rate.words}）" for one in good) + "办理及时，予以肯定。"]


def _problems(told: Told) -> list[str]:
    """Overdue, late reports, lights and second notices, by unit."""
    found = []
    if told.overdue:
        found.append(f"逾期未办结。{_by_unit(told.overdue)}。")
    if told.late_reports:
        late = "、".join(f"{unit}{count}次" for unit, count in told.late_reports.items())
        found.append(f"进展报送不及时。{late}。")
    for name, tasks in told.lights.items():
        found.append(f"{name}{len(tasks)}项。{_counts(tasks)}。")
    if told.second:
        found.append(f"二次督办、限期整改{len(told.second)}项。{_by_unit(told.second)}。")
    return [f"（{chinese_number(number)}）{line}" for number, line in enumerate(found, 1)]


def _by_unit(tasks: Iterable[Named]) -> str:
    """县水利局2项（督8号、督12号）；…"""
    units = _grouped(tasks)
    return "；".join(f"{unit}{len(numbers)}项（{'、'.join(numbers)}）" for unit, numbers in units.items())


def _counts(tasks: Iterable[Named]) -> str:
    return "、".join(f"{unit}{len(numbers)}项" for unit, numbers in _grouped(tasks).items())


def _grouped(tasks: Iterable[Named]) -> dict[str, list[str]]:
    units: dict[str, list[str]] = defaultdict(list)
    for one in tasks:
        units[one.unit].append(one.number)
    return dict(sorted(units.items(), key=lambda pair: -len(pair[1])))


def _looked_back(told: Told) -> list[str]:
    """How many were true; those that were not, by unit."""
    if not told.looked_back:
        return []
    opening = f"回访已办结事项{len(told.looked_back)}项"
    false = [one for one, true in told.looked_back if not true]
    if not false:
        return [f"{opening}，均属实。"]
    true = len(told.looked_back) - len(false)
    return [f"{opening}，属实{true}项，不属实{len(false)}项：{_by_unit(false)}。"]


def _asks(told: Told) -> list[str]:
    day = chinese_date(told.limit)
    return [f"（{chinese_number(n)}）{ask.replace('{limit}', day)}" for n, ask in enumerate(told.asks, 1)]


class Bulletin(BaseModel):
    """An issue that was signed out."""

    model_config = ConfigDict(frozen=True)

    masthead: Line
    issue: int
    office: Line
    signed_on: date
    title: Line
    paragraphs: tuple[Line, ...]
    units: tuple[Tally, ...]
    total: Tally
    signed_by: Line
    report_to: tuple[Line, ...] = ()
    send_to: tuple[Line, ...] = ()
    written_at: AwareDatetime


def supervision_bulletin_docx(bulletin: Bulletin) -> bytes:
    """The paper: the table stands under its paragraph, or at the end where that was taken out."""
    body: list[Paragraph | Table] = []
    table = Table(columns=_UNITS, rows=tuple(_row(one) for one in (*bulletin.units, bulletin.total)))
    for line in bulletin.paragraphs:
        body.append(Paragraph.read(line))
        if line == TABLE:
            body.append(table)
    if table not in body:
        body.append(table)
    lists = (("报", bulletin.report_to), ("送", bulletin.send_to))
    paper = Paper(
        title=bulletin.title,
        written_at=bulletin.written_at,
        author=bulletin.office,
        masthead=bulletin.masthead,
        number=f"第{bulletin.issue}期",
        left=bulletin.office,
        right=chinese_date(bulletin.signed_on),
        body=tuple(body),
        annexes=("督办事项台账",),
        foot=(
            *(FootRow(cells=(f"{word}：{'，'.join(names)}",)) for word, names in lists if names),
            FootRow(cells=(f"签发：{bulletin.signed_by}", chinese_date(bulletin.signed_on))),
        ),
    )
    return write_docx(paper)


def _row(one: Tally) -> tuple[str, ...]:
    due = (one.due, one.on_time, one.on_time_rate.words, one.overdue)
    counts = (one.given, one.done, one.done_rate.words, *due)
    return (one.name, *map(str, counts))


_LEDGER: Final = (
    LedgerColumn(title="编号", width=16),
    LedgerColumn(title="任务", width=40),
    LedgerColumn(title="来源", width=20),
    LedgerColumn(title="牵头单位", width=20),
    LedgerColumn(title="配合单位", width=22),
    LedgerColumn(title="责任人", width=10),
    LedgerColumn(title="交办日期", kind="date", width=12),
    LedgerColumn(title="原定时限", kind="date", width=12),
    LedgerColumn(title="现定时限", kind="date", width=12),
    LedgerColumn(title="进度", kind="percent", width=9),
    LedgerColumn(title="状态", width=12),
    LedgerColumn(title="办结日期", kind="date", width=12),
    LedgerColumn(title="办理结果", width=36),
)


class LedgerTask(NamedTuple):
    """A task as a row of the annexed ledger; days are the office's."""

    field: str
    number: str
    title: str
    source: str
    lead: str
    supporting: str
    handler: str
    given: date
    first_due: date
    due: date
    progress: float | None
    """a share of one; None: nothing was said"""
    state: str
    closed: date | None
    result: str


def task_ledger_xlsx(tasks: Sequence[LedgerTask], *, written_at: datetime) -> bytes:
    """The ledger: one sheet per field, in the order in which the fields come."""
    fields: dict[str, list[tuple[Value, ...]]] = defaultdict(list)
    for one in tasks:
        fields[one.field].append(tuple(value if value != "" else None for value in one[1:]))
    sheets = [
        Sheet(name=name, columns=_LEDGER, rows=tuple(rows), paper="A3") for name, rows in fields.items()
    ]
    return write_xlsx(sheets or [Sheet(name="督办事项", columns=_LEDGER)], written_at=written_at)
