"""The suite, on SQLite and, where its programs are here, on PostgreSQL: `make test`.

python tests/both.py [--again] [--short]: with --again, what failed beside other tests is tried once more by
itself, and has to pass; with --short, what stands in NOT_AGAIN is not run on PostgreSQL.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.cluster import missing  # noqa: E402

LEGS = ("sqlite", "postgresql")
SIDE_BY_SIDE = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
WHAT_FAILED = ("--last-failed", "--last-failed-no-failures", "none")
NOT_AGAIN = {
    "hostile": ("attacks", "buttons", "limits_of_input", "numbers", "silence"),
    "office": ("papers_rendering",),
    "stories": (
        "ask", "board", "few_words", "files", "help", "internal", "letters", "limits", "misnamed", "newcomer",
        "opinions", "page", "progress", "readme", "slips", "staff", "unsure", "visits",
    ),
}  # fmt: skip
"""Minutes of presses and attacks, and of what is said and shown, that ask nothing of the database that others
do not: where time is short they are not run on PostgreSQL too."""
TESTS_FAILED = 1
"""pytest's exit code; any other one but 0 is no matter of a single test"""


def main() -> int:
    """0 where everything passed on each database."""
    again, short = (how in sys.argv[1:] for how in ("--again", "--short"))
    return max([_leg(database, again=again, short=short) for database in LEGS])


def _leg(database: str, *, again: bool, short: bool) -> int:
    print(f"\n=== {database} ===", flush=True)
    if (why := missing(database)) is not None:
        print(f"not tested: {why}")
        return 0
    left_out = [f"--ignore={path}" for path in _not_again()] if short and database != LEGS[0] else []
    code = _pytest(database, *SIDE_BY_SIDE, *left_out)
    if code == TESTS_FAILED and again:
        print(f"\n=== {database}, once more, by itself: what failed ===", flush=True)
        code = _pytest(database, *WHAT_FAILED)
    return code


def _not_again() -> list[str]:
    return [f"tests/{folder}/test_{name}.py" for folder, names in NOT_AGAIN.items() for name in names]


def _pytest(database: str, *options: str) -> int:
    """Each database remembers for itself what failed there."""
    cache = f"cache_dir=.pytest_cache/{database}"
    command = [sys.executable, "-m", "pytest", "-o", cache, *options]
    environ = os.environ | {"DUBAN_TEST_DATABASE": database}
    return abs(subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())
