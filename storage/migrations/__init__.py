"""Brings a database to the tables of this version (alembic, without files of its own to configure).

Alembic takes as long to import as half of the program: it is, where there is something to do.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from storage.engine import open_engine, reading

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent


class CannotUpgrade(Exception):
    """The database is of a version that this program does not know."""


def configuration(url: str) -> Config:
    """What alembic needs to know."""
    from alembic.config import Config

    config = Config(stdout=sys.stdout)  # else the one there was when alembic was imported
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the database to the newest version; nothing happens where it is. Raises CannotUpgrade."""
    folder = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and folder and folder != ":memory:":
        Path(folder).parent.mkdir(parents=True, exist_ok=True)
    if version(url) == newest():
        return
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(configuration(url), "head")
    except CommandError as error:
        raise CannotUpgrade(str(error)) from error


def newest() -> str:
    """The version of the tables that this program works with: each migration's file begins with its own."""
    return max(one.name.partition("_")[0] for one in (FOLDER / "versions").glob("[0-9]*.py"))


def version(url: str) -> str | None:
    """The version of the tables of a database; None where there are none of ours."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return found
    finally:
        engine.dispose()
