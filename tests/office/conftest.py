"""The sample office with everybody reachable."""

from __future__ import annotations

import pytest
from acting import DeskAt, Office
from calling import DutyRoom
from meeting_rooms import Meetings
from sqlmodel import select

from storage.models import Member


@pytest.fixture
def office(sample_office: DeskAt) -> Office:
    session = sample_office("2026-11-20 09:00").session
    for number, member in enumerate(session.exec(select(Member))):
        member.telegram_id, member.reach = 700_000_000 + number, "ok"
    session.flush()
    return Office(sample_office)


@pytest.fixture
def duty_room(office: Office) -> DutyRoom:
    """The same, with its duty roster."""
    return DutyRoom(office.desk_at)


@pytest.fixture
def rooms(office: Office) -> Meetings:
    """The same, with its meetings."""
    return Meetings(office)
