"""What tests of acts share: a SQLite file, the shipped policy, a desk at any instant, the sample office."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from desks import SAMPLE, ZONE, DeskAt
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from office import members
from office.desk import Calendars, open_desk
from rules.policy import Policy, load_policy
from storage import models
from storage.engine import open_engine


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'office.db'}")
    SQLModel.metadata.create_all(engine, tables=[table.__table__ for table in _tables()])
    yield engine
    engine.dispose()


def _tables() -> list[type[SQLModel]]:
    kinds = vars(models).values()
    return [one for one in kinds if isinstance(one, type) and hasattr(one, "__table__")]


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
def sample_office(desk: DeskAt) -> DeskAt:
    """The same, in the sample office: its units and staff are imported."""
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLE.glob("*.csv"))]
    members.import_people(desk("2026-11-20 09:00"), files, by=None)
    return desk
