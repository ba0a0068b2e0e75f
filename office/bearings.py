"""Who is in charge of a matter and who acts for them: the roster's answer, with leave taken into account."""

from __future__ import annotations

from office import absence
from office.desk import Desk, Refused
from rules import posts, rights
from rules.policy import StepRule
from rules.posts import Bearings
from rules.roster import Person
from storage import matters, people
from storage.models import Group, Matter, Member, Step


def bearings(desk: Desk, matter: Matter) -> Bearings:
    """What of a matter decides who is in charge of it."""
    registrar = people.member(matter.registrar_id, session=desk.session)
    handler = people.member(matter.handler_id, session=desk.session) if matter.handler_id else None
    return Bearings(
        section=matter.section,
        sender=matter.sender,
        units=tuple(matter.units),
        registrar=registrar.name,
        handler=handler.name if handler else None,
        duty_leader=matter.details.get("duty_leader"),
        duty_officer=matter.details.get("duty_officer"),
        supervision=supervision(desk),
    )


def supervision(desk: Desk) -> str | None:
    """The full name of the section that supervises (V2)."""
    found = desk.roster.unit_called(desk.policy.supervision.section)
    return found.name if found else None


def head_of(desk: Desk, unit: str | None) -> Member | None:
    """The head of a section; of a bureau or town, the liaison whom the office knows there 联络员."""
    found = posts.head_of(unit, desk.roster) if unit else None
    return people.by_name(found.name, session=desk.session) if found else None


def acting_head_of(desk: Desk, unit: str | None) -> Member | None:
    """Who acts for the head of a unit now: the stand-in while he is away."""
    head = head_of(desk, unit)
    return absence.who_acts(desk, head, desk.now)[0] if head else None


def person(desk: Desk, member: Member) -> Person:
    """A member as the rules know him, also one who is no longer active."""
    return desk.roster.by_name.get(member.name) or Person.model_validate(member, from_attributes=True)


def holder_for(desk: Desk, matter: Matter, rule: StepRule) -> tuple[Member, Member | None]:
    """Who acts on a step, and for whom he stands in. Refused where the post is vacant.

    Whom the matter itself names for the step (`details`) goes before the post that the policy names.
    """
    named = desk.roster.by_name.get(matter.details.get("holders", {}).get(rule.key, ""))
    found = named or posts.holder(rule.holder, bearings(desk, matter), desk.roster)
    owner = people.by_name(found.name, session=desk.session) if found else None
    if owner is None:
        raise Refused(
            "post_vacant", post=desk.policy.posts.names.get(rule.holder, rule.holder), step=rule.name
        )
    return absence.who_acts(desk, owner, desk.now)


def in_post(desk: Desk, matter: Matter, post: str) -> Member | None:
    """Who acts on a post for a matter; None where it is vacant."""
    found = posts.holder(post, bearings(desk, matter), desk.roster)
    owner = people.by_name(found.name, session=desk.session) if found else None
    return absence.who_acts(desk, owner, desk.now)[0] if owner else None


def on_rung(desk: Desk, matter: Matter, step: Step, who: str) -> Member | None:
    """Who stands on a rung above the one whose post the step is."""
    name = name_on_rung(desk, matter, step, who)
    return people.by_name(name, session=desk.session) if name else None


def name_on_rung(desk: Desk, matter: Matter, step: Step, who: str) -> str | None:
    """The name of the same."""
    owner = people.member(step.for_id or step.holder_id, session=desk.session)
    found = posts.rung(who, person(desk, owner), bearings(desk, matter), desk.roster)
    return found.name if found else None


def may_see(desk: Desk, matter: Matter, *, member: Member | None = None, group: Group | None = None) -> bool:
    """Whether a matter may be shown to a member (in private) or in a group."""
    if group is not None:
        if rights.group_sees_all(group.level, desk.policy):
            return True
        return rights.concerns([group.unit], bearings(desk, matter), _units_holding(desk, matter))
    assert member is not None
    viewer = person(desk, member)
    if rights.sees_all(viewer, desk.roster, desk.policy) or matter.registrar_id == member.id:
        return True
    if member.name in matter.scope:
        return True
    return rights.concerns(rights.units_of(viewer), bearings(desk, matter), _units_holding(desk, matter))


def units_shown(desk: Desk, group: Group | None) -> tuple[str, ...] | None:
    """The units whose figures a group may be shown; None: all (P4), as the supervising section's own."""
    if group is None or rights.group_sees_all(group.level, desk.policy) or group.unit == supervision(desk):
        return None
    return (group.unit,)


def _units_holding(desk: Desk, matter: Matter) -> set[str]:
    assert matter.id is not None
    held = matters.steps(matter.id, session=desk.session)
    return {one.unit for one in people.with_ids({s.holder_id for s in held}, session=desk.session).values()}
