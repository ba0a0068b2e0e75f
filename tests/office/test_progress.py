"""Reports of progress: who may give one, what it settles, who is late, what a sheet may not say."""

from __future__ import annotations

from datetime import date

import pytest
from acting import Office, moment
from sayable import all_said, said

from office import absence, move, recurring, tick
from office.desk import Refused
from office.supervision import ledger, progress, progress_sheet
from office.supervision.ledger import TaskForm
from office.supervision.progress import Report
from storage import matters, occurrences
from storage.models import Matter, Occurrence, Progress

UNIT = "县住房和城乡建设局"


def enter(office: Office, at: str = "2026-11-24 09:00", **fields: object) -> Matter:
    given = {"title": "老旧小区改造", "section": UNIT, "due": moment("2027-03-31 17:30"), "source": "报告"}
    form = TaskForm.model_validate(given | fields)
    return ledger.enter(office.desk_at(at), form, office.member("钱雨桐"), told=False)


def give(
    office: Office, matter: Matter, at: str, percent: int | None, by: str = "叶向阳", **more: object
) -> Progress:
    report = Report.model_validate({"percent": percent, "words": "按计划推进"} | more)
    return progress.report(office.desk_at(at), matter, office.member(by), report)


def running(office: Office, matter: Matter) -> Occurrence:
    (one,) = occurrences.running_of(matter.id or 0, session=office.desk_at("2026-11-24 09:00").session)
    return one


def test_given_before_it_is_asked_for_it_settles_nothing(office: Office) -> None:
    matter = enter(office)
    assert give(office, matter, "2026-11-24 10:00", 30).period == "2026-11"
    assert running(office, matter).period == "2026-11"
    assert give(office, matter, "2026-11-25 09:00", 40).period == "2026-11"
    assert running(office, matter).period == "2026-12"
    assert give(office, matter, "2026-11-25 16:00", 45).period == "2026-11", "a correction of the same day"
    assert running(office, matter).period == "2026-12"


def test_it_may_not_fall_without_a_reason(office: Office) -> None:
    matter = enter(office)
    give(office, matter, "2026-11-24 10:00", 60)
    with pytest.raises(Refused, match="progress_falls") as refused:
        give(office, matter, "2026-11-24 11:00", 50)
    assert "60%" in said(refused.value)
    assert give(office, matter, "2026-11-24 11:00", 50, why="返工").why == "返工"
    assert give(office, matter, "2026-11-24 12:00", None).percent is None
    with pytest.raises(Refused, match="progress_falls"):
        give(office, matter, "2026-11-24 13:00", 45)


def test_the_same_as_last_time(office: Office) -> None:
    matter = enter(office)
    with pytest.raises(Refused, match="progress_nothing_before"):
        give(office, matter, "2026-11-24 10:00", None, unchanged=True)
    give(office, matter, "2026-11-24 10:00", 60)
    again = give(office, matter, "2026-11-25 10:00", None, unchanged=True)
    assert (again.percent, again.words) == (60, "与上期相同")


@pytest.mark.parametrize(
    ("by", "may"),
    [("叶向阳", True), ("钱雨桐", True), ("吴国华", True), ("孙可欣", False), ("王海涛", False)],
)
def test_who_may_report(office: Office, by: str, may: bool) -> None:
    matter = enter(office)
    if may:
        assert give(office, matter, "2026-11-24 10:00", 20, by=by).percent == 20
    else:
        with pytest.raises(Refused, match="progress_not_yours"):
            give(office, matter, "2026-11-24 10:00", 20, by=by)


def test_what_is_over_or_no_task_takes_no_report(office: Office) -> None:
    matter = enter(office)
    matter.state = "closed"
    with pytest.raises(Refused, match="progress_over") as refused:
        give(office, matter, "2026-11-24 10:00", 20)
    assert said(refused.value)
    document = office.log("2026-11-24 09:30", procedure="request")
    with pytest.raises(Refused, match="progress_no_task"):
        give(office, document, "2026-11-24 10:00", 20)


def test_a_closed_task_is_asked_no_more_and_a_reopened_one_again(office: Office) -> None:
    matter = enter(office)
    matter.state = "closed"
    office.runs_to("2026-11-25 09:00")
    assert "progress.list" not in office.wordings("叶向阳")
    assert not occurrences.running_of(matter.id or 0, session=office.desk_at("2026-11-25 09:00").session)
    matter.state = "open"
    recurring.follow_rhythm(office.desk_at("2026-11-26 09:00"), matter)
    assert running(office, matter).period == "2026-12"


