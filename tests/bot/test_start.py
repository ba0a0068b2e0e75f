"""What a start does not wait for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

FLOORS = ("rules", "storage", "office", "handlers")
ROOT = Path(__file__).resolve().parents[2]

LATER = (
    "PIL",
    "alembic",
    "bot.moving",
    "dateparser",
    "docx",
    "holidays",
    "jinja2",
    "lxml",
    "openpyxl",
    "psycopg",
    "rapidfuzz",
    "starlette",
    "uvicorn",
)
START = "from telegram.ext import Application as A; import bot.__main__, bot.running, handlers"
REGISTER = "handlers.register(A.builder().token('1:a').build())"


def test_the_program_starts_without_what_it_may_need_later():
    imports = f"import sys; {START}; {REGISTER}; print([n for n in {LATER} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", imports], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_pattern_of_a_module_is_compiled_when_it_is_used():
    """`rules/patterns.py` says why."""
    paths = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py")]
    eager = re.compile(r"^\S.*re\.compile\(", re.MULTILINE)
    assert [path for path in paths if eager.search(path.read_text(encoding="utf-8"))] == []
