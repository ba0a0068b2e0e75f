"""What tests share: a database, the shipped policy, a desk at any instant, the sample office.

With DUBAN_TEST_DATABASE=postgresql only the tests that use a database run, on a throw-away PostgreSQL.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from databases import CHOSEN, Cluster, Databases, Files, postgresql
from desks import SAMPLE, ZONE, DeskAt
from sqlalchemy import Engine
from sqlmodel import Session

from office import members
from office.desk import Calendars, Desk, open_desk
from rules.policy import Policy
from rules.policy_files import load_policy
from storage.engine import open_engine
from storage.migrations import upgrade

LONG = ("chaos", "hostile", "stories")
"""folders of tests that play whole days, each with a program of its own"""


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: about what only SQLite has")
    config.addinivalue_line("markers", "postgresql: about what only PostgreSQL has")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL: leave out what has nothing to do with a database; on each, what only the other has.

    What takes long comes first: side by side, the short ones fill the end.
    """
    other = "postgresql" if CHOSEN == "sqlite" else "sqlite"

    def is_ours(item: pytest.Item) -> bool:
        uses_one = CHOSEN == "sqlite" or "databases" in getattr(item, "fixturenames", ())
        return uses_one and item.get_closest_marker(other) is None

    config.hook.pytest_deselected(items=[item for item in items if not is_ours(item)])
    ours = [item for item in items if is_ours(item)]
    items[:] = sorted(ours, key=lambda item: item.path.parent.name not in LONG)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A throw-away PostgreSQL; tests that ask for it are skipped where there is none."""
    with postgresql() as running:
        yield running


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with all tables, which nobody writes to."""
    file = tmp_path_factory.mktemp("template") / "duban.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sample_rows(template: Path) -> Path:
    """The same with the sample office."""
    file = template.with_name("sample.db")
    shutil.copyfile(template, file)
    shipped, engine = load_policy(), open_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        at = datetime.fromisoformat("2026-11-20 09:00").replace(tzinfo=ZONE)
        _import_sample(open_desk(session, at, shipped, Calendars(ZONE, shipped)))
        session.commit()
    engine.dispose()
    return file


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    """Databases of the kind that was chosen for this run."""
    if CHOSEN == "sqlite":
        return Files(request.getfixturevalue("template"))
    found: Cluster = request.getfixturevalue("cluster")
    return found


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> str:
    """The address of the test's database."""
    return databases.empty(tmp_path)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def desk(session: Session, policy: Policy) -> DeskAt:
    """A desk at an instant of the office's wall clock: desk("2026-11-24 09:00")."""
    calendars = Calendars(ZONE, policy)
    return lambda at: open_desk(session, datetime.fromisoformat(at).replace(tzinfo=ZONE), policy, calendars)


@pytest.fixture
def sample_office(desk: DeskAt, engine: Engine, request: pytest.FixtureRequest) -> DeskAt:
    """The same, in the sample office: its units and staff are imported."""
    if engine.dialect.name == "sqlite":
        with (
            closing(sqlite3.connect(request.getfixturevalue("sample_rows"))) as rows,
            closing(engine.raw_connection()) as ours,
        ):
            rows.backup(ours.driver_connection)
    else:
        _import_sample(desk("2026-11-20 09:00"))
    return desk


def _import_sample(desk: Desk) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLE.glob("*.csv"))]
    members.import_people(desk, files, by=None)
