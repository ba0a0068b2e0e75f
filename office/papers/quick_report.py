"""The emergency quick report 应急快报 (E2, E4): one text from what is known, and its paper.

The text follows the office's order: what happened, where and when, who reported it; casualties and
loss, trend; measures and leaders; what is asked for; what is still being checked. It says only what
was said: what nobody knows is 正在核实, and nothing is judged.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, NaiveDatetime

from office.papers.paper import FootRow, Line, Paper, Paragraph, write_docx
from office.papers.wording import chinese_hour, chinese_moment, chinese_number
from rules.patterns import lazy

UNKNOWN: Final = "正在核实"
_NOTHING: Final = ("无", "没有", "暂无", "暂没有", "暂时没有", "不需要", "暂不需要")
_NOTHING_SAID: Final = {
    "casualties": "暂无人员伤亡报告",
    "loss": "暂无财产损失报告",
    "trend": "事态暂无变化",
    "measures": "暂无处置措施报告",
    "leaders": "暂无领导到达现场",
    "help": "",
}
_STILL_OPEN: Final = {
    "when": "发生时间",
    "where": "具体地点",
    "casualties": "人员伤亡",
    "loss": "财产损失",
    "trend": "发展趋势",
    "measures": "处置措施",
    "source": "信息来源",
}
_ENDS: Final = "。；，、;,. \n\t\u3000"
_STOPS = lazy(r"[ \t\u3000]*(?:[。；，、\n][ \t\u3000]*)+")
_COUNT = lazy(r"(?:约|近)?[\d一二两三四五六七八九十百千]+余?[人名]")
_SUM = lazy(r"(?:约|近)?[\d.一二三四五六七八九十百千]+余?[万亿]*元")
_ON_THE_SPOT = lazy(r"现场|赶|赴|前往|途中|到达|指挥")
_ASKING = lazy(r"请|建议|需|希望|恳请")


class Elements(BaseModel):
    """What is known of an emergency, else empty or 正在核实; `when` is the office's wall clock."""

    model_config = ConfigDict(frozen=True)

    what: Line = ""
    """山体滑坡, or a whole sentence: 石桥镇红星村发生山体滑坡"""
    nature: Line = ""
    """自然灾害 · 事故灾难 · 公共卫生 · 社会安全, with its level if it has one"""
    where: Line = ""
    when: NaiveDatetime | None = None
    casualties: Line = ""
    loss: Line = ""
    trend: Line = ""
    measures: Line = ""
    leaders: Line = ""
    help: Line = ""
    source: Line = ""

    def said(self, element: str) -> str:
        """An element without its full stop; empty while it is not known."""
        text = _sentence(str(getattr(self, element) or ""))
        return "" if text == UNKNOWN else text


