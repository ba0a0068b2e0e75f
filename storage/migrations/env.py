"""How alembic runs the migrations."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import func, select
from sqlmodel import AutoString, SQLModel

from storage import models  # noqa: F401 - fills SQLModel.metadata
from storage.engine import open_engine
from storage.types import UtcDateTime

MIGRATING = 0x6475_626D
"""the advisory lock of PostgreSQL that migrations take turns with"""


def is_ours(thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Whether alembic looks after it; the search index looks after its own tables (storage/models/)."""
    return not (kind == "table" and name is not None and name.startswith("matter_grams"))


def plain_type(kind: str, thing: Any, autogenerating: Any) -> str | Literal[False]:
    """Column types as a migration writes them: without our own classes, which may change."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, AutoString):
        return "sa.String()"
    return False


def run() -> None:
    """Migrate the database that the configuration names."""
    engine = open_engine(context.config.attributes["url"], answer_within=None)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_object=is_ours,
            render_item=plain_type,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":  # programs that start together take turns
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            context.run_migrations()
    engine.dispose()


run()
