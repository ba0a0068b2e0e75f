"""What a start does not wait for."""

from __future__ import annotations

import subprocess
import sys

LATER = ("PIL", "alembic", "dateparser", "docx", "lxml", "openpyxl", "psycopg", "starlette", "uvicorn")
START = "from telegram.ext import Application as A; import bot.commands, bot.running, handlers"
REGISTER = "handlers.register(A.builder().token('1:a').build())"


def test_the_program_starts_without_what_it_may_need_later():
    imports = f"import sys; {START}; {REGISTER}; print([n for n in {LATER} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", imports], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
