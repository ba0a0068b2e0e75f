"""A PostgreSQL that goes away while a connection is being made: it is tried again, like any that is away."""

from __future__ import annotations

import gc
import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DBAPIError

from storage.engine import is_passing, open_engine

RESET = struct.pack("ii", 1, 0)
"""close without a farewell: the other side sees a reset"""


@pytest.fixture
def dying() -> Iterator[int]:
    """The port of a server that takes a connection, hears the first words, and is gone."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(8)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the driver leaves its socket
def test_a_connection_that_is_reset_is_an_error_of_the_database(dying: int) -> None:
    engine = open_engine(f"postgresql://duban@127.0.0.1:{dying}/duban")
    with pytest.raises(DBAPIError) as raised:
        engine.connect()
    assert is_passing(raised.value)
    engine.dispose()
    del raised
    gc.collect()  # now, where its warning is expected
