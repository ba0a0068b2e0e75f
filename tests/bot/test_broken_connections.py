"""A PostgreSQL that goes away in the middle of a word: it is tried again, like any that is away."""

from __future__ import annotations

import gc
import logging
import socket
import struct
import threading
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import DBAPIError

from bot.leases import Leases
from bot.worker import Worker
from office.desk import Calendars
from storage.engine import is_passing, open_engine

RESET = struct.pack("ii", 1, 0)
"""close without a farewell: the other side sees a reset"""
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""the driver leaves its socket to the garbage collector"""


@pytest.fixture
def dying() -> Iterator[str]:
    """The address of a server that takes each connection, hears its first words, and is gone."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                connection, _ = server.accept()
                if not connection.recv(8):
                    return
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        port = server.getsockname()[1]
        yield f"postgresql://duban@127.0.0.1:{port}/duban"
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()
    gc.collect()


async def test_an_act_is_tried_again(dying, policy, clock, caplog):
    worker = Worker(
        open_engine(dying), policy, Calendars(ZoneInfo("Asia/Shanghai"), policy), clock, pauses=(0.0, 0.0)
    )
    with caplog.at_level(logging.WARNING, "duban"), pytest.raises(DBAPIError) as raised:
        await worker.do(lambda desk: None)
    assert is_passing(raised.value)
    assert caplog.text.count("database busy") == 2
    with pytest.raises(DBAPIError):
        await worker.peek(lambda session, now: session.connection())
    worker.close()
    worker.engine.dispose()


async def test_so_is_a_lease(dying):
    leases = Leases(open_engine(dying), ("polling",), length=1.0)
    with pytest.raises(DBAPIError):
        await leases.renew()
    with pytest.raises(DBAPIError):
        await leases.give_up()
