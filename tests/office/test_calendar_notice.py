"""A notice of holidays is loaded: provisional limits are computed anew, the holder is told."""

from __future__ import annotations

import pytest
from acting import moment

from office import calendar, cards
from office.desk import Refused

NOTICE_2027 = {
    "year": 2027,
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-04", "isOffDay": True},
    ],
}


def test_a_limit_that_reaches_into_a_year_without_notice_is_provisional(office):
    matter = office.log("2026-12-28 09:00", procedure="request")
    assert matter.provisional
    assert cards.matter_facts(office.desk_at("2026-12-28 09:00"), matter)["provisional"]


def test_loading_the_notice_moves_it_and_its_clocks(office):
    matter = office.log("2026-12-28 09:00", procedure="request")
    before = matter.due_at
    calendar.load_notice(office.desk_at("2026-12-29 09:00"), NOTICE_2027)
    assert before == moment("2027-01-12 17:30")
    assert (matter.due_at, matter.provisional) == (moment("2027-01-13 17:30"), False)


@pytest.mark.parametrize(
    ("document", "reason"),
    [({"year": 2027, "days": []}, "notice_empty"), ({"year": "x", "days": []}, "notice_malformed")],
)
def test_a_notice_that_says_nothing_is_refused(office, document, reason):
    with pytest.raises(Refused, match=reason):
        calendar.load_notice(office.desk_at("2026-12-29 09:00"), document)
