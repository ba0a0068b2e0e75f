"""What may be pressed on the cards of an emergency; checked again when it is pressed."""

from __future__ import annotations

from typing import Any

from storage.models import Matter, Step

Rows = list[list[list[Any]]]

_STEPS: dict[str, list[list[str]]] = {
    "oral": [["em_known", "👌 已知悉"]],
    "written": [["em_draft", "📄 快报稿"], ["em_phone", "☎️ 电话已报告"]],
    "sign_off": [["em_sign", "✅ 签发"], ["em_back", "↩️ 退改"]],
    "convey": [["em_conveyed", "☎️ 电话已传达"]],
    "follow_up": [["em_follow", "📝 续报"]],
    "final": [["em_final", "🏁 终报"]],
}
"""for each step the verbs, with what the button says; 已知悉, 签发, 退改, 电话已传达 carry the step's id"""
_OF_STEP = {"em_known", "em_sign", "em_back", "em_conveyed"}


def of_step(step: Step) -> Rows:
    """What ends a step, or brings its end nearer."""
    buttons = _STEPS[step.key]
    return [[[verb, step.id if verb in _OF_STEP else step.matter_id, label] for verb, label in buttons]]


def ringing(step: Step, matter: Matter) -> Rows:
    """Under a reminder or a rung of a step."""
    return [*of_step(step), [["details", matter.id]]]
