"""Logs: one JSON object a line, with ids, never with texts or the token.

Our own events are constant words with ids beside them. Of the libraries' only the wording of the log call is
written, without what they would fill in; of an error its kind and where it arose, without what it says: both
may quote what somebody wrote.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

OWN = "duban"
FRAMES = 12
"""innermost places of an error that are written"""
_ANY_TOKEN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,}")
_KNOWN = set(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}


class Lines(logging.Formatter):
    """A record as one line of JSON; whatever looks like a bot's token is blotted out, ours in any case."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.split(".")[0] == OWN
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if own else str(record.msg),
        }
        if own:
            line |= {key: value for key, value in vars(record).items() if key not in _KNOWN}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"raised": record.exc_info[0].__name__, "where": _places(record.exc_info[2])}
        return self._blotted(json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__))

    def _blotted(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return _ANY_TOKEN.sub("***", line)


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]


def set_up(*, level: int = logging.INFO, secrets: tuple[str, ...] = (), stream: TextIO | None = None) -> None:
    """Log our own events from `level` on, the libraries' from warnings on: httpx tells every URL."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(secrets))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(level)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a sweep that takes its time is no warning
    logging.captureWarnings(True)
