"""Telegram's HTML and its message entities; offsets and lengths are in UTF-16 code units."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any, NoReturn

from bot.sandbox.errors import bad_request

Json = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
}
TAGS = {*SIMPLE_TAGS, "span", "tg-emoji", "a", "pre", "blockquote", "tg-time"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_CHARACTER = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9a-fA-F]{1,8})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.\-]+)))?\s*""")
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}(?!\w)")),
    (
        "url",
        re.compile(
            r"(?<!\w)https?://[^\s<>\"'，。；：！？、（）《》【】〔〕「」]*[^\s<>\"'，。；：！？、（）《》【】〔〕「」.,;:!?)]"
        ),
    ),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")),
)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    at: int  # byte offset of the tag, for the error message
    start: int  # where its text begins, UTF-16
    attributes: dict[str, str] = field(default_factory=dict)


class _HtmlReader:
    """Reads the subset of HTML that Telegram takes; everything else is refused as Telegram refuses it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._tag()
            else:
                self._text()
        if self.open:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _text(self) -> None:
        end = self.source.find("<", self.at)
        end = len(self.source) if end < 0 else end
        piece = _CHARACTER.sub(_decoded, self.source[self.at : end])
        self.pieces.append(piece)
        self.length += utf16_length(piece)
        self.at = end

    def _tag(self) -> None:
        start = self.at
        closing = self.source.startswith("</", start)
        name_end = re.compile(r"[\s>]").search(self.source, start)
        if name_end is None:
            self._refuse(f"Unclosed {'end' if closing else 'start'} tag at byte offset {self._bytes(start)}")
        name = self.source[start + 1 + closing : name_end.start()].lower()
        self.at = name_end.start()
        if closing:
            self._close(name, start)
        else:
            self._start(name, start)

    def _start(self, name: str, start: int) -> None:
        if name not in TAGS:
            self._refuse(f'Unsupported start tag "{name}" at byte offset {self._bytes(start)}')
        attributes: dict[str, str] = {}
        while not self.source.startswith(">", self.at):
            found = _ATTRIBUTE.match(self.source, self.at)
            if found is None or found.end() == self.at:
                if self.source[self.at : self.at + 1].isspace():
                    self.at += 1
                    continue
                self._refuse(f'Empty attribute name in the tag "{name}" at byte offset {self._bytes(start)}')
            value = next((group for group in found.groups()[1:] if group is not None), "")
            attributes[found[1].lower()] = _CHARACTER.sub(_decoded, value)
            self.at = found.end()
            if self.at >= len(self.source):
                self._refuse(f"Unclosed start tag at byte offset {self._bytes(start)}")
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(start)}')
        self.at += 1
        self.open.append(_Open(name, start, self.length, attributes))

    def _close(self, name: str, start: int) -> None:
        if not self.open:
            self._refuse(f"Unexpected end tag at byte offset {self._bytes(start)}")
        end = self.source.find(">", self.at)
        if end < 0 or self.source[self.at : end].strip():
            self._refuse(f"Unclosed end tag at byte offset {self._bytes(start)}")
        opened = self.open.pop()
        if name and name != opened.tag:
            where = self._bytes(start)
            self._refuse(
                f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{name}>"'
            )
        self.at = end + 1
        if self.length > opened.start:
            self._add(opened)

    def _add(self, opened: _Open) -> None:
        inside = self.open[-1] if self.open else None
        language = opened.attributes.get("class", "").removeprefix("language-")
        if opened.tag == "code" and language and inside and inside.tag == "pre":
            inside.attributes["language"] = language
            return
        described = _describe(opened)
        if described:
            self.entities.append(described | {"offset": opened.start, "length": self.length - opened.start})

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _refuse(self, reason: str) -> NoReturn:
        raise bad_request(f"can't parse entities: {reason}")


def _decoded(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    allowed = 0 < number < 0x110000 and not 0xD800 <= number < 0xE000
    return chr(number) if allowed else found[0]


def _describe(opened: _Open) -> Json:
    """The entity's type and what belongs to it; empty for a tag that says nothing (a link to nowhere)."""
    tag, attributes = opened.tag, opened.attributes
    if tag in SIMPLE_TAGS:
        return {"type": SIMPLE_TAGS[tag]}
    if tag == "span":
        return {"type": "spoiler"}
    if tag == "pre":
        language = attributes.get("language")
        return {"type": "pre", "language": language} if language else {"type": "pre"}
    if tag == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
    if tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if tag == "tg-time":
        return {"type": "date_time", "unix_time": int(attributes.get("unix", "0"))}
    return _link(attributes.get("href", ""))


def _link(address: str) -> Json:
    person = re.fullmatch(r"tg://user\?id=(\d+)", address)
    if person:
        return {"type": "text_mention", "user_id": int(person[1])}
    return {"type": "text_link", "url": address} if re.match(r"(https?|tg)://\S+$", address) else {}


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of Telegram HTML; raises `ApiError` 400 as Telegram does.

    A `text_mention` carries `user_id`; whoever knows the users puts the user in its place.
    """
    return _HtmlReader(source).read()


def found_entities(text: str) -> list[Json]:
    """What Telegram finds by itself in a text: commands, mentions, addresses, hashtags."""
    found = [
        {
            "type": kind,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match[0]),
        }
        for kind, pattern in _FOUND
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda entity: entity["offset"])


def with_found(text: str, given: list[Json]) -> list[Json]:
    """The entities given, and those found in the text outside of code and of each other."""
    taken = [e for e in given if e["type"] in ("code", "pre", "text_link", "text_mention")]
    every = list(given)
    for entity in found_entities(text):
        if not any(_overlap(entity, other) for other in taken):
            taken.append(entity)
            every.append(entity)
    return sorted(every, key=lambda entity: (entity["offset"], -entity["length"]))


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


def stripped(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text without white space at its ends, as Telegram stores it, and the entities moved with it."""
    start = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    whole = utf16_length(text)
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - start, 0)
        end = min(entity["offset"] - start + entity["length"], whole)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return text, kept


_TAG_OF = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def to_html(
    text: str, entities: list[Json], tags: Callable[[Json, str], tuple[str, str]] | None = None
) -> str:
    """Text and entities as HTML; by `tags_of`, Telegram's own, where what Telegram finds leaves no tag."""
    tags = tags or tags_of
    units = text.encode("utf-16-le")
    starts: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        opening, closing = tags(entity, units[start * 2 : end * 2].decode("utf-16-le"))
        if opening:
            starts.setdefault(start, []).append(opening)
            ends.setdefault(end, []).insert(0, closing)
    out, before = [], 0
    for at in sorted({*starts, *ends, len(units) // 2}):
        out.append(escape(units[before * 2 : at * 2].decode("utf-16-le"), quote=False))
        out += [*ends.get(at, []), *starts.get(at, [])]
        before = at
    return "".join(out)


def tags_of(entity: Json, text: str) -> tuple[str, str]:
    """Opening and closing tag of an entity over `text`; empty when it has none."""
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    tag = _TAG_OF.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
