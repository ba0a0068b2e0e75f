"""Codes: of the first administrator, of invitations; once, for a time, for one account."""

from __future__ import annotations

from datetime import date

import pytest
from desks import DeskAt, named
from sqlmodel import col, select

from office import joining, personnel
from office.desk import Refused
from storage import people
from storage.models import Entry, Member, Refusal, Secret


def test_codes_are_long_random_and_kept_as_a_digest_only(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = named(desk, "王海涛")
    codes = {joining.invite(desk, member, named(desk, "赵一鸣")) for _ in range(50)}
    assert len(codes) == 50
    code = joining.invite(desk, member, named(desk, "赵一鸣"))
    assert len(code.replace("-", "")) * 5 == 80
    assert member.join_code == joining.digest(code) and code not in (member.join_code or "")
    assert all(code not in str(entry.facts) for entry in desk.session.exec(select(Entry)))


@pytest.mark.parametrize("written", ["ABCD-EFGH-IJKO-23BZ", "abcdefghijko23bz", "ABCD EFGH 1JK0 238Z"])
def test_a_code_may_be_written_as_people_write(written: str) -> None:
    assert joining.digest(written) == joining.digest("ABCDEFGHIJKO23BZ")


# --- invitations ------------------------------------------------------------------------------------


def test_an_invitation_is_for_one_account_and_one_use(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    code = joining.invite(desk, named(desk, "王海涛"), named(desk, "赵一鸣"))
    joined = joining.join(desk, code, 4711)
    assert joined is not None
    assert (joined.name, joined.telegram_id, joined.reach) == ("王海涛", 4711, "ok")
    assert joining.join(desk, code, 4712) is None
    assert named(desk, "王海涛").telegram_id == 4711


def test_an_invitation_lasts_seven_days(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    code = joining.invite(desk, named(desk, "王海涛"), named(desk, "赵一鸣"))
    assert joining.join(sample_office("2026-12-01 09:00"), code, 4711) is None
    assert joining.join(sample_office("2026-12-01 08:59"), code, 4711) is not None


def test_a_new_invitation_makes_the_old_one_worthless(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    admin, member = named(desk, "赵一鸣"), named(desk, "王海涛")
    old, new = joining.invite(desk, member, admin), joining.invite(desk, member, admin)
    assert joining.join(desk, old, 4711) is None
    assert joining.join(desk, new, 4711) is not None


def test_a_member_who_has_a_new_account_is_invited_again(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    admin, member = named(desk, "赵一鸣"), named(desk, "王海涛")
    joining.join(desk, joining.invite(desk, member, admin), 4711)
    joining.join(desk, joining.invite(desk, member, admin), 4712)
    assert people.by_telegram_id(4711, session=desk.session) is None
    assert people.by_telegram_id(4712, session=desk.session) == member


def test_one_account_is_one_member(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    admin = named(desk, "赵一鸣")
    joining.join(desk, joining.invite(desk, named(desk, "王海涛"), admin), 4711)
    code = joining.invite(desk, named(desk, "李文博"), admin)
    with pytest.raises(Refused) as caught:
        joining.join(desk, code, 4711)
    assert caught.value.reason == "people_is_member"
    assert joining.join(desk, code, 4712) is not None, "the code is not used up by the refusal"


def test_only_an_administrator_invites_and_only_who_is_active(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    with pytest.raises(Refused) as caught:
        joining.invite(desk, named(desk, "王海涛"), named(desk, "杨振宇"))
    assert caught.value.reason == "people_no_right"
    member = named(desk, "王海涛")
    code = joining.invite(desk, member, named(desk, "赵一鸣"))
    personnel.deactivate(desk, member, named(desk, "赵一鸣"))
    assert joining.join(desk, code, 4711) is None


# --- the first administrator ------------------------------------------------------------------------


def test_in_an_empty_office_whoever_sends_the_code_is_administrator(desk: DeskAt) -> None:
    now = desk("2026-11-24 09:00")
    code = joining.first_code(now)
    assert code is not None and joining.first_candidates(now, code) == []
    member = joining.claim_first(now, code, 4711, "  Zhao  Yiming ")
    assert member is not None
    assert (member.name, member.roles, member.telegram_id) == ("Zhao Yiming", ["admin"], 4711)
    assert joining.first_code(now) is None
    assert joining.claim_first(now, code, 4712, "X") is None


def test_the_only_administrator_of_a_roster_is_who_sends_the_code(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = joining.claim_first(desk, joining.first_code(desk) or "", 4711, "无所谓")
    assert member is not None and member.name == "赵一鸣"


def test_of_several_administrators_one_is_chosen(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    other = personnel.toggle_role(desk, named(desk, "王海涛"), "admin", named(desk, "赵一鸣"))
    code = joining.first_code(desk) or ""
    candidates = joining.first_candidates(desk, code)
    assert candidates is not None and {one.name for one in candidates} == {"王海涛", "赵一鸣"}
    assert joining.claim_first(desk, code, 4711, "x") is None
    choices = {one.name: own for one, own in joining.first_choices(desk, code)}
    assert set(choices) == {"王海涛", "赵一鸣"}
    assert joining.join(desk, choices["王海涛"], 4711) == other
    assert joining.join(desk, choices["赵一鸣"], 4712) is None, "the other choice is worth nothing now"
    assert joining.first_candidates(desk, code) is None


def test_there_are_no_choices_without_the_right_code(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    personnel.toggle_role(desk, named(desk, "王海涛"), "admin", named(desk, "赵一鸣"))
    joining.first_code(desk)
    assert joining.first_choices(desk, joining.new_code()) == []
    assert named(desk, "王海涛").join_code is None


def test_each_start_gives_a_new_code_until_one_is_used(desk: DeskAt) -> None:
    now = desk("2026-11-24 09:00")
    old, new = joining.first_code(now), joining.first_code(now)
    assert old is not None and new is not None and old != new
    assert joining.claim_first(now, old, 4711, "x") is None
    assert joining.claim_first(now, new, 4711, "x") is not None


def test_after_too_many_wrong_codes_the_first_code_is_dead(desk: DeskAt) -> None:
    now = desk("2026-11-24 09:00")
    code = joining.first_code(now) or ""
    for _ in range(joining.FIRST_TRIES):
        assert joining.first_candidates(now, code) == []
        joining.count_wrong(now)
    assert joining.first_candidates(now, code) is None
    counted = now.session.get(Refusal, (date(2026, 11, 24), "wrong_code"))
    assert counted is not None and counted.count == joining.FIRST_TRIES
    assert joining.first_candidates(now, joining.first_code(now) or "") == []


def test_the_first_administrator_becomes_a_person_of_the_roster(desk: DeskAt, sample_office: DeskAt) -> None:
    """He came before there was a roster; invited as a person of it he is that person, and still may all."""
    now = sample_office("2026-11-24 09:00")
    for one in people.with_role("admin", session=now.session):
        one.roles = []
        now.session.add(one)
    early = joining.claim_first(now, joining.first_code(now) or "", 4711, "Zhao")
    assert early is not None and early.unit == ""
    person = named(now, "赵一鸣")
    joined = joining.join(now, joining.invite(now, person, early), 4711)
    assert joined == person and joined.telegram_id == 4711 and "admin" in joined.roles
    assert not early.active and early.telegram_id is None


def test_codes_of_the_office_are_nowhere_in_clear(desk: DeskAt) -> None:
    now = desk("2026-11-24 09:00")
    code = joining.first_code(now) or ""
    secret = now.session.exec(select(Secret).where(col(Secret.name) == joining.FIRST)).one()
    assert secret.digest == joining.digest(code)
    assert now.session.exec(select(Member)).all() == []


# --- reach ------------------------------------------------------------------------------------------


def test_who_blocks_the_bot_and_starts_it_again(sample_office: DeskAt) -> None:
    desk = sample_office("2026-11-24 09:00")
    member = named(desk, "王海涛")
    joining.join(desk, joining.invite(desk, member, named(desk, "赵一鸣")), 4711)
    assert not joining.reached(desk, member)
    joining.blocked(desk, 4711)
    desk.session.refresh(member)
    assert member.reach == "blocked"
    assert joining.reached(desk, member) and member.reach == "ok"
