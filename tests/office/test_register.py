"""Logging: limits as the rules say, numbers without gap or duplicate, what is missing named."""

from __future__ import annotations

import threading

import pytest
from acting import ZONE, moment
from sqlmodel import Session

from office import register
from office.desk import Calendars, Refused, open_desk
from office.register import Form
from storage import matters, people

CASES = [
    ("request", "2026-11-24 09:00", "11-24 09:30", "12-08 17:30"),
    ("request", "2026-11-24 11:50", "11-24 13:50", "12-08 17:30"),
    ("request", "2026-11-27 17:20", "11-30 09:20", "12-11 17:30"),
    ("superior", "2026-11-24 09:00", "11-24 11:00", None),
    ("superior", "2026-11-24 16:30", "11-25 10:00", None),
    ("urgent", "2026-11-28 02:00", "11-28 02:20", None),
    ("letter", "2026-11-24 09:00", "11-24 17:30", None),
]


@pytest.mark.parametrize(("procedure", "at", "first", "whole"), CASES)
def test_the_limits_of_a_logged_document(office, procedure, at, first, whole):
    matter = office.log(at, procedure=procedure)
    assert f"{office.step(matter).due_at.astimezone(ZONE):%m-%d %H:%M}" == first
    assert (f"{matter.due_at.astimezone(ZONE):%m-%d %H:%M}" if matter.due_at else None) == whole


def test_the_limit_the_document_names_stands_for_the_procedures_own(office):
    matter = office.log("2026-11-24 09:00", procedure="request", due=moment("2026-11-27 17:30"))
    assert matter.due_at == moment("2026-11-27 17:30")


def test_the_limit_a_circulation_names_is_its_readers(office):
    due = moment("2026-11-26 17:30")
    readers = ["许文斌", "沈慧敏"]
    matter = office.log("2026-11-24 09:00", procedure="circulation", scope=readers, section=None, due=due)
    steps = matters.open_steps(matter.id, session=office.desk_at("2026-11-24 09:00").session)
    assert [step.due_at for step in steps] == [due, due]
    office.runs_to("2026-11-27 10:00")
    assert office.wordings("许文斌").count("alert.reminder") == 4


def test_one_series_for_documents_and_one_for_letters(office):
    kinds = ("request", "superior", "urgent", "letter", "request")
    numbers = [office.log("2026-11-24 09:00", procedure=kind).register_no for kind in kinds]
    assert numbers == ["收〔2026〕1号", "收〔2026〕2号", "收〔2026〕3号", "信〔2026〕1号", "收〔2026〕4号"]


def test_numbers_begin_anew_with_the_year(office):
    office.log("2026-12-31 09:00", procedure="request")
    assert office.log("2027-01-04 09:00", procedure="request").register_no == "收〔2027〕1号"


def test_what_is_missing_is_named(office):
    with pytest.raises(Refused) as refused:
        office.log("2026-11-24 09:00", procedure="request", sender=None, section=None)
    assert refused.value.facts["fields"] == ["来文单位", "承办单位"]


def test_a_limit_in_the_past_is_refused(office):
    with pytest.raises(Refused, match="due_past"):
        office.log("2026-11-24 09:00", procedure="request", due=moment("2026-11-23 17:30"))


def test_two_at_once_get_two_numbers_and_a_rollback_leaves_no_gap(office, engine, policy):
    office.desk_at("2026-11-24 09:00").session.commit()
    calendars = Calendars(ZONE, policy)
    form = Form(procedure="request", sender="县财政局", title="关于预算的请示", section="综合科")

    def log_one(number: int) -> None:
        with Session(engine) as session:
            desk = open_desk(session, moment("2026-11-24 09:00"), policy, calendars)
            by = people.by_name("王思雨", session=session)
            assert by is not None
            register.register(desk, form, by)
            if number % 3 == 0:
                session.rollback()
            else:
                session.commit()

    threads = [threading.Thread(target=log_one, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        found = [
            m.number
            for m in matters.between(moment("2026-01-01 00:00"), moment("2027-01-01 00:00"), session=session)
        ]
    assert sorted(found) == list(range(1, 9))


def test_a_counterpart_in_the_county_names_the_leader_in_charge(office):
    matter = office.log("2026-11-24 09:00", procedure="superior", sender="省水利厅")
    from office import bearings

    desk = office.desk_at("2026-11-24 09:00")
    rule = policy_step(desk, "superior", "leader")
    holder, _ = bearings.holder_for(desk, matter, rule)
    assert holder.name == "何国栋"


def policy_step(desk, procedure, key):
    return desk.policy.procedures[procedure].step(key)