def test_another_rhythm_takes_the_place_of_the_first(office: Office) -> None:
    matter = enter(office)
    matter.details = matter.details | {"rhythm": "half_monthly"}
    recurring.follow_rhythm(office.desk_at("2026-11-24 10:00"), matter)
    assert (running(office, matter).duty, running(office, matter).period) == (
        "progress_half_monthly",
        "2026-11下",
    )
    matter.details = matter.details | {"rhythm": None}
    recurring.follow_rhythm(office.desk_at("2026-11-24 11:00"), matter)
    assert not occurrences.running_of(matter.id or 0, session=office.desk_at("2026-11-24 11:00").session)


def test_who_has_fed_back_his_result_is_not_asked(office: Office) -> None:
    matter = enter(office)
    office.runs_to("2026-11-24 10:00")
    for words in (None, "已完成整改12处"):
        step = office.step(matter)
        move.sign(office.desk_at("2026-11-24 10:00"), step.id or 0, office.member("叶向阳"), words)
    office.runs_to("2026-12-02 10:00")
    assert not [one for one in office.wordings("叶向阳") if one.startswith("progress.")]
    assert progress.late(office.desk_at("2026-12-02 10:00"), "2026-11") == []


def test_late_not_given_and_excused(office: Office) -> None:
    one, two, three = (enter(office, title=f"任务{n}") for n in range(3))
    office.runs_to("2026-11-26 09:00")
    give(office, one, "2026-11-26 10:00", 10)
    office.runs_to("2026-12-02 10:00")
    give(office, two, "2026-12-02 10:00", 20)
    desk = office.desk_at("2026-12-02 11:00")
    late = progress.late(desk, "2026-11")
    assert [(row.matter.id, row.done_at is None) for row in late] == [(two.id, False), (three.id, True)]
    (unit,) = progress.by_unit(desk, "2026-11")
    assert unit == (UNIT, 3, 1, 1, 1)
    assert progress.late(desk, "2026Q4") == late
    assert progress.late(desk, "2026-10") == []
    assert all(all_said(desk.session, "progress."))


def test_who_was_asked_only_after_the_limit_is_not_named(office: Office) -> None:
    matter = enter(office)
    desk = office.desk_at("2026-12-10 10:00")  # the program stood still over the whole of it
    while tick.tick(desk):
        pass
    assert running(office, matter).state == "asked"
    assert progress.late(desk, "2026-11") == []


def test_the_stand_in_of_who_is_away_is_asked(office: Office) -> None:
    liaison, colleague = office.member("叶向阳"), office.member("王海涛")
    liaison.stand_in = colleague.name
    enter(office)
    day = date(2026, 11, 25)
    absence.record(office.desk_at("2026-11-24 10:00"), liaison, day, date(2026, 11, 27), by=liaison)
    office.runs_to("2026-11-25 09:00")
    assert "progress.list" in office.wordings("王海涛")
    assert "progress.list" not in office.wordings("叶向阳")
    assert len(progress.owed_by(office.desk_at("2026-11-25 10:00"), colleague)) == 1


def test_a_sheet_says_what_is_wrong_by_row_and_column(office: Office) -> None:
    one = enter(office)
    other = enter(office, section="县水利局", title="河道清淤")
    desk = office.desk_at("2026-11-25 10:00")
    lines = "\n".join(
        [
            "编号,本次进度,本次情况,行标识",
            f"{one.register_no},0.6,过半,T{one.id}",
            f"督〔2026〕9号,10,无,T{one.id}",
            "督〔2026〕99号,10,无,",
            f"{other.register_no},10,无,",
            f"{one.register_no},160,无,",
            "随便写的,10,无,",
            f"{one.register_no},,,",
        ]
    )
    sheets = progress_sheet.open_file(desk, "进展填报.csv", lines.encode())
    read = progress_sheet.read(desk, sheets, office.member("叶向阳"))
    assert [row.report.percent for row in read.rows] == [60]
    assert read.empty == 1
    found = [line.partition(" ")[2] for line in read.mistakes]
    assert [line[:3] for line in found] == ["第3行", "第4行", "第5行", "第6行", "第7行"]
    assert "与行标识不符" in found[0] and "没有这件督办事项" in found[1] and "不是贵单位牵头" in found[2]
    assert "0 到 100" in found[3] and "认不出编号" in found[4]
    with pytest.raises(Refused, match="import_errors"):
        progress_sheet.take(desk, sheets, office.member("叶向阳"))
    assert matters.matter(one.id or 0, session=desk.session).state == "open"
    assert progress.percent_of(desk, one) is None


def test_a_classified_sheet_is_not_taken(office: Office) -> None:
    desk = office.desk_at("2026-11-25 10:00")
    content = "编号,本次进度,本次情况\n督〔2026〕1号,10,机密★1年\n".encode()
    with pytest.raises(Refused, match="sheet_classified"):
        progress_sheet.open_file(desk, "进展填报.csv", content)
