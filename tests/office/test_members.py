"""Members: imports with every mistake by row and column, single lines, leaving, secondments."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from desks import SAMPLE, DeskAt, holding, named
from openpyxl import Workbook
from sqlmodel import col, select

from office import members, personnel
from office.desk import Desk, Refused
from storage import matters, people
from storage.models import Clock, Entry, Member, Outbox, Unit

UNITS = "name,short_names,kind,level\n综合科,综合,office,section\n督查科,督查,office,section\n"
HEAD = "姓名,科室,职务,B岗,电话,角色\n"


def _import(desk: Desk, *files: tuple[str, str | bytes]) -> members.Imported:
    raw = [(name, text.encode() if isinstance(text, str) else text) for name, text in files]
    return members.import_people(desk, raw, by=None)


def _mistakes(desk: Desk, *files: tuple[str, str | bytes]) -> list[str]:
    with pytest.raises(Refused) as caught:
        _import(desk, *files)
    assert caught.value.reason == "import_errors"
    lines: list[str] = caught.value.facts["lines"]
    return lines


def _admin(desk: Desk) -> Member:
    return named(desk, "赵一鸣")


# --- folders ----------------------------------------------------------------------------------------


def test_a_folder_is_read_in_its_order() -> None:
    roster = members.read_folder(SAMPLE)
    assert (len(roster.units), len(roster.people)) == (37, 63)
    assert roster.units[0].name == "县政府领导" and roster.people[0].name == "陈守正"
    assert roster.by_name["许文斌"].in_charge_of == ("综合科", "秘书一科")
    assert roster.unit_by_name["县政府办公室"].short_names[0] == "县府办"


def test_a_folder_with_mistakes_names_them_all(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(UNITS)
    (tmp_path / "staff.csv").write_text(HEAD + "张三,综和科,,,,\n李四,督查科,,,1,\n")
    with pytest.raises(ValueError) as caught:
        members.read_folder(tmp_path)
    assert len(str(caught.value).splitlines()) == 2


# --- imports ----------------------------------------------------------------------------------------


def test_importing_again_changes_nothing(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    files = [(path.name, path.read_bytes()) for path in SAMPLE.glob("*.csv")]
    again = members.import_people(desk, files, by=_admin(desk))
    assert (again.added, again.changed, again.unchanged, again.units_unchanged) == ((), (), 63, 37)
    assert sorted(again.skipped) == ["duty.csv", "groups.csv"]
    acts = desk.session.exec(select(Entry.act)).all()
    assert acts.count("members_imported") == 2


def test_importing_updates_only_the_columns_that_are_there(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    result = _import(desk, ("变动.csv", "姓名,单位,职务\n王海涛,综合科,三级主任科员\n新来,综合科,科员\n"))
    assert (result.added, result.changed) == (("新来",), ("王海涛",))
    changed = named(desk, "王海涛")
    assert (changed.post, changed.stand_in, changed.phone) == ("三级主任科员", "李文博", "13900001371")
    assert changed.roles == ["handler", "duty"]
    assert named(desk, "新来").position > named(desk, "魏长河").position


def test_every_mistake_is_named_and_nothing_is_kept(desk: DeskAt) -> None:
    now = desk("2026-11-24 09:00")
    rows = (
        "张 三,综和科,科员,李四四,1390000100,管理元\n"
        "张三,综合科,,张三,,admin、值班员\n"
        ",综合科,,,,\n"
        "李四,督查,,,0871-66123456,\n"
    )
    lines = _mistakes(now, ("units.csv", UNITS), ("名单.csv", HEAD + rows))
    assert [line.split("：")[0] for line in lines] == [
        "名单.csv 第2行 科室“综和科”",
        "名单.csv 第2行 电话“1390000100”",
        "名单.csv 第2行 角色“管理元”",
        "名单.csv 第3行 姓名“张三”",
        "名单.csv 第4行 姓名",
        "名单.csv 第2行 B岗“李四四”",
        "名单.csv 第3行 B岗“张三”",
    ]
    assert lines[0].endswith("是不是“综合科”？") and lines[5].endswith("是不是“李四”？")
    assert "admin（管理员）" in lines[2]
    assert now.session.exec(select(Member)).all() == []
    assert now.session.exec(select(Unit)).all() == []


def test_a_short_name_of_two_units_must_be_written_out(desk: DeskAt) -> None:
    units = UNITS + "督查室,督查,office,section\n"
    lines = _mistakes(desk("2026-11-24 09:00"), ("u.csv", units), ("s.csv", HEAD + "李四,督查,,,,\n"))
    assert lines == ["s.csv 第2行 科室“督查”：没有单位“督查”：督查室、督查科都这样简称，请写全称"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_that_offices_save(desk: DeskAt, encoding: str) -> None:
    text = HEAD + "张三,综合科,科员,,13900000000,收发员\n"
    result = _import(desk("2026-11-24 09:00"), ("units.csv", UNITS), ("s.csv", text.encode(encoding)))
    assert result.added == ("张三",)


def test_a_workbook_as_offices_make_them(desk: DeskAt) -> None:
    """A title over the header, a merged section, numbers as phones, widened names, blank lines, notes."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["县政府办公室工作人员名册"])
    sheet.merge_cells("A1:F1")
    sheet.append(["科室", "姓 名", "手机", "角色", "截止日期", "备注"])
    sheet.append(["综合科", "李  明", 13900000001, "科室负责人", None, "党员"])
    sheet.append([None, "欧阳慧", 13900000002.0, "承办人，值班员", date(2027, 1, 31), None])
    sheet.append([])
    sheet.append(["督查", "张三", "139 0000 0003", None, "2027年1月31日", None])
    sheet.merge_cells("A3:A4")
    units = book.create_sheet("单位")
    for line in UNITS.splitlines():
        units.append(line.split(","))
    book.create_sheet("空表")
    now = desk("2026-11-24 09:00")
    result = _import(now, ("名册.xlsx", _saved(book)))
    assert result.added == ("李明", "欧阳慧", "张三") and result.unknown == ("备注",)
    second = named(now, "欧阳慧")
    assert (second.unit, second.phone, second.roles) == ("综合科", "13900000002", ["handler", "duty"])
    assert second.active_until == named(now, "张三").active_until == date(2027, 1, 31)


