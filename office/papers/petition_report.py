"""The report on a petition 信访事项办理情况报告 (V7): four parts under their headings."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict

from office.papers.paper import FootRow, Line, Paper, Paragraph, write_docx
from office.papers.wording import chinese_number


class PetitionReport(BaseModel):
    """What the paper says. `parts` are heading and text, in order; `points` what the petitioner raised."""

    model_config = ConfigDict(frozen=True)

    register_no: Line
    title: Line
    petitioner: Line
    unit: Line
    handler: Line
    phone: Line
    points: tuple[Line, ...]
    parts: tuple[tuple[Line, str], ...]
    written_at: AwareDatetime


def petition_report_docx(report: PetitionReport) -> bytes:
    """The report as a .docx in the office's form."""
    paper = Paper(
        title=f"关于{report.title.removeprefix('关于').removesuffix('。')}的办理情况报告",
        written_at=report.written_at,
        author=report.unit,
        body=(*_raised(report), *_parts(report)),
        signature=report.unit,
        dated=report.written_at.date(),
        foot=(FootRow(cells=(f"承办人：{report.handler}", f"电话：{report.phone or '—'}")),),
    )
    return write_docx(paper)


def _raised(report: PetitionReport) -> tuple[Paragraph, ...]:
    who = f"信访事项编号{report.register_no}" + (
        f"，信访人{report.petitioner}。" if report.petitioner else "。"
    )
    if not report.points:
        return (Paragraph(text=who),)
    listed = "；".join(f"{n}. {text}" for n, text in enumerate(report.points, 1))
    return (Paragraph(text=f"{who}反映诉求{len(report.points)}项：{listed}。"),)


def _parts(report: PetitionReport) -> tuple[Paragraph, ...]:
    paragraphs: list[Paragraph] = []
    for number, (heading, text) in enumerate(report.parts, 1):
        paragraphs.append(Paragraph(text=f"{chinese_number(number)}、{heading}", level=1))
        paragraphs += [Paragraph.read(line.strip()) for line in text.splitlines() if line.strip()]
    return tuple(paragraphs)
