"""Brings a database to the tables of this version (alembic, without files of its own to configure)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from storage.engine import open_engine

FOLDER = Path(__file__).parent


def configuration(url: str) -> Config:
    """What alembic needs to know."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the database to the newest version; nothing happens where it is."""
    folder = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and folder and folder != ":memory:":
        Path(folder).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(configuration(url), "head")


def newest() -> str | None:
    """The version of the tables that this program works with."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def version(url: str) -> str | None:
    """The version of the tables of a database; None where there are none of ours."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
