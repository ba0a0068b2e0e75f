"""`duban run` as a process of its own, without a token: what a newcomer starts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path


class Trial:
    """Sandbox and program, started as `make run` starts them; `url` is the chat page."""

    def __init__(self, data: Path, *options: str) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("TELEGRAM_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", *options],
            env=environ | {"DUBAN_DATA_DIR": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None and self.process.stderr is not None
        self.greeting = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:[0-9]+/", self.greeting)
        assert found, self.greeting + self.process.stderr.read()
        self.url = found[0]

    def end(self) -> tuple[int, str]:
        """Its exit code after SIGTERM, and what it wrote besides the greeting."""
        self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=20)
        return self.process.returncode, output + errors
