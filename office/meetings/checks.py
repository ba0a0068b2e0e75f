"""Steps of a meeting begin side by side; whoever holds several of them gets one card for all (M1)."""

from __future__ import annotations

from office import cards, move
from office.desk import Desk
from storage import matters, people
from storage.models import Clock, Matter, Step


def begin(desk: Desk, matter: Matter, *keys: str) -> list[Step]:
    """Begin steps, again where one was done before."""
    procedure = move.procedure_of(desk, matter)
    steps: list[Step] = []
    for key in keys:
        last = matters.last_step(matter.id or 0, key, session=desk.session)
        cycle = last.cycle + 1 if last else 0
        steps += move.begin(desk, matter, procedure.step(key), cycle=cycle, told=False)
    give_cards(desk, matter, steps)
    return steps


def give_cards(desk: Desk, matter: Matter, steps: list[Step]) -> None:
    """One card for each holder; a step whose holder cannot be reached rings its first rung at once."""
    for holder_id in dict.fromkeys(step.holder_id for step in steps):
        own = [step for step in steps if step.holder_id == holder_id]
        if _has_card(desk, matter, holder_id):
            continue
        if cards.hand_to_holder(desk, matter, own[0], people.member(holder_id, session=desk.session)) is None:
            desk.session.add_all(
                Clock(kind="unreached", matter_id=matter.id, step_id=step.id, at=desk.now) for step in own
            )


def _has_card(desk: Desk, matter: Matter, member_id: int) -> bool:
    standing = matters.standing_cards(matter.id or 0, kinds=["holder"], session=desk.session)
    return any(card.member_id == member_id for card in standing)
