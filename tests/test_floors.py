"""The floors of the house: each imports only what is beneath it; only bot/clock.py reads the clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("rules", "storage", "office", "handlers", "bot")
PURE = {"sqlalchemy", "sqlmodel", "telegram", "httpx", "starlette", "asyncio", "socket", "sqlite3"}
CLOCK_READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def sources(floor: str) -> list[Path]:
    return sorted((ROOT / floor).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_what_is_beneath_it(floor: str) -> None:
    above = set(FLOORS[FLOORS.index(floor) + 1 :])
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(floor)
        for name in imports(path)
        if name.split(".")[0] in above
    ]
    assert sources(floor) and not wrong


def test_the_sandbox_stands_alone() -> None:
    inside = sources("bot/sandbox")
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in inside
        for name in imports(path)
        if name.split(".")[0] in FLOORS and not name.startswith("bot.sandbox")
    ]
    assert inside and not wrong


def test_the_rules_do_no_input_or_output() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources("rules")
        for name in imports(path)
        if name.split(".")[0] in PURE
    ]
    assert not wrong


def test_only_the_clock_reads_the_clock() -> None:
    wrong = []
    for floor in FLOORS:
        for path in sources(floor):
            if path == ROOT / "bot/clock.py" or "sandbox" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                owner = node.func.value
                if isinstance(owner, ast.Name) and (owner.id, node.func.attr) in CLOCK_READERS:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong
