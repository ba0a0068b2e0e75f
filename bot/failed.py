"""How a command ends that was not done."""

from __future__ import annotations


class Failed(Exception):
    """The message says why, in Chinese. `code`: the exit code (1; 2 for wrong settings or arguments)."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
