"""Another liaison (P3): nothing moves before both have confirmed; then everything does, once."""

from __future__ import annotations

import pytest
from acting import Office, moment
from sayable import all_said, said

from office import absence, bearings, joining, liaisons, members, own_unit
from office.desk import Refused
from office.supervision import ledger
from office.supervision.ledger import TaskForm
from storage import liaisons as kept
from storage import people
from storage.models import LiaisonChange, Matter

UNIT, AT = "县住房和城乡建设局", "2026-11-24 10:00"


def enter(office: Office) -> Matter:
    form = TaskForm(title="老旧小区改造", section=UNIT, due=moment("2027-03-31 17:30"), source="政府工作报告")
    return ledger.enter(office.desk_at("2026-11-24 09:00"), form, office.member("钱雨桐"), told=False)


@pytest.fixture
def pair(office: Office) -> Office:
    """The unit has a second person, after its liaison: 杜长青."""
    office.member("杜长青").unit, office.member("杜长青").position = UNIT, 900
    office.desk_at(AT).session.flush()
    return office


def ask(office: Office, line: str, by: str, at: str = AT) -> LiaisonChange:
    return liaisons.ask(office.desk_at(at), UNIT, line, office.member(by))


def test_nothing_moves_before_both_have_confirmed(pair: Office) -> None:
    matter = enter(pair)
    change = ask(pair, "杜长青", "钱雨桐")
    liaisons.take(pair.desk_at(AT), change, pair.member("杜长青"))
    assert (change.state, pair.holder(matter)) == ("asked", "叶向阳")
    with pytest.raises(Refused, match="liaison_not_asked"):
        liaisons.give(pair.desk_at(AT), change, pair.member("杜长青"))
    liaisons.give(pair.desk_at(AT), change, pair.member("叶向阳"))
    assert (change.state, pair.holder(matter), change.moved) == ("done", "杜长青", [matter.id])
    with pytest.raises(Refused, match="liaison_over") as over:
        liaisons.give(pair.desk_at(AT), change, pair.member("叶向阳"))
    assert "已经交接完" in said(over.value)
    assert all(all_said(pair.desk_at(AT).session, "liaison."))


def test_what_a_stand_in_holds_for_the_old_one_goes_over_too(pair: Office) -> None:

    matter = enter(pair)
    old = pair.member("叶向阳")
    old.stand_in = "孙可欣"
    day = moment("2026-11-24 09:00").date()
    absence.record(pair.desk_at("2026-11-24 09:30"), old, day, day, by=old)
    pair.runs_to("2026-11-24 09:31")
    assert pair.holder(matter) == "孙可欣"
    change = ask(pair, "杜长青", "杜长青")
    assert "liaison.ask_office" in pair.wordings("吴国华"), "who is away is not waited for"
    liaisons.give_instead(pair.desk_at(AT), change, pair.member("吴国华"), "休假，电话核实")
    assert pair.holder(matter) == "杜长青"
    assert pair.member("杜长青").stand_in == "孙可欣"
    pair.runs_to("2026-11-25 10:00")
    assert pair.holder(matter) == "杜长青", "his return gives nothing back"


def test_the_new_one_does_not_confirm_in_the_old_ones_place(pair: Office) -> None:
    pair.member("杜长青").unit = UNIT
    pair.member("叶向阳").reach = "blocked"
    change = ask(pair, "杜长青", "杜长青")
    for name in ("杜长青", "孙可欣"):
        with pytest.raises(Refused, match="liaison_not_office") as refused:
            liaisons.give_instead(pair.desk_at(AT), change, pair.member(name), "电话核实")
        assert "督查科" in said(refused.value)
    with pytest.raises(Refused, match="words_missing"):
        liaisons.give_instead(pair.desk_at(AT), change, pair.member("吴国华"), "  ")


def test_later_tasks_and_those_who_leaned_on_him_follow(pair: Office) -> None:
    third = pair.member("孙可欣")
    third.unit, third.stand_in, third.position = UNIT, "叶向阳", 901
    change = ask(pair, "杜长青", "叶向阳")
    liaisons.take(pair.desk_at(AT), change, pair.member("杜长青"))
    assert pair.holder(enter(pair)) == "杜长青"
    assert third.stand_in == "杜长青"
    assert pair.member("杜长青").stand_in == "叶向阳"


