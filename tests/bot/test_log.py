"""Logs: one JSON line an event; no token, no text, whoever logs it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import log

TOKEN = "7000000001:SANDBOX-not-a-real-token-0000000000"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged during the test; logging is as before afterwards."""
    root, own = logging.getLogger(), logging.getLogger(log.OWN)
    before = root.handlers, root.level, own.level
    stream = io.StringIO()
    log.set_up(secrets=(TOKEN,), stream=stream)
    yield stream
    root.handlers, root.level = before[0], before[1]
    own.setLevel(before[2])
    logging.captureWarnings(False)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_ids(written):
    logging.getLogger("duban.delivery").info("sent", extra={"row": 7, "chat": -100})
    line = lines(written)[0]
    assert line["event"] == "sent"
    assert (line["level"], line["logger"]) == ("info", "duban.delivery")
    assert (line["row"], line["chat"]) == (7, -100)
    assert line["at"].endswith("+00:00")


def test_the_token_is_blotted_out_wherever_it_stands(written):
    own = logging.getLogger("duban.app")
    own.warning("asked %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    own.warning("started", extra={"url": TOKEN})
    own.warning("another: 123456789:AAFabcdefghijklmnopqrstuvwxyz0123456")
    assert TOKEN not in written.getvalue()
    assert "AAFabc" not in written.getvalue()
    assert written.getvalue().count("***") == 3


def test_libraries_fill_in_nothing(written):
    logging.getLogger("telegram.ext.Application").error("No handler for %s", {"text": "关于预算的请示"})
    logging.getLogger("httpx").info("HTTP Request: POST https://example.org/botTOKEN/getMe")
    assert [line["event"] for line in lines(written)] == ["No handler for %s"]
    assert "预算" not in written.getvalue()


def test_an_error_says_where_and_not_what(written):
    try:
        raise ValueError("关于预算的请示")
    except ValueError:
        logging.getLogger("duban.tick").exception("clock failed")
    line = lines(written)[0]
    assert line["raised"] == "ValueError"
    assert line["where"][-1].startswith("test_log.py:")
    assert "预算" not in written.getvalue()


def test_values_that_are_no_json_are_named_by_kind(written):
    logging.getLogger("duban.app").info("odd", extra={"thing": object()})
    assert lines(written)[0]["thing"] == "object"


def test_verbose_shows_our_details_only(written):
    log.set_up(level=logging.DEBUG, stream=written)
    logging.getLogger("duban.app").debug("detail")
    logging.getLogger("telegram").debug("theirs")
    assert [line["event"] for line in lines(written)] == ["detail"]
