"""The office's rules as frozen models: what may stand in `rules/policy/` (read by rules/policy_files.py)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rules.asking import AskingRule
from rules.emergency import EmergencyRule
from rules.event import From
from rules.limits import parse_limit
from rules.meetings import MeetingRule
from rules.patterns import lazy
from rules.reading.words import Secrecy, Words
from rules.recurring import RecurringRule
from rules.roster import Level
from rules.supervision import SupervisionRule
from rules.working_time import Hours, Notice

Verb = Literal[
    "sign",
    "shortcut",
    "acknowledge",
    "hand_over",
    "send_back",
    "return_to_sender",
    "close",
    "defer",
    "details",
    "progress",
    "split",
    "transfer",
]
Holder = Literal[
    "section",
    "handler",
    "unit_head",
    "supervisor",
    "registrar",
    "scope",
    "deputy_director",
    "director",
    "leader",
    "chief_leader",
    "duty_leader",
    "duty_officer",
]
Rung = Literal[
    "stand_in",
    "section_head",
    "supervisor",
    "deputy_director",
    "director",
    "leader",
    "chief_leader",
    "registrar",
    "duty_leader",
]
Right = Literal[
    "register",
    "manage_members",
    "bind_groups",
    "see_all",
    "load_calendar",
    "record_leave",
    "return_to_sender",
    "keep_duty",
    "supervise",
]
Field_ = Literal["sender", "title", "number", "section", "scope", "due"]
_SHARE = lazy(r"[1-9][0-9]?%")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _limit(text: str) -> str:
    try:
        parse_limit(text)
    except ValueError:
        raise ValueError('时限写作 "30min"、"2h"、"today"、"5d"、"10wd"，倒推加负号如 "-3wd"') from None
    return text


class Rungs(_Data):
    """A rung 层级 of a ladder: who is told, when: `after` the limit, or `at` a time from its beginning."""

    who: Rung
    after: str | None = None
    at: str | None = None
    again: bool = False
    """whether it also rings somebody whom an earlier rung has told"""

    @field_validator("after", "at")
    @classmethod
    def _when(cls, text: str | None) -> str | None:
        return _limit(text) if text is not None else None

    @model_validator(mode="after")
    def _either(self) -> Rungs:
        if (self.after is None) == (self.at is None):
            raise ValueError("写 after（到期后多久）或 at（从起算多久），两者取一")
        return self


class Ladder(_Data):
    """What rings when: reminders before a limit, overdue after it, then rung by rung."""

    name: str
    remind: tuple[str, ...]
    overdue: str
    rungs: tuple[Rungs, ...]

    _overdue = field_validator("overdue")(_limit)

    @field_validator("remind")
    @classmethod
    def _reminders(cls, points: tuple[str, ...]) -> tuple[str, ...]:
        for point in points:
            if not (_SHARE.fullmatch(point) or re.fullmatch(r"-[1-9][0-9]?wd", point)):
                raise ValueError(f'{point!r}：提醒点写作百分数（"50%"）或到期前的工作日（"-3wd"）')
        return points


class Shortcut(_Data):
    """Another way on from a step: past those between, one of whom is told of it (D7)."""

    to: str
    """the key of a later step"""
    label: str
    tells: Holder


class StepRule(_Data):
    """A step 环节 of a procedure: who holds it, by when, what may be done."""

    key: str
    name: str
    todo: str
    holder: Holder
    limit: str
    from_: From = Field("begun", alias="from")
    """event, event_end: the beginning and the end of what the matter is about (a meeting, a signing)"""
    ladder: str
    source: str
    sign: str = "签字"
    """what the button says that signs it, or closes it"""
    opinion: bool = False
    """whether words may be written instead of the button's"""
    words: bool = False
    """whether words must be written: a result, which no button can say"""
    pass_over: bool = False
    """whether it is passed over where its holder signed the step before, or its post is vacant"""
    other_than: tuple[str, ...] = ()
    """keys of earlier steps: whoever signed one of them may not sign this one (V4)"""
    back: str | None = None
    """the key of the step that it is sent back to, where that is not the one before"""
    again: str | None = None
    """the limit of the step when it begins again after the limit that it takes is over"""
    repeats: Literal["phases"] | None = None
    """whether it begins again for each phase of the matter, with the phase's limit (V9)"""
    requires: Literal["four_parts"] | None = None
    """what must be there before it can be signed: a petition's report with its four parts (V7)"""
    closes: bool = False
    clock: Literal["office", "round"] | None = None
    """how minutes and hours of its limit run, where not as the procedure's"""
    takes_due: bool = False
    """whether the limit that a document names is this step's, in place of its own"""
    shortcut: Shortcut | None = None
    verbs: tuple[Verb, ...]

    @field_validator("limit", "again")
    @classmethod
    def _step_limit(cls, text: str | None) -> str | None:
        return text if text in ("whole", None) else _limit(text)


class Whole(_Data):
    """The limit of a matter as a whole, counted from its receipt."""

    limit: str
    source: str
    ladder: str

    _whole = field_validator("limit")(_limit)


class Recognised(_Data):
    """What tells a kind of document from those that are read alike (V7): words, and where they stand."""

    opens: tuple[str, ...] = ()
    """words that a message begins with, after the order to enter it"""
    title_ends: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    """words anywhere before the title, where it was read as one of `of`"""
    of: tuple[str, ...] = ()
    sender: Literal["leader"] | None = None
    """who sends it where nobody is named as the sender: the first leader named in the message"""