def test_somebody_new_is_taken_on_without_rights_and_invited(office: Office) -> None:
    change = ask(office, "宋新民 13900007777 办公室副主任", "叶向阳")
    new = people.member(change.to_id, session=office.desk_at(AT).session)
    assert (new.unit, new.roles, new.phone) == (UNIT, ["handler"], "13900007777")
    desk = office.desk_at(AT)
    with pytest.raises(Refused, match="liaison_not_yours"):
        liaisons.invitation(desk, change, office.member("孙可欣"))
    code = liaisons.invitation(desk, change, office.member("叶向阳"))
    joined = joining.join(desk, code, 99_000_001)
    assert joined is not None and joined.id == new.id
    liaisons.resend(desk, joined)
    assert office.wordings("宋新民") == ["liaison.ask_new"]
    with pytest.raises(Refused, match="liaison_over"):
        liaisons.invitation(desk, change, office.member("叶向阳"))


@pytest.mark.parametrize(
    ("unit", "line", "by", "reason"),
    [
        (UNIT, "孙可欣", "叶向阳", "liaison_elsewhere"),
        (UNIT, "叶向阳", "叶向阳", "liaison_same"),
        (UNIT, "杜长青", "孙可欣", "liaison_not_yours"),
        ("综合科", "王海涛", "李文博", "liaison_no_unit"),
        (UNIT, "宋新民 角色 管理员", "叶向阳", "liaison_columns"),
        (UNIT, "", "叶向阳", "people_line_empty"),
    ],
)
def test_refused_at_once(office: Office, unit: str, line: str, by: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        liaisons.ask(office.desk_at(AT), unit, line, office.member(by))
    assert said(refused.value)
    assert kept.asked(unit, session=office.desk_at(AT).session) is None


def test_one_change_at_a_time_and_it_can_be_taken_back(pair: Office) -> None:
    change = ask(pair, "杜长青", "叶向阳")
    with pytest.raises(Refused, match="liaison_under_way") as refused:
        ask(pair, "宋新民", "钱雨桐")
    assert "杜长青" in said(refused.value)
    with pytest.raises(Refused, match="liaison_not_asked"):
        liaisons.withdraw(pair.desk_at(AT), change, pair.member("钱雨桐"))
    liaisons.decline(pair.desk_at(AT), change, pair.member("杜长青"))
    assert change.state == "declined"
    assert "liaison.ended" in pair.wordings("叶向阳")


def test_short_names_stay_unlike_those_of_others(office: Office) -> None:
    desk, by = office.desk_at(AT), office.member("叶向阳")
    assert own_unit.correct_short_names(desk, ["住建局", "城建局"], by).short_names == ["住建局", "城建局"]
    for names, reason in (
        (["水利局"], "short_name_taken"),
        (["住"], "short_name_length"),
        (["孙可欣"], "short_name_taken"),
        ([f"住建{n}" for n in "一二三四五六七八九"], "short_names_many"),
        (["住建局", "城建局"], "people_nothing_to_change"),
    ):
        with pytest.raises(Refused, match=reason) as refused:
            own_unit.correct_short_names(desk, names, by)
        assert said(refused.value)


def test_the_liaison_is_who_is_marked_not_who_stands_first(pair: Office) -> None:
    desk = pair.desk_at(AT)
    assert liaisons.unmarked(desk) == (
        f"没有标明联络员，暂按人员表里的第一位：{UNIT}（叶向阳）。请在人员表“角色”栏写上“联络员”。"
    )
    table = f"姓名,单位,角色\n杜长青,{UNIT},承办人|联络员\n".encode()
    members.import_people(desk, [("staff.csv", table)], by=None)
    assert bearings.head_of(desk, UNIT) == pair.member("杜长青")
    assert liaisons.unmarked(desk) is None


def test_the_mark_goes_over_with_the_change_and_stays_where_a_table_has_none(pair: Office) -> None:
    desk = pair.desk_at(AT)
    change = ask(pair, "杜长青", "叶向阳")
    liaisons.take(desk, change, pair.member("杜长青"))
    table = f"姓名,单位,角色\n叶向阳,{UNIT},承办人\n杜长青,{UNIT},承办人\n".encode()
    members.import_people(desk, [("staff.csv", table)], by=None)
    assert bearings.head_of(desk, UNIT) == pair.member("杜长青")
