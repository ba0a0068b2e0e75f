"""What a start does not wait for."""

from __future__ import annotations

import subprocess
import sys

LATER = ("PIL", "alembic", "dateparser", "docx", "openpyxl", "starlette", "uvicorn")


def test_the_program_starts_without_what_it_may_need_later():
    imports = f"import sys, bot.commands, bot.running; print([n for n in {LATER} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", imports], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
