"""Corrections of what is registered: who may, until when, and that everything follows."""

from __future__ import annotations

import pytest
from acting import moment
from sqlmodel import col, select

from office import amend, move
from office.amend import Amendment
from office.desk import Refused
from office.register import Form
from storage.models import Clock, Entry

AT, LATER = "2026-11-24 09:00", "2026-11-24 09:10"


@pytest.fixture
def matter(office):
    return office.log(AT, procedure="request", number="云财〔2026〕38号")


def accepted(office, matter):
    """The first step is signed."""
    head = office.member("李文博")
    move.sign(office.desk_at("2026-11-24 09:05"), office.step(matter).id, head)
    return matter


def change(office, matter, by="王思雨", at=LATER, **fields):
    return amend.amend(office.desk_at(at), matter.id, Amendment(**fields), office.member(by))


def refused(office, matter, by="王思雨", at=LATER, **fields) -> str:
    with pytest.raises(Refused) as found:
        change(office, matter, by, at, **fields)
    return found.value.reason


def test_register_journal_and_the_holder_follow(office, matter):
    change(office, matter, title="关于决算的请示", sender="县教育局", number="云教〔2026〕1号", copies=3)
    shown = (matter.title, matter.sender, matter.doc_number, matter.copies)
    assert shown == ("关于决算的请示", "县教育局", "云教〔2026〕1号", 3)
    session = office.desk_at(LATER).session
    entry = session.exec(select(Entry).where(col(Entry.act) == "amended")).one()
    assert "标题：关于预算的请示 → 关于决算的请示" in entry.facts["words"]
    assert "份数：无 → 3" in entry.facts["words"]
    assert "amend.told" in office.wordings("李文博")
    assert "amend.told" not in office.wordings("王思雨")


@pytest.mark.parametrize(
    ("by", "allowed"), [("王思雨", True), ("李文博", True), ("吴国华", False), ("蔡建军", False)]
)
def test_who_registered_it_or_a_registering_colleague_of_the_section(office, matter, by, allowed):
    if allowed:
        assert change(office, matter, by, title="关于决算的请示").title == "关于决算的请示"
    else:
        assert refused(office, matter, by, title="关于决算的请示") == "not_registrar"


def test_the_section_only_until_it_is_accepted(office, matter):
    change(office, matter, section="督查科")
    assert (matter.section, office.holder(matter)) == ("督查科", "吴国华")
    move.sign(office.desk_at("2026-11-24 09:15"), office.step(matter).id, office.member("吴国华"))
    assert refused(office, matter, section="综合科") == "amend_accepted"
    assert refused(office, matter, handler="王海涛") == "amend_accepted"


def test_the_limit_is_free_until_it_is_accepted(office, matter):
    due = moment("2026-12-30 17:30")
    change(office, matter, due=due)
    assert (matter.due_at, matter.first_due_at, matter.due_limit) == (due, due, None)
    assert refused(office, matter, due=moment("2026-11-24 09:10")) == "due_past"


def test_after_that_it_may_be_earlier_but_not_later_and_the_first_stays_on_record(office, matter):
    accepted(office, matter)
    first = matter.first_due_at
    assert refused(office, matter, due=moment("2026-12-30 17:30")) == "amend_due_later"
    earlier = moment("2026-12-01 17:30")
    change(office, matter, due=earlier)
    assert (matter.due_at, matter.first_due_at) == (earlier, first)
    session = office.desk_at(LATER).session
    rows = select(Clock).where(col(Clock.matter_id) == matter.id, col(Clock.step_id).is_(None))
    pending = [one for one in session.exec(rows) if one.state == "pending"]
    assert max(one.at for one in pending if one.kind == "due") == earlier


def test_what_is_over_is_not_corrected(office, matter):
    matter.state = "closed"
    assert refused(office, matter, title="关于决算的请示") == "amend_closed"


def test_only_what_differs_is_proposed(office, matter):
    desk = office.desk_at(LATER)
    form = Form(title="关于预算的请示", sender="县财政局", number="云财〔2026〕39号")
    found = amend.proposed(desk, matter, form)
    assert found.fields == ["number"]
    assert amend.shown(desk, matter, found)[0]["was"] == "云财〔2026〕38号"
    assert amend.proposed(desk, matter, Form()).fields == []
