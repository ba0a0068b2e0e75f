"""Regular expressions that are compiled when first used: all of them at once take a tenth of a start."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, cast

_waiting: list[_Lazy] = []


def lazy(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern as `re.compile` makes it, but later. Raises re.error when it is first used."""
    return cast("re.Pattern[AnyStr]", _Lazy(text, flags))


def compile_waiting() -> None:
    """Compile what nobody has used yet, so that nobody waits for it."""
    while _waiting:
        _ = _waiting.pop().compiled


class _Lazy:
    """Stands for a pattern; each of its methods is looked up once."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern, self._flags = text, flags
        _waiting.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[Any]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled, name)
        setattr(self, name, found)
        return found
