"""When: Chinese (and ISO, and simple English) expressions of date and time → an instant, or nothing.

Nothing is guessed: what can be read in two ways comes back with both `readings`, what is too loose with
none. An instant is on the office's wall clock; a reference without a zone is refused with ValueError.
"""

from rules.when.instant import Instant
from rules.when.nowhere import no_such_time
from rules.when.read import answer_row, read_instants, read_limit, read_past, read_past_limit, read_period

__all__ = [
    "Instant",
    "answer_row",
    "no_such_time",
    "read_instants",
    "read_limit",
    "read_past",
    "read_past_limit",
    "read_period",
]
