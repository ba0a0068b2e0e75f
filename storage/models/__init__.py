"""The tables. Table models do not validate: values are checked in plain models before they come here.

Instants are aware and in UTC. Words that the policy defines (kinds, steps, states, roles) are plain
strings: a new kind of document needs no migration.
"""

from storage.models.campaigns import Goal
from storage.models.due import Clock, HolidayNotice, Round
from storage.models.duty import DutyCheck, DutyDay, DutyEntry, DutyHandOver, DutySwap
from storage.models.emergencies import Instruction, Receipt, Report
from storage.models.matters import (
    MATTER_GRAMS,
    MATTER_GRAMS_POSTGRESQL,
    Deferral,
    Entry,
    Matter,
    Series,
    Step,
)
from storage.models.meetings import Invitation
from storage.models.messages import (
    Card,
    Draft,
    File,
    FileContent,
    Inbox,
    Lease,
    Outbox,
    Refusal,
    Secret,
    Standstill,
)
from storage.models.people import Absence, Group, LiaisonChange, Member, Unit
from storage.models.recurring import Occurrence, Progress
from storage.models.supervision import Bulletin, LedgerRow
from storage.models.visits import Visit

__all__ = [
    "Absence",
    "Bulletin",
    "Card",
    "Clock",
    "Deferral",
    "Draft",
    "DutyCheck",
    "DutyDay",
    "DutyEntry",
    "DutyHandOver",
    "DutySwap",
    "Entry",
    "File",
    "FileContent",
    "Goal",
    "Group",
    "HolidayNotice",
    "Inbox",
    "Instruction",
    "Invitation",
    "Lease",
    "LiaisonChange",
    "LedgerRow",
    "MATTER_GRAMS",
    "MATTER_GRAMS_POSTGRESQL",
    "Matter",
    "Member",
    "Occurrence",
    "Outbox",
    "Progress",
    "Receipt",
    "Refusal",
    "Report",
    "Round",
    "Secret",
    "Series",
    "Standstill",
    "Step",
    "Unit",
    "Visit",
]
