"""Campaigns in chat (V9): 专项行动 …, the units' numbers, who stands where."""

from __future__ import annotations

from typing import Any

from handlers import find, misnamed, naming, reading
from handlers.context import Turn, rows_of
from handlers.entering import own_draft
from handlers.keyboards import Rows
from office import bearings
from office.desk import Refused
from office.supervision import campaign
from office.supervision.campaign import CampaignForm
from rules.campaign import read_campaign, read_values, shown
from rules.reading import misnamed as misnamed_in
from storage import campaigns, drafts
from storage.models import Draft, Matter

FORM = "campaign"
WORD = "专项行动"
_EXAMPLES = {
    "title": "秋冬季森林防火专项行动",
    "phases": "动员部署 12月10日前；集中整治 2月10日前；总结 2月28日前",
    "targets": "隐患整改率 95%；宣传入户 1200户",
    "units": "各乡镇、应急管理局",
}


def start(turn: Turn, said: str) -> None:
    """专项行动 <title>, with phases, targets and units in the same message or asked for."""
    if not turn.desk.policy.may(turn.member.roles, "register") and turn.member.unit != _section(turn):
        raise Refused("may_not_register")
    read = read_campaign(said, turn.desk.roster, turn.desk.calendar.local(turn.desk.now), turn.desk.calendar)
    form = campaign.form_of(read)
    draft = turn.begin_draft(FORM, form.model_dump(mode="json"))
    _go_on(turn, draft, form)


def _section(turn: Turn) -> str | None:
    return bearings.supervision(turn.desk)


def _go_on(turn: Turn, draft: Draft, form: CampaignForm) -> None:
    missing = form.missing()
    asked = missing[0] if missing else None
    drafts.write(draft, now=turn.desk.now, data=form.model_dump(mode="json"), asking=asked)
    near = [
        ["campaign_unit", f"{draft.id}:{place}", f"＋ {name}"]
        for place, (_, name) in enumerate(_meant(turn, form))
    ]
    buttons: Rows = [*rows_of(near), [["cancel", draft.id]]]
    if asked is None:
        buttons = [
            *rows_of(near),
            [
                ["campaign_confirm", draft.id, "✅ 确认"],
                ["campaign_edit", draft.id, "✏️ 修改"],
                ["cancel", draft.id],
            ],
        ]
    turn.answer(
        "campaign.preview",
        kind="draft",
        draft_id=draft.id,
        buttons=buttons,
        form=form.model_dump(mode="json"),
        targets=[{"name": one.name, "said": shown(one.number, one.measure)} for one in form.targets],
        asked=campaign.NAMES[asked] if asked else None,
        example=_EXAMPLES[asked] if asked else None,
    )


def continue_form(turn: Turn, draft: Draft) -> None:
    """The answer to what was asked; or, after 修改, any of its labelled parts anew."""
    form = CampaignForm.model_validate(draft.data)
    said, now = turn.text.strip(), turn.desk.calendar.local(turn.desk.now)
    part = str(draft.asking)
    new = campaign.form_of(read_campaign(said, turn.desk.roster, now, turn.desk.calendar, part))
    if part != "title":
        new.title = form.title
    told = {key: value for key in campaign.NAMES if (value := getattr(new, key))}
    left = new.left or ([] if told or part == "title" else [said])
    _go_on(turn, draft, form.model_copy(update={**told, "left": left}))


def take_unit(turn: Turn, target: str) -> None:
    """＋ 县财政局: the unit that a slip of typing meant."""
    draft_id, _, place = target.partition(":")
    draft = own_draft(turn, draft_id, FORM)
    form = CampaignForm.model_validate(draft.data)
    meant = reading.picked(_meant(turn, form), place)
    if meant is None:
        raise Refused("button_unknown")
    typed, name = meant
    form.units = list(dict.fromkeys([*form.units, name]))
    form.left = [one for one in form.left if one != typed]
    _go_on(turn, draft, form)


def _meant(turn: Turn, form: CampaignForm) -> list[tuple[str, str]]:
    """What was not understood, with a unit of which it may be a slip of typing."""
    return [(typed, name) for typed in form.left for name in reading.meant_unit(turn, typed)]


