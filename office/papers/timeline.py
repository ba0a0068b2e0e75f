"""The timeline 办理经过 of a matter or an emergency on paper: what was due when, and what came when (E5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, NaiveDatetime

from office.papers.paper import Column, Line, Paper, Table, write_docx
from office.papers.wording import over_limit

_COLUMNS: Final = (
    Column(title="时间", width=20, centred=True),
    Column(title="事项", width=42),
    Column(title="办理人", width=9, centred=True),
    Column(title="应办时间", width=11, centred=True),
    Column(title="实办时间", width=11, centred=True),
    Column(title="备注", width=21),
)


class TimelineRow(BaseModel):
    """Something that happened. Times are naive and in the office's zone.

    `over` is how far past its limit it came where the limit counts working time; None: by the clock.
    """

    model_config = ConfigDict(frozen=True)

    at: NaiveDatetime
    what: Line
    who: Line = ""
    due: NaiveDatetime | None = None
    actual: NaiveDatetime | None = None
    over: timedelta | None = None
    remark: Line = ""

    @property
    def remarks(self) -> str:
        """超时限 12 分钟, then what else there is to say."""
        by_the_clock = self.actual - self.due if self.actual and self.due else timedelta(0)
        late = over_limit(by_the_clock if self.over is None else self.over)
        return "；".join(part for part in (late, self.remark) if part)


class Timeline(BaseModel):
    """A matter's timeline: its title, its number, its rows in the order they are to be printed."""

    model_config = ConfigDict(frozen=True)

    title: Line
    what: Line = "办理经过"
    number: Line
    office: Line
    rows: tuple[TimelineRow, ...]
    written_at: AwareDatetime


def timeline_docx(timeline: Timeline) -> bytes:
    """The timeline as a .docx: a table across the page."""
    moments = [at for row in timeline.rows for at in (row.at, row.due, row.actual) if at]
    with_year = len({at.year for at in moments}) > 1
    year = "" if with_year or not moments else f"{moments[0].year}年　"
    rows = tuple(_cells(row, with_year=with_year) for row in timeline.rows)
    paper = Paper(
        title=f"{timeline.title}{timeline.what}",
        written_at=timeline.written_at,
        author=timeline.office,
        left=f"{timeline.office}　{timeline.number}",
        right=f"{year}共 {len(rows)} 条",
        body=(Table(columns=_COLUMNS, rows=rows),),
        landscape=True,
    )
    return write_docx(paper)


def _cells(row: TimelineRow, *, with_year: bool) -> tuple[str, ...]:
    at = _moment(row.at, with_year=with_year)
    due, actual = (_moment(one, with_year=with_year, day=row.at.date()) for one in (row.due, row.actual))
    return (at, row.what, row.who, due, actual, row.remarks)


def _moment(at: datetime | None, *, with_year: bool, day: date | None = None) -> str:
    """11月25日 02:40; of the `day` that stands beside it only 02:40."""
    if at is None:
        return ""
    if at.date() == day:
        return f"{at:%H:%M}"
    return f"{f'{at.year}年' if with_year else ''}{at.month}月{at.day}日 {at:%H:%M}"
