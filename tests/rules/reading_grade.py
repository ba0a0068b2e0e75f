"""How an answer to a row of a reading set is judged: only the keys that are expected, harm apart."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

SETS = {"people", "units", "procedures", "ambiguous"}
SHORT = {"place": 40, "title": 120, "text": 30}
OPENING = {"log", "emergency", "none"}
READ_ONLY = {"none", "find", "mine", "help"}


def bare(value: object) -> str:
    text = unicodedata.normalize("NFKC", str(value or "")).lower()
    return re.sub(r"[。.!?,;:、]+$", "", re.sub(r"[\s《》“”\"']", "", text))


def same(field: str, got: Any, want: Any) -> bool:
    if field in SETS:
        return set(got or []) == set(want or [])
    if got in (None, "", [], False) or want in (None, "", [], False):
        return not got and not want
    if field == "title":
        return _from_about(got) == _from_about(want)
    if field in ("sender", "stand_in", "remark"):
        return bare(got) == bare(want)
    return bool(got == want)


def _from_about(title: str) -> str:
    text = bare(title)
    return text[text.index("关于") :] if "关于" in text else text


def accepts(key: str, want: Any, got: dict[str, Any]) -> bool:
    if key.endswith("_has"):
        field = key.removesuffix("_has")
        text = bare(got.get(field))
        return len(text) <= SHORT.get(field, 4096) and all(bare(part) in text for part in want)
    field = key.removesuffix("_any")
    wanted = want if key.endswith("_any") else [want]
    return any(same(field, got.get(field), one) for one in wanted)


def faults(row: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    """What is wrong; a fault that does harm (another act, matter, person, instant) begins with `grave`."""
    expected = row["expected"]
    if expected.get("refused"):
        fit = answer["refused"] == expected["refused"] and not answer["items"]
        return [] if fit else ["grave: not refused"]
    found = [
        f"{key}: {answer.get(key.split('_')[0])!r}"
        for key, want in expected.items()
        if key != "items" and not accepts(key, want, answer)
    ]
    if row["kind"] == "question":
        return found + _harm(expected, answer)
    found += _wrong_act(expected, answer)
    if len(answer["items"]) != len(expected["items"]):
        found.append(f"{len(answer['items'])} items")
    for want, got in zip(expected["items"], answer["items"], strict=False):
        found += [
            f"{key}: {got.get(key.split('_')[0])!r}" for key in want if not accepts(key, want[key], got)
        ]
        found += _harm(want, got)
    return found


def _wrong_act(expected: dict[str, Any], answer: dict[str, Any]) -> list[str]:
    wanted = expected.get("act_any") or [expected["act"]]
    act = answer["act"]
    if act in wanted:
        return []
    opens = act in OPENING and bool(OPENING & set(wanted))
    writes = wanted == ["none"] and act not in READ_ONLY
    return [f"grave: act {act}"] if opens or writes or "emergency" in (act, *wanted) else []


def _harm(want: dict[str, Any], got: dict[str, Any]) -> list[str]:
    found = []
    for field in ("matter", "due"):
        keys = [key for key in want if key.removesuffix("_any") == field]
        if keys and got.get(field) and not accepts(keys[0], want[keys[0]], got):
            found.append(f"grave: {field} {got[field]}")
    known = [
        want[key] if key == "people" else sum(want[key], [])
        for key in want
        if key in ("people", "people_any")
    ]
    if known and set(got.get("people") or []) - set(known[0]):
        found.append(f"grave: people {got['people']}")
    return found