def edit(turn: Turn, target: str) -> None:
    """修改: the next message says the parts that are to be different."""
    draft = own_draft(turn, target, FORM)
    drafts.write(draft, now=turn.desk.now, asking="any")
    turn.answer("campaign.ask_change", draft_id=draft.id, kind="draft", buttons=[[["cancel", draft.id]]])


def confirm(turn: Turn, target: str) -> None:
    """确认: entered once, however often it is pressed."""
    draft = own_draft(turn, target, FORM)
    matter = campaign.enter(turn.desk, CampaignForm.model_validate(draft.data), turn.member)
    drafts.write(draft, now=turn.desk.now, state="done", data=draft.data | {"matter_id": matter.id})
    turn.say(f"已立项 {matter.register_no}")
    short = f"{matter.series}{matter.number}号"
    turn.rewrite(
        "campaign.entered",
        buttons=_buttons(matter),
        short=short,
        **campaign.facts(turn.desk, matter, turn.group),
    )


def numbers(turn: Turn, said: str) -> None:
    """进度 专1号 隐患整改率 82%；宣传 900户, or in reply to what asked for it."""
    matter, rest = naming.matter_of(turn, said, series=_series(turn))
    goals = campaigns.goals(matter.id or 0, unit=turn.member.unit, session=turn.desk.session)
    values = read_values(rest, [goal.target for goal in goals])
    told = campaign.report(turn.desk, matter, turn.member, values)
    left = [goal.target for goal in goals if goal not in told and goal.value is None]
    turn.answer(
        "campaign.reported",
        matter_id=matter.id,
        register_no=matter.register_no,
        title=matter.title,
        unit=turn.member.unit,
        goals=[campaign.goal_facts(goal) for goal in told],
        left=left,
    )


def goals_of(turn: Turn, said: str) -> None:
    """目标 专1号 城关镇 隐患整改率 98%: another goal for some units."""
    matter, rest = naming.matter_of(turn, said, series=_series(turn))
    if found := misnamed_in(rest, None, reading.context(turn)):
        misnamed.offer(turn, found, said, "campaign_goals")
        return
    units = reading.who(turn, rest)[1]
    known = campaigns.goals(matter.id or 0, session=turn.desk.session)
    values = read_values(rest, list(dict.fromkeys(goal.target for goal in known)))
    if not units or not values:
        raise Refused("no_value", targets=list(dict.fromkeys(goal.target for goal in known)))
    campaign.set_goal(turn.desk, matter, turn.member, units, values)
    turn.answer(
        "campaign.table", matter_id=matter.id, phase=None, **campaign.facts(turn.desk, matter, turn.group)
    )


def goals_put_right(turn: Turn, target: str) -> None:
    """The unit whose goal it is is pressed."""
    _, said = misnamed.put_right(turn, target, "campaign_goals")
    goals_of(turn, said or "")


def table(turn: Turn, target: str) -> None:
    """Who stands where."""
    matter = find.visible(turn, target)
    if matter.procedure != campaign.PROCEDURE:
        raise Refused("button_unknown")
    turn.answer(
        "campaign.table", matter_id=matter.id, phase=None, **campaign.facts(turn.desk, matter, turn.group)
    )


def replied(turn: Turn, matter: Matter) -> bool:
    """A reply to what asked for the numbers. False: it is about something else."""
    if matter.procedure != campaign.PROCEDURE or matter.state != "open":
        return False
    goals = campaigns.goals(matter.id or 0, unit=turn.member.unit, session=turn.desk.session)
    if not goals or not read_values(turn.text, [goal.target for goal in goals]):
        return False
    numbers(turn, turn.text)
    return True


def _series(turn: Turn) -> tuple[str, ...]:
    return (turn.desk.policy.tasks[campaign.PROCEDURE].series,)


def _buttons(matter: Matter) -> list[list[list[Any]]]:
    return [[["campaign_table", matter.id, "📊 各单位进度"], ["details", matter.id]]]


VERBS = {
    "campaign_unit": take_unit,
    "campaign_goals": goals_put_right,
    "campaign_confirm": confirm,
    "campaign_edit": edit,
    "campaign_table": table,
}
CONTINUE = {FORM: continue_form}
