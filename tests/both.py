"""The suite, on SQLite and, but for NOT_AGAIN, on PostgreSQL where its programs are here: `make test`.

python tests/both.py [--again]: what failed beside other tests is tried once more by itself, and has to pass.
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
NOT_AGAIN = ("tests/hostile/test_buttons.py", "tests/hostile/test_silence.py")
"""two minutes of presses and attacks that ask nothing of the database; on PostgreSQL they are run by hand"""
TESTS_FAILED = 1
"""pytest's exit code; any other one but 0 is no matter of a single test"""


def main() -> int:
    """0 where everything passed on each database."""
    again = "--again" in sys.argv[1:]
    return max([_leg(database, again=again) for database in LEGS])


def _leg(database: str, *, again: bool) -> int:
    print(f"\n=== {database} ===", flush=True)
    if (why := missing(database)) is not None:
        print(f"not tested: {why}")
        return 0
    left_out = () if database == LEGS[0] else tuple(f"--ignore={one}" for one in NOT_AGAIN)
    code = _pytest(database, *SIDE_BY_SIDE, *left_out)
    if code == TESTS_FAILED and again:
        print(f"\n=== {database}, once more, by itself: what failed ===", flush=True)
        code = _pytest(database, *WHAT_FAILED)
    return code


def _pytest(database: str, *options: str) -> int:
    """Each database remembers for itself what failed there."""
    cache = f"cache_dir=.pytest_cache/{database}"
    command = [sys.executable, "-m", "pytest", "-o", cache, *options]
    environ = os.environ | {"DUBAN_TEST_DATABASE": database}
    return abs(subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode)


if __name__ == "__main__":
    sys.exit(main())