class Procedure(_Data):
    """A procedure 流程: a kind of document, its fields, its steps and their limits."""

    key: str
    name: str
    source: str
    series: str
    kind: Literal["document", "task", "emergency", "meeting"] = "document"
    """document: it can be logged; task: it is supervised; the steps of both follow each other.

    emergency, meeting: the steps run side by side."""
    required: tuple[Field_, ...] = ()
    asks_answer: bool = False
    recognised: Recognised | None = None
    return_limit: str = "today"
    urgent: bool = False
    clock: Literal["office", "round"] = "office"
    whole: Whole | None = None
    steps: tuple[StepRule, ...] = Field(min_length=1)

    deferred_by: tuple[Rung, ...] = ("section_head", "deputy_director", "director", "leader", "chief_leader")
    """who may grant a deferral: the first of them who can be told and does not hold the step himself (V10)"""

    _return = field_validator("return_limit")(_limit)

    @property
    def in_order(self) -> bool:
        """Whether its steps follow each other."""
        return self.kind in ("document", "task")

    def step(self, key: str) -> StepRule:
        return next(step for step in self.steps if step.key == key)

    def position(self, key: str) -> int:
        return next(i for i, step in enumerate(self.steps) if step.key == key)


class Quiet(_Data):
    """When ordinary matters keep quiet."""

    from_: time = Field(alias="from")
    until: time
    days_off: bool = True

    @model_validator(mode="after")
    def _over_night(self) -> Quiet:
        if self.from_ <= self.until:
            raise ValueError("免打扰从晚上到次日早上，from 须晚于 until")
        return self


class YearTable(_Data):
    """The office's own table of one year over the public one."""

    off: dict[date, str] = {}
    worked: dict[date, str] = {}


class CalendarRule(_Data):
    """Office hours, quiet hours, and notices of holidays over the shipped ones."""

    hours: Hours
    quiet: Quiet
    notices: dict[int, YearTable] = {}

    def own_notices(self) -> dict[int, Notice]:
        tables = self.notices.items()
        return {year: Notice.model_validate({"year": year, **table.model_dump()}) for year, table in tables}


class Posts(_Data):
    """What posts are called, what roles may do, what groups may see (P4)."""

    names: dict[str, str]
    rights: dict[str, tuple[Right, ...]]
    groups: dict[str, Literal["all", "own"]]


class RoundRule(_Data):
    """A recurring piece of work, as a cron line in the office's zone."""

    name: str
    cron: str
    on: Literal["every_day", "working_days"] = "every_day"
    levels: tuple[Level, ...] = get_args(Level)
    """whose it is, by the level of the unit; what is sent to nobody in particular is of all"""

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, line: str) -> str:
        if len(line.split()) != 5:
            raise ValueError('写作五段："分 时 日 月 周"，如 "30 8 * * *"')
        try:
            CronTrigger.from_crontab(line)
        except ValueError:
            raise ValueError("各段须在范围内：分 0-59、时 0-23、日 1-31、月 1-12、周 0-6") from None
        return line


class DutyRule(_Data):
    """Duty 值班 (E6): when it changes over, what is looked at before and after it."""

    change_over: time
    room: str
    """the unit that keeps the duty room, by its full or a short name"""
    look_ahead: int = Field(ge=1, le=31)
    reach_lead: str
    unanswered_after: str
    sign_reminder: str
    sign_leader: str

    @field_validator("reach_lead", "unanswered_after", "sign_reminder", "sign_leader")
    @classmethod
    def _spans(cls, text: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,2}(min|h)", text):
            raise ValueError('写作 "30min" 或 "1h"')
        return text

    def rounds(self) -> dict[str, str]:
        """When its rounds must run: the first two fields of their cron lines."""
        limit = parse_limit(self.reach_lead)
        lead = timedelta(**{"minutes" if limit.unit == "min" else "hours": limit.amount})
        over = datetime.combine(date.min + timedelta(days=2), self.change_over)
        instants = {"duty_change_over": over, "duty_reachable": over - lead}
        return {name: f"{at.minute} {at.hour}" for name, at in instants.items()}


class EntryRule(_Data):
    """entry.toml: how much one entry may bring, and what is asked before it is entered."""

    file_megabytes: int = Field(ge=1, le=2000)
    list_documents: int = Field(ge=1, le=40)
    internal: Literal["ask", "refuse", "warn"]


class Policy(_Data):
    """Everything the office works by."""

    calendar: CalendarRule
    ladders: dict[str, Ladder]
    posts: Posts
    rounds: dict[str, RoundRule]
    recurring: dict[str, RecurringRule]
    duty: DutyRule
    emergency: EmergencyRule
    asking: AskingRule
    supervision: SupervisionRule
    meetings: MeetingRule
    entry: EntryRule
    procedures: dict[str, Procedure]
    words: Words
    secrecy: Secrecy

    @property
    def documents(self) -> dict[str, Procedure]:
        """The procedures a document can be logged under."""
        return {key: one for key, one in self.procedures.items() if one.kind == "document"}

    @property
    def tasks(self) -> dict[str, Procedure]:
        """The procedures of what is supervised (V2, V7)."""
        return {key: one for key, one in self.procedures.items() if one.kind == "task"}

    def may(self, roles: list[str] | tuple[str, ...], right: Right) -> bool:
        """Whether one of these roles carries a right."""
        return any(right in self.posts.rights.get(role, ()) for role in roles)
