"""The office's own words, as data: `rules/policy/words.toml` and `rules/policy/secrecy.toml`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Secrecy(_Table):
    """secrecy.toml: what is refused, what is asked about, what only warns (D13)."""

    levels: tuple[str, ...]
    stars: tuple[str, ...]
    fields: tuple[str, ...]
    no_level: tuple[str, ...]
    papers: tuple[str, ...]
    spoken: tuple[str, ...]
    says: tuple[str, ...]
    treated: tuple[str, ...]
    denials: tuple[str, ...]
    ordinary: tuple[str, ...]
    general: tuple[str, ...]
    this_one: tuple[str, ...]
    internal: tuple[str, ...]
    mentions: tuple[str, ...]
    harmless: tuple[str, ...]


class Words(_Table):
    """words.toml."""
