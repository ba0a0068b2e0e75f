"""What staff write, understood: messages, questions, corrections (issue "One line, any order")."""

from rules.reading.correction import begins_change, read_correction
from rules.reading.dates import doubt_of
from rules.reading.handlers import Handlers, read_who, read_whom
from rules.reading.message import read_message
from rules.reading.misnamed import Misnamed, misnamed
from rules.reading.models import Context, Doubt, Item, MessageReading, QuestionReading
from rules.reading.question import is_question, read_question
from rules.reading.rows import answer_row
from rules.reading.secrecy import screen
from rules.reading.unit_slips import meant_unit
from rules.reading.words import Secrecy, Words

__all__ = [
    "Context",
    "Doubt",
    "Handlers",
    "Item",
    "MessageReading",
    "Misnamed",
    "QuestionReading",
    "Secrecy",
    "Words",
    "answer_row",
    "begins_change",
    "doubt_of",
    "is_question",
    "meant_unit",
    "misnamed",
    "read_correction",
    "read_message",
    "read_question",
    "read_who",
    "read_whom",
    "screen",
]
