"""Minutes of a meeting 会议纪要 (M3): masthead, number and date, what was decided, who was there."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, NaiveDatetime

from office.papers.paper import FootRow, Line, Paper, Paragraph, write_docx
from office.papers.wording import chinese_date, chinese_moment
from rules.patterns import lazy

_VERBS: Final = lazy(r"研究|讨论|部署|安排|听取|审议|传达|学习|调度|推进|总结|通报|会商|协商")
_OPENED: Final = lazy(r"^(?:\d{4}年)?\d{1,2}月\d{1,2}日")


class Attendance(BaseModel):
    """A unit or person, and who came instead."""

    model_config = ConfigDict(frozen=True)

    name: Line
    substitute: Line = ""

    @property
    def words(self) -> str:
        return f"{self.name}（{self.substitute}代）" if self.substitute else self.name


class Minutes(BaseModel):
    """What a meeting's minutes say; `text` as the drafter wrote it, a paragraph a line."""

    model_config = ConfigDict(frozen=True)

    masthead: Line
    office: Line
    number: Line = ""
    """纪要〔2026〕3号; empty while it is a draft"""
    issued: date
    title: Line
    at: NaiveDatetime
    place: Line = ""
    host: Line = ""
    text: str
    present: tuple[Attendance, ...] = ()
    absent: tuple[Attendance, ...] = ()
    recorder: Line = ""
    signer: Line = ""
    written_at: AwareDatetime


def minutes_docx(minutes: Minutes) -> bytes:
    """The minutes as a .docx."""
    lines = [line.strip() for line in minutes.text.splitlines() if line.strip()]
    opening = [] if lines and _OPENED.match(lines[0]) else [_opening(minutes)]
    body = [Paragraph.read(line) for line in (*opening, *lines)]
    body += [Paragraph(text=f"{word}：{_names(who)}。") for word, who in _lists(minutes) if who]
    signers = (f"签发：{minutes.signer}", f"记录：{minutes.recorder}") if minutes.signer else ()
    return write_docx(
        Paper(
            title=title_of(minutes),
            written_at=minutes.written_at,
            author=minutes.office,
            masthead=minutes.masthead,
            number=minutes.number or "（送审稿）",
            left=minutes.office,
            right=chinese_date(minutes.issued),
            body=tuple(body),
            foot=(FootRow(cells=signers),) if signers else (),
        )
    )


def title_of(minutes: Minutes) -> str:
    """研究抗旱工作 → 关于抗旱工作的会议纪要; 政府常务会议 → 政府常务会议纪要."""
    plain = minutes.title.strip("。；，")
    if plain.endswith(("会", "会议")):
        return f"{plain}纪要"
    verb = _VERBS.match(plain)
    return f"关于{plain[verb.end() :] if verb else plain}的会议纪要"


def _opening(minutes: Minutes) -> str:
    """When, where, chaired by whom, about what."""
    at = chinese_moment(minutes.at, minutes.issued.year)
    place = f"在{minutes.place}" if minutes.place else ""
    chaired = f"{minutes.host}{place}主持召开" if minutes.host else f"{place}召开"
    topic = minutes.title.strip("。；，")
    if topic.endswith(("会", "会议")):
        return f"{at}，{chaired}{topic}。现将会议纪要如下："
    return f"{at}，{chaired}会议，{topic if _VERBS.match(topic) else '研究' + topic}。现将会议纪要如下："


def _lists(minutes: Minutes) -> tuple[tuple[str, tuple[Attendance, ...]], ...]:
    return ("出席", minutes.present), ("缺席", minutes.absent)


def _names(who: tuple[Attendance, ...]) -> str:
    return "、".join(one.words for one in who)