class QuickReport(BaseModel):
    """One issue. `first_words` is the message that opened the emergency, as it came.

    A follow-up says what is new since `previous`, after its own `news`; a final report also has
    `cause`, `aftermath` and `lessons`. `title` and `written_at` (an instant) are as in `Paper`.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["first", "follow_up", "final"] = "first"
    number: int = 0
    """which follow-up: 1 is 续报一"""
    issue: int
    office: Line
    masthead: Line = "应急快报"
    received_at: NaiveDatetime
    signed_at: NaiveDatetime
    title: Line = ""
    first_words: Line = ""
    elements: Elements
    previous: Elements | None = None
    news: Line = ""
    news_says: tuple[str, ...] = ()
    """elements that the news itself speaks of"""
    cause: Line = ""
    aftermath: Line = ""
    lessons: Line = ""
    report_to: tuple[Line, ...] = ()
    send_to: tuple[Line, ...] = ()
    signed_by: Line
    duty_officer: Line
    phone: Line = ""
    written_at: AwareDatetime


class Draft(NamedTuple):
    """The report in words, as it is shown for correction."""

    title: str
    paragraphs: tuple[str, ...]


def compose(report: QuickReport) -> Draft:
    """The report's title and text in the office's order of elements and wording."""
    match report.kind:
        case "first":
            lines = [_opening(report), *_state(report.elements), _open_points(report.elements) + _CLOSING]
        case "follow_up":
            lines = _follow_up(report)
        case "final":
            lines = _final(report)
    return Draft(report.title or _title(report), tuple(line for line in lines if line))


def quick_report_docx(report: QuickReport, draft: Draft | None = None) -> bytes:
    """The paper; `draft` is the text as it was corrected, else it is composed."""
    text = draft or compose(report)
    signers = (f"签发：{report.signed_by}", f"值班员：{report.duty_officer}", f"电话：{report.phone}")
    lists = (("报", report.report_to), ("送", report.send_to))
    return write_docx(
        Paper(
            title=text.title,
            written_at=report.written_at,
            author=report.office,
            masthead=report.masthead,
            number=f"第{report.issue}期",
            left=report.office,
            right=chinese_moment(report.signed_at),
            body=tuple(Paragraph.read(line) for line in text.paragraphs),
            foot=(
                *(FootRow(cells=(f"{word}：{'，'.join(names)}",)) for word, names in lists if names),
                FootRow(cells=signers),
            ),
        )
    )


_CLOSING: Final = "有关情况将及时续报。"


def _title(report: QuickReport) -> str:
    known = report.elements
    event = _event(known, verb="") or "突发事件"
    kind = {"first": "报告", "final": "终报"}.get(report.kind) or f"续报（{chinese_number(report.number)}）"
    return f"关于{event}的{kind}"


def _event(known: Elements, verb: str = "发生") -> str:
    """石桥镇红星村发生山体滑坡; a `what` that is a sentence already stays as it is."""
    what, where = known.said("what"), known.said("where")
    if not what:
        return ""
    whole = bool(where) and where in what
    return what if whole else f"{where}{'' if '发生' in what else verb}{what}"


def _opening(report: QuickReport) -> str:
    """What happened; when and from whom the office heard of it."""
    known, year = report.elements, report.signed_at.year
    event, source = _event(known), known.said("source")
    received = chinese_moment(report.received_at, year)
    if not event:
        words = _stated(report.first_words)
        return f"{received}，{report.office}接{source or '报'}{'报告' if source else ''}：{words}。"
    happened = f"{chinese_moment(known.when, year)}，" if known.when else ""
    if known.when and known.when.date() == report.received_at.date():
        received = chinese_hour(report.received_at)
    heard = f"接到{source}报告" if source else "接报"
    nature = f"初步判断为{known.said('nature')}。" if known.said("nature") else ""
    return f"{happened}{event}。{received}，{report.office}{heard}。{nature}"


def _state(known: Elements) -> list[str]:
    """Two paragraphs: casualties, loss and trend; measures, leaders and what is asked for."""
    harm = "；".join(part for part in (_casualties(known), _loss(known)) if part)
    trend, measures, asked = _plain(known, "trend"), _plain(known, "measures"), _asked(known)
    now = [f"截至目前，{harm}。" if harm else "", f"{'' if harm else '目前，'}{trend}。" if trend else ""]
    done = [f"事件发生后，{measures}。" if measures else "", _leaders(known), f"{asked}。" if asked else ""]
    return ["".join(now), "".join(done)]


def _plain(known: Elements, element: str) -> str:
    said = known.said(element)
    return _NOTHING_SAID[element] if said in _NOTHING else said


def _casualties(known: Elements) -> str:
    said = _plain(known, "casualties")
    return f"造成{said}" if _COUNT.match(said) else said


def _loss(known: Elements) -> str:
    said = _plain(known, "loss")
    return f"直接经济损失{said}" if _SUM.match(said) else said


def _leaders(known: Elements) -> str:
    said = _plain(known, "leaders")
    if not said:
        return ""
    return f"{said}。" if _ON_THE_SPOT.search(said) else f"{said}在现场。"


def _asked(known: Elements) -> str:
    said = _plain(known, "help")
    return said if not said or _ASKING.match(said) else f"请求{said}"


def _open_points(known: Elements, of: tuple[str, ...] = tuple(_STILL_OPEN)) -> str:
    """人员伤亡、财产损失等情况正在核实。"""
    names = [name for element, name in _STILL_OPEN.items() if element in of and not known.said(element)]
    if not names:
        return ""
    return f"{'、'.join(names)}{'等' if len(names) > 1 else ''}情况{UNKNOWN}。"


def _follow_up(report: QuickReport) -> list[str]:
    """What is new; casualties and loss are said each time, for they are what is looked for first."""
    before, now = report.previous or Elements(), report.elements
    harm = ("casualties", "loss")
    repeated = ("trend", "measures", "leaders", "help", *(one for one in harm if one in report.news_says))
    old = [element for element in repeated if now.said(element) == before.said(element)]
    changed = now.model_copy(update=dict.fromkeys(old, ""))
    opening = f"现将{_event(now, verb='') or '突发事件'}有关情况续报如下。"
    closing = _open_points(now, tuple(one for one in harm if one not in report.news_says)) + _CLOSING
    news = f"{_sentence(report.news)}。" if _sentence(report.news) else ""
    return [opening + news, *_state(changed), closing]


def _final(report: QuickReport) -> list[str]:
    """Cause, casualties and loss, measures, aftermath, lessons, each under its heading."""
    known = report.elements
    happened = f"{chinese_moment(known.when, report.signed_at.year)}，" if known.when else ""
    none = {"casualties": "未造成人员伤亡", "loss": "未造成财产损失"}
    harm = [
        none[element] if known.said(element) in _NOTHING else text or f"{_STILL_OPEN[element]}情况{UNKNOWN}"
        for element, text in (("casualties", _casualties(known)), ("loss", _loss(known)))
    ]
    parts = (
        (
            "事件经过和原因",
            f"{happened}{_event(known) or _stated(report.first_words)}。事件原因：{_stated(report.cause)}",
        ),
        ("人员伤亡和财产损失", "；".join(harm)),
        ("处置措施", _plain(known, "measures") or UNKNOWN),
        ("善后工作", _stated(report.aftermath)),
        ("经验教训", _stated(report.lessons)),
    )
    lines = [f"{_event(known, verb='') or '突发事件'}应急处置工作已结束，现将有关情况报告如下。"]
    for number, (heading, text) in enumerate(parts, 1):
        lines += [f"{chinese_number(number)}、{heading}", f"{text}。"]
    return lines


def _stated(text: str) -> str:
    return _sentence(text) or UNKNOWN


def _sentence(text: str) -> str:
    """What somebody typed, ready to have a stop put behind it: on one line, no stop doubled or left over."""
    return _STOPS.sub(lambda run: "。" if {"。", "\n"} & set(run[0]) else run[0].strip()[0], text).strip(
        _ENDS
    )
