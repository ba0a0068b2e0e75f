"""What staff write, understood: messages, questions, corrections (issue "One line, any order")."""

from rules.reading.models import Context, Item, MessageReading, QuestionReading
from rules.reading.secrecy import screen
from rules.reading.words import Secrecy, Words

__all__ = ["Context", "Item", "MessageReading", "QuestionReading", "Secrecy", "Words", "screen"]
