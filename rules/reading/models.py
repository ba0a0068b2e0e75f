"""What reading is given and what it answers, as plain values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.reading.words import Secrecy, Words
from rules.roster import Roster
from rules.working_time import Calendar

Act = Literal[
    "log",
    "emergency",
    "sign",
    "close",
    "defer",
    "hand_over",
    "leave",
    "duty_log",
    "instruct",
    "find",
    "mine",
    "help",
    "none",
]
Procedure = Literal["request", "superior", "circulation", "urgent", "letter"]
Urgency = Literal["特急", "加急"]
Category = Literal["自然灾害", "事故灾难", "公共卫生", "社会安全"]
Measure = Literal["list", "count", "holder", "progress", "average_time", "unread", "rank"]
State = Literal["open", "overdue", "due_soon", "closed", "waiting_signature"]
Period = tuple[date, date]
"""First and last day, both included."""


class Context(BaseModel):
    """All that reading may know beside the text: the office, who writes, where and when."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    roster: Roster
    calendar: Calendar
    words: Words
    secrecy: Secrecy
    writer: str | None = None
    """full name of a person of the roster, None for somebody who is not in it"""
    chat: Literal["private", "group"] = "private"
    reference: datetime
    """when it was written; aware"""


class Doubt(BaseModel):
    """A limit whose words leave open which instant they mean: ask which."""

    model_config = ConfigDict(frozen=True)

    words: str
    at: tuple[datetime, ...]
    """in order"""
    over: bool = False
    """whether the first is over already, no year having been said"""


class Item(BaseModel):
    """One matter, document or event of a message. What was not said stays None or empty."""

    model_config = ConfigDict(frozen=True)

    procedure: Procedure | None = None
    sender: str | None = None
    """a county unit by its full name, any other as typed; of an instruction: the leader's full name"""
    title: str | None = None
    """without 《》"""
    number: str | None = None
    """发文字号 in its normal form 云财〔2026〕12号"""
    urgency: Urgency | None = None
    copies: int | None = None
    due: datetime | None = None
    """aware; None = the procedure's own limit"""
    due_words: str | None = None
    """what `due` was read from, as written"""
    unsure_due: Doubt | None = Field(default=None, exclude=True)
    """a limit whose words can mean several instants; `due` is None then"""
    past_due: str | None = Field(default=None, exclude=True)
    """the words of a limit that is over already: another has to be asked for"""
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    """full names of all who fit where more than one does, or whom a slip may mean, units too: ask which"""
    choices: tuple[tuple[str, ...], ...] = Field(default=(), exclude=True)
    """the same, those together of whom one is meant"""
    matter: int | None = None
    """short register number: 12 of 12号件"""
    remark: str | None = None
    occurred: datetime | None = None
    place: str | None = None
    category: Category | None = None
    period: Period | None = None
    stand_in: str | None = None
    stand_ins: tuple[str, ...] = Field(default=(), exclude=True)
    """all whom a slip of typing, or a form that fits several, may name as stand-in: ask which"""
    text: str | None = None
    """what to look for"""


class MessageReading(BaseModel):
    """What a message wants done. `refused` is set before anything else is read."""

    model_config = ConfigDict(frozen=True)

    act: Act | None = "none"
    """None: unsure, no act is recognised and yet it is hardly talk"""
    refused: Literal["classified"] | None = None
    items: tuple[Item, ...] = ()
    hint: Literal["log", "emergency"] | None = Field(default=None, exclude=True)
    """what it might be, where it is unsure: ask"""

    @property
    def unread(self) -> bool:
        """Whether no act was recognised."""
        return self.act in (None, "none")


class QuestionReading(BaseModel):
    """What a question asks for: filters and a measure."""

    model_config = ConfigDict(frozen=True)

    act: Literal["mine", "find", "ask"] = "ask"
    measure: Measure = "list"
    procedures: tuple[Procedure, ...] = ()
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    mine: bool = False
    state: State | None = None
    period: Period | None = None
    text: str | None = None
    number: str | None = None
    matter: int | None = None
    refers_back: bool = False
