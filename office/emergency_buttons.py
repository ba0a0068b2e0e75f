"""What may be pressed on the cards of an emergency; checked again when it is pressed."""

from __future__ import annotations

from typing import Any

from storage.models import Matter, Step

Rows = list[list[list[Any]]]

_STEPS: dict[str, list[list[str]]] = {
    "oral": [["em_known", "👌 已知悉"], ["em_phoned", "☎️ 已电话报告"]],
    "written": [["em_draft", "📄 快报稿"], ["em_ask", "✏️ 补充要素"]],
    "sign_off": [["em_sign", "✅ 签发"], ["em_back", "↩️ 退改"]],
    "convey": [["em_who", "📋 谁未确认"], ["em_conveyed", "☎️ 已电话传达"]],
    "follow_up": [["em_follow", "📝 续报"], ["em_final", "🏁 终报"]],
    "final": [["em_final", "🏁 终报"]],
}
"""for each step the verbs, with what the button says; they carry the step's id"""


def ringing(step: Step, matter: Matter) -> Rows:
    """Under a reminder or a rung of a step: what would end it, and the whole."""
    return [[[verb, step.id, label] for verb, label in _STEPS[step.key]], [["details", matter.id]]]
