"""The process that reads a file: bytes in, JSON out, within limits of time and memory, without the network.

`python -m office.incoming .pdf < file`
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys

from office.incoming.page import Fault
from office.incoming.reader import read

CPU = 40
"""seconds of work"""
MEMORY = 3 * 1024**3
"""bytes of addresses; recognising pictures maps most of it"""


def main() -> None:
    """Read standard input; answer on standard output."""
    answers, sys.stdout = sys.stdout, sys.stderr  # libraries may talk, but not in our answer
    _limit()
    content = sys.stdin.buffer.read()
    try:
        answer = dataclasses.asdict(read(sys.argv[1] if len(sys.argv) > 1 else "", content))
    except Fault as fault:
        answer = {"fault": fault.reason, **fault.facts}
    except (MemoryError, RecursionError):
        answer = {"fault": "file_bomb"}
    json.dump(answer, answers)


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
