"""The supervision notice 督办通知单 (V2), and the second one that sets a limit for putting right (V5).

A form under the office's masthead: what is to be done, who does it, by when, how it is reported; at the
foot a slip 回执 that the unit fills in and sends back.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from office.papers.paper import Form, Line, Paper, Paragraph, Slip, write_docx
from office.papers.wording import chinese_date

_SLIP_WITHIN: Final = "请于收到当日签收，并将回执反馈{section}。"


class Again(BaseModel):
    """What a second notice answers: the first one, its limit, and why the matter is not done with."""

    model_config = ConfigDict(frozen=True)

    first_number: Line
    """督〔2026〕8号"""
    first_issued: date
    first_limit: date
    reason: Line
    """已逾期12天 · 两次反馈均被退回：…"""
    informed: Line = ""
    """the leader who is told of it"""


class SupervisionNotice(BaseModel):
    """A notice to the unit that leads. Days are the office's; what is empty is left out of the form."""

    model_config = ConfigDict(frozen=True)

    number: Line
    """督〔2026〕8号"""
    office: Line
    masthead: Line = "督办通知单"
    issued: date
    matter: Line
    field: Line = ""
    source: Line = ""
    """政府工作报告 · 县长批示"""
    lead: Line
    supporting: tuple[Line, ...] = ()
    handler: Line = ""
    requirements: Line = ""
    """a line each, where there are several"""
    limit: date
    rhythm: Line = ""
    """每月25日前报送进展"""
    section: Line
    """the section that supervises: 督查科"""
    contact: Line = ""
    phone: Line = ""
    again: Again | None = None
    written_at: AwareDatetime


def supervision_notice_docx(notice: SupervisionNotice) -> bytes:
    """The notice as a .docx."""
    again = notice.again
    paper = Paper(
        title=f"{notice.masthead}（{notice.number}）",
        untitled=True,
        written_at=notice.written_at,
        author=notice.office,
        masthead=notice.masthead,
        urgency="限期整改" if again else "",
        number=notice.number,
        addressee=notice.lead,
        body=(Paragraph(text=_opening(notice)), Form(rows=_rows(notice))),
        signature=notice.office,
        dated=notice.issued,
        slip=Slip(title="督办通知单回执", form=Form(rows=_slip(notice))),
    )
    return write_docx(paper)


def _opening(notice: SupervisionNotice) -> str:
    again = notice.again
    within = _SLIP_WITHIN.format(section=notice.section)
    if again is None:
        return f"现将下列事项交你单位牵头办理，请按要求抓好落实，在时限内办结并报送结果。{within}"
    return (
        f"{chinese_date(again.first_issued)}以{again.first_number}交你单位办理的下列事项，"
        f"至今未按要求办结。请限期整改，在时限内报送整改结果，并说明原因。{within}"
    )


def _rows(notice: SupervisionNotice) -> tuple[tuple[str, ...], ...]:
    again = notice.again
    rows: list[tuple[str, ...]] = [("督办事项", notice.matter)]
    rows += _paired(("来　　源", notice.source), ("领　　域", notice.field))
    rows += _paired(("牵头单位", notice.lead), ("责 任 人", notice.handler))
    rows += _paired(("配合单位", "、".join(notice.supporting)))
    if again is not None:
        rows.append(("首次通知", again.first_number, "首次时限", chinese_date(again.first_limit)))
        rows.append(("存在问题", again.reason))
    rows += _paired(("整改要求" if again else "办理要求", notice.requirements))
    rows += _paired(
        ("整改时限" if again else "办结时限", chinese_date(notice.limit)), ("报送频次", notice.rhythm)
    )
    rows += _paired(("抄　　送", again.informed if again else ""))
    rows += _paired(("督办科室", notice.section), ("联 系 人", f"{notice.contact}　{notice.phone}".strip()))
    return tuple(rows)


def _paired(*cells: tuple[str, str]) -> list[tuple[str, ...]]:
    """A row of the labels that have a value; none where none has."""
    said = [cell for cell in cells if cell[1]]
    return [tuple(text for cell in said for text in cell)] if said else []


def _slip(notice: SupervisionNotice) -> tuple[tuple[str, ...], ...]:
    return (
        ("通知编号", notice.number, "签收单位", notice.lead),
        ("签 收 人", "", "签收时间", ""),
        ("承 办 人", "", "联系电话", ""),
    )
