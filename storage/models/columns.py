"""What all tables have in common, and kinds of columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, BigInteger, Column
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime


class Table(SQLModel):
    """A table. Its rows are not validated, and so a start need not prepare for it."""

    model_config = {"defer_build": True}


def instant(*, index: bool = False, nullable: bool = False) -> Any:
    """An aware instant, in UTC."""
    return Field(default=None, sa_column=Column(UtcDateTime, index=index, nullable=nullable))


def json_of(default: Callable[[], Any]) -> Any:
    """A JSON value; `default` makes an empty one."""
    # pydantic looks at what the factory takes, each time; for a built-in type that takes 100 times as long
    return Field(default_factory=lambda: default(), sa_column=Column(JSON, nullable=False))


def chat_id_of(*, index: bool = False, unique: bool = False, nullable: bool = True) -> Any:
    """A chat or user of Telegram, whose ids need 64 bits."""
    return Field(default=None, sa_column=Column(BigInteger, index=index, unique=unique, nullable=nullable))
