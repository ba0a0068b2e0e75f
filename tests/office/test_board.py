"""The board (P7, V8): counts by unit and field, the next limits, who may see what; its picture."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from acting import Office
from PIL import Image
from sqlalchemy import event
from sqlmodel import select

from handlers import outgoing
from handlers.texts import Texts
from office import board
from office.ask import Asker
from office.board import Bar, View
from office.desk import Desk, Refused
from office.papers import fonts
from office.papers.board import WIDTH, board_png
from office.supervision import ledger, progress
from office.supervision.ledger import TaskForm
from office.supervision.progress import Report
from storage.models import Group, Matter, Outbox

NOW = "2026-11-24 09:00"
needs_type = pytest.mark.skipif(fonts.chinese() is None, reason="no picture here: a Noto CJK font is needed")


@pytest.fixture
def tasks(office: Office) -> Desk:
    """Five tasks of three units: one overdue, one due tomorrow, the rest later; and one document."""
    early = office.desk_at("2026-11-16 09:00")
    for title, unit, field, days in (
        ("修水库", "县水利局", "乡村振兴", 3),
        ("修渠", "县水利局", "乡村振兴", 9),
        ("修路", "县交通运输局", "城市建设", 30),
        ("修桥", "县交通运输局", "城市建设", 31),
        ("防汛演练", "县应急管理局", None, 40),
    ):
        due = early.now + timedelta(days=days)
        form = TaskForm(title=title, section=unit, field=field, due=due)
        ledger.enter(early, form, office.member("吴国华"))
    office.log("2026-11-23 10:00", procedure="request")
    return office.desk_at(NOW)


def view(desk: Desk, said: str, office: Office, who: str, group: Group | None = None) -> View:
    return board.view_of(desk, said, Asker(office.member(who), group))


def test_counts_by_unit_and_field_and_the_next_limits(tasks: Desk) -> None:
    shown = board.board(tasks, View())
    assert shown.total == Bar("督办看板", 6, 1, 1)
    assert shown.units[0] == Bar("县水利局", 2, 1, 1)
    assert {bar.name: bar.open for bar in shown.units} == {
        "县水利局": 2,
        "县交通运输局": 2,
        "县应急管理局": 1,
        "综合科": 1,
    }
    assert shown.fields == (Bar("乡村振兴", 2, 1, 1), Bar("城市建设", 2, 0, 0))
    assert [one.title for one in shown.next] == ["修渠", "关于预算的请示", "修路", "修桥", "防汛演练"]
    assert shown.next[0].soon and not shown.next[2].soon


def test_closed_matters_emergencies_and_meetings_are_not_on_it(tasks: Desk) -> None:
    for matter in tasks.session.exec(select(Matter).where(Matter.section == "县交通运输局")):
        matter.state = "closed"
    tasks.session.flush()
    other = tasks.session.exec(select(Matter).where(Matter.section == "县应急管理局")).one()
    other.procedure = "emergency"
    tasks.session.flush()
    assert {bar.name for bar in board.board(tasks, View()).units} == {"县水利局", "综合科"}


def test_the_board_of_one_unit_one_field_or_the_section_that_supervises(tasks: Desk, office: Office) -> None:
    of_unit = board.board(tasks, view(tasks, "水利局", office, "吴国华"))
    assert of_unit.title == "督办看板　县水利局" and of_unit.total.open == 2 and not of_unit.units
    of_field = board.board(tasks, view(tasks, "城建领域", office, "吴国华"))
    assert of_field.title == "督办看板　城市建设领域" and of_field.total.open == 2
    supervised = board.board(tasks, view(tasks, "督查科", office, "吴国华"))
    assert supervised.total.open == 5, "all tasks, but no document"


def test_what_is_not_known_is_asked_back(tasks: Desk, office: Office) -> None:
    with pytest.raises(Refused) as caught:
        view(tasks, "水力局", office, "吴国华")
    assert caught.value.reason == "board_unknown" and "水利局" in caught.value.facts["hint"]


def test_a_bureau_and_its_group_see_only_their_own(tasks: Desk, office: Office) -> None:
    mine = view(tasks, "", office, "魏长河")
    assert [one.title for one in board.board(tasks, mine).next] == ["修渠"]
    with pytest.raises(Refused, match="board_not_yours"):
        view(tasks, "交通局", office, "魏长河")
    group = Group(chat_id=-5, name="水利", unit="县水利局", level="units")
    assert board.board(tasks, view(tasks, "", office, "吴国华", group)).total.open == 2


@pytest.mark.sqlite
def test_only_the_index_of_what_is_open_is_read(tasks: Desk) -> None:
    asked: list[tuple[str, object]] = []
    assert tasks.calendar, "read once for all"
    engine = tasks.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    board.board(tasks, View())
    plans = []
    connection = tasks.session.connection()
    for statement, values in [one for one in asked if one[0].startswith("SELECT")]:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        plans.append(" ".join(str(row[-1]) for row in rows))
    assert re.search("COVERING INDEX matter_board", plans[0])
    assert re.search("INDEX matter_next", plans[1])


@needs_type
def test_the_picture_fits_a_phone(tasks: Desk) -> None:
    type_ = fonts.chinese()
    assert type_ is not None
    picture = Image.open(io.BytesIO(board_png(board.board(tasks, View()), type_)))
    assert picture.format == "PNG" and picture.width == WIDTH and picture.height < 5 * WIDTH
    colours = {colour for _, colour in picture.getcolors(1 << 24) or ()}
    assert {(212, 60, 60), (240, 169, 43), (143, 168, 200)} <= colours, "overdue, due soon, the rest"


@needs_type
def test_an_empty_board_is_a_picture_too(office: Office) -> None:
    type_ = fonts.chinese()
    assert type_ is not None and board_png(board.board(office.desk_at(NOW), View()), type_)


def test_without_chinese_type_the_same_is_said_in_words(tasks: Desk) -> None:
    assert fonts.chinese(("/nowhere",)) is None
    row = Outbox(op="photo", chat_id=1, priority=2, wording="board.caption", facts={"view": View()._asdict()})
    said = outgoing.picture(tasks, row, Texts(tasks.calendar.zone), None)
    assert said.op == "send" and said.document is None
    assert "没有中文字体" in said.text and "县水利局　在办 2，将到期 1，<b>逾期 1</b>" in said.text


def test_owed_reports_are_counted_and_listed_by_unit(tasks: Desk, office: Office) -> None:
    assert board.board(tasks, View()).owed == ()
    office.runs_to("2026-11-25 09:01")
    asked = office.desk_at("2026-11-25 10:00")
    shown = board.board(asked, View())
    assert [(one.unit, one.asked, one.late) for one in shown.owed] == [
        ("县交通运输局", 2, 0),
        ("县水利局", 2, 0),
        ("县应急管理局", 1, 0),
    ]
    (matter,) = asked.session.exec(select(Matter).where(Matter.title == "修路"))
    progress.report(asked, matter, office.member("程大勇"), Report(percent=30, words="开工"))
    late = office.desk_at("2026-11-30 18:00")
    shown = board.board(late, View())
    assert shown.reports == (4, 4)
    assert board.board(late, View(unit="县交通运输局")).reports == (1, 1)
    text = Texts(late.calendar.zone).render("board.text", board.facts(late, View()))
    assert "待报进展 4（已过期限 4）" in text and "县水利局　2，<b>已过期限 2</b>" in text


def test_the_morning_list_has_the_owed_reports_and_a_liaison_one_list_a_day(
    tasks: Desk, office: Office
) -> None:
    office.runs_to("2026-11-30 17:31")
    lists = [row for row in office.messages("魏长河") if row.wording.startswith("digest.")]
    assert {row.wording for row in lists} == {"digest.morning"}
    last = lists[-1].facts["reports"]
    assert (last["total"], [one["title"] for one in last["found"]]) == (2, ["修水库", "修渠"])
    assert "待报进展 2 项" in Texts(tasks.calendar.zone).render("digest.morning", lists[-1].facts)
    assert "digest.evening" in office.wordings("李文博"), "the office's own staff have an evening list, too"