def test_a_formula_without_its_value_is_named_by_its_cell(desk: DeskAt) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "单位"])
    sheet.append(["张三", "=B1"])
    lines = _mistakes(desk("2026-11-24 09:00"), ("名册.xlsx", _saved(book)))
    assert lines == ["名册.xlsx B2：公式还没有算出结果，请复制后“粘贴为数值”再存"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", "密码"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "不是有效的 .xlsx"),
        ("a.csv", b"\x81\x00\xff", "编码"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "表头"),
        ("a.csv", b"", "表头"),
        ("a.csv", b"name,unit\n" + b"x,y\n" * 3000, "3000 行"),
        ("a.csv", b"name,unit\n" + b"," * 70 + b"x\n", "64 列"),
        ("a.csv", b'name,unit\n"' + b"x" * 140_000 + b'"\n', "CSV"),
        ("a.csv", bytes(2 * 1024 * 1024 + 1), "2 MB"),
        ("g.csv", "群名称,单位,层级\n综合科内部群,综合科,section\n".encode(), "不是单位表或人员表"),
    ],
)
def test_what_cannot_be_read_says_why(desk: DeskAt, name: str, content: bytes, says: str) -> None:
    lines = _mistakes(desk("2026-11-24 09:00"), (name, content))
    assert len(lines) == 1 and lines[0].startswith(name) and says in lines[0]


