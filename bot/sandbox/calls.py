"""One call of the Bot API, as a form, JSON or multipart body carried it."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import bad_request


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes
    mime: str | None = None


@dataclass
class Call:
    """`params` holds native JSON values or the strings that forms carry."""

    method: str
    params: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str) -> int | None:
        """None when missing or not a whole number, as Telegram reads it."""
        try:
            return int(self.params[name])
        except (KeyError, TypeError, ValueError):
            return None

    def number(self, name: str) -> float:
        try:
            return float(self.params[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is wrong or empty") from None

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in ("true", "1")

    def object(self, name: str, kind: type[dict[str, Any]] | type[list[Any]], refusal: str) -> Any:
        """The JSON object or array of that name, None when missing; `refusal` is the 400 if it is neither."""
        value = self.params.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(refusal) from None
        if not isinstance(value, kind):
            raise bad_request(refusal)
        return value