def test_only_who_may_imports(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    with pytest.raises(Refused) as caught:
        members.import_people(desk, [("s.csv", (HEAD + "新来,综合科,,,,\n").encode())], named(desk, "杨振宇"))
    assert caught.value.reason == "people_no_right"


def test_an_import_may_not_take_away_the_last_administrator(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    file = ("s.csv", (HEAD + "赵一鸣,综合科,,,,承办人\n").encode())
    with pytest.raises(Refused) as caught, desk.session.begin_nested():
        members.import_people(desk, [file], _admin(desk))
    assert caught.value.reason == "people_last_admin"
    assert "admin" in _admin(desk).roles


def test_a_preview_keeps_nothing(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    sheets = members.open_files([("s.csv", (HEAD + "新来,综合科,,,,\n").encode())])
    assert members.preview(desk, sheets, _admin(desk)).added == ("新来",)
    assert people.by_name("新来", session=desk.session) is None


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- one at a time ----------------------------------------------------------------------------------


def test_a_line_in_chat_takes_somebody_on(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    line = "张三 综合 四级 科员 13900009999 B岗 王海涛 角色 承办人、值班员 至2027-01-31"
    member = personnel.add(desk, line, _admin(desk))
    assert (member.unit, member.post, member.phone) == ("综合科", "四级 科员", "13900009999")
    assert (member.stand_in, member.roles) == ("王海涛", ["handler", "duty"])
    assert member.active_until == date(2027, 1, 31)
    assert desk.roster.by_name["张三"].unit == "综合科"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "people_line_empty"),
        ("王海涛 综合科", "people_known"),
        ("张三 综和科", "people_unit_missing"),
        ("张三 综合科 电话 123", "people_line"),
        ("张三 综合科 B岗 王小明", "people_line"),
        ("13900009999 综合科", "people_line"),
    ],
)
def test_a_line_that_cannot_be_taken(sample_office: DeskAt, line: str, reason: str) -> None:
    desk = sample_office("2026-11-24 09:00")
    with pytest.raises(Refused) as caught:
        personnel.add(desk, line, _admin(desk))
    assert caught.value.reason == reason


def test_a_line_changes_only_what_it_names(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = personnel.change(desk, "王海涛 B岗 王思雨 电话 无", _admin(desk))
    assert (member.stand_in, member.phone, member.post) == ("王思雨", "", "副科长")
    with pytest.raises(Refused) as caught:
        personnel.change(desk, "王海滔 B岗 王思雨", _admin(desk))
    assert caught.value.reason == "people_unknown" and "王海涛" in caught.value.facts["hint"]


def test_roles_are_given_and_taken(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = named(desk, "王海涛")
    assert "clerk" in personnel.toggle_role(desk, member, "clerk", _admin(desk)).roles
    assert "clerk" not in personnel.toggle_role(desk, member, "clerk", _admin(desk)).roles
    with pytest.raises(Refused) as caught:
        personnel.toggle_role(desk, _admin(desk), "admin", _admin(desk))
    assert caught.value.reason == "people_last_admin"


# --- leaving ----------------------------------------------------------------------------------------


def test_who_leaves_hands_what_he_holds_to_his_stand_in(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = holding(desk, "王海涛", titles=2)
    member.telegram_id, member.reach = 4711, "ok"
    desk.session.add(Outbox(chat_id=4711, priority=3, wording="x.y", created_at=desk.now))
    left = personnel.deactivate(desk, member, _admin(desk))
    assert left.to is not None and (left.to.name, left.moved) == ("李文博", 2)
    assert left.stood_in_for == ("李文博",)
    assert matters.held_by(member.id or 0, session=desk.session) == []
    assert len(matters.held_by(left.to.id or 0, session=desk.session)) == 2
    assert people.by_telegram_id(4711, session=desk.session) is None
    to_him = select(Outbox.state).where(col(Outbox.chat_id) == 4711)
    assert set(desk.session.exec(to_him)) == {"superseded"}
    assert "王海涛" not in desk.roster.by_name


def test_who_left_and_is_imported_again_is_back(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    personnel.deactivate(desk, named(desk, "王海涛"), _admin(desk))
    assert _import(desk, ("s.csv", "姓名,单位\n王海涛,督查科\n")).changed == ("王海涛",)
    assert named(desk, "王海涛").unit == "督查科"


def test_the_last_administrator_stays(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    with pytest.raises(Refused) as caught, desk.session.begin_nested():
        personnel.deactivate(desk, _admin(desk), _admin(desk))
    assert caught.value.reason == "people_last_admin"
    assert _admin(desk).active


def test_a_secondment_ends_after_its_last_day(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = personnel.add(desk, "张三 综合科 至2026-12-01 B岗 王海涛", _admin(desk))
    clock = desk.session.exec(select(Clock).where(col(Clock.kind) == personnel.SECONDMENT_ENDS)).one()
    assert clock.about_id == member.id and str(desk.calendar.local(clock.at))[:16] == "2026-12-02 00:00"
    assert personnel.end_secondment(sample_office("2026-12-01 23:59"), member.id or 0) is None
    personnel.change(desk, "张三 至2026-12-10", _admin(desk))
    assert personnel.end_secondment(sample_office("2026-12-02 00:00"), member.id or 0) is None
    later = sample_office("2026-12-11 00:00")
    row = desk.session.exec(
        select(Clock).where(col(Clock.state) == "pending", col(Clock.about_id) == member.id)
    )
    personnel.CLOCKS[personnel.SECONDMENT_ENDS](later, row.one())
    assert not member.active
    states = desk.session.exec(select(Clock.state).where(col(Clock.about_id) == member.id)).all()
    assert sorted(states) == ["cancelled", "pending"]
    assert later.now - desk.now > timedelta(days=16)
