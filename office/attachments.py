"""Files that come with documents: opened safely, kept with the matter, sent again.

A file is read in a process of its own, which has the file's bytes and nothing else of ours: neither the
settings nor the network's keys nor the database. Its time and memory are bounded there and here.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict

from office import bearings, cards, hand_out
from office.desk import Desk, Refused
from rules.first_page import screen_file
from rules.patterns import lazy
from rules.reading.secrecy import Screened
from storage import files, inbox, journal, matters
from storage.models import File, Matter, Member

"""bytes: what Telegram lets a bot fetch"""
SECONDS = 60
NAME = 80
"""characters of a file name"""
KEEP_WAITING = timedelta(days=7)
"""how long a file waits for its entry to be confirmed"""
WAITS = 3
"""files that one draft may have"""


class FirstPage(BaseModel):
    """What was read of a file: `kind` by its content, the text of its first page, `short` lines of what
    follows (where a mark might stand), `rows` of a spreadsheet. `name` is safe to show and to send."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str
    text: str
    short: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def mime(self) -> str:
        """By the content, never what the sender said."""
        ending = PurePosixPath(self.name).suffix.lower()
        return _MIMES.get(self.kind) or (
            "text/plain" if self.kind == "text" else f"image/{ending[1:] or 'jpeg'}"
        )


_MIMES = {
    "docx": hand_out.DOCX,
    "xlsx": hand_out.XLSX,
    "pdf": "application/pdf",
    "doc": "application/msword",
    "ofd": "application/ofd",
}
_ENDING = lazy(r"\.[A-Za-z0-9]{1,5}$")


def safe_name(name: str) -> str:
    """A name without folders, controls, marks of direction and blanks at its ends, of bounded length.

    Marks of direction go because they make `附件‮fdp.exe` look like a PDF.
    """
    plain = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    base = re.split(r"[/\\]", plain)[-1]
    base = re.sub(r'[<>:"|?*]', "_", base).strip(". ")
    ending = _ENDING.search(base)
    tail = ending.group(0) if ending else ""
    stem = base[: len(base) - len(tail)].rstrip(". ")[: NAME - len(tail)]
    return (stem or "文件") + tail


def check_size(size: int, megabytes: int) -> None:
    """Refused where a file is larger than is taken; asked before it is fetched."""
    if size > megabytes * 1024 * 1024:
        raise Refused("file_too_large", limit=megabytes, size=f"{size / 1024 / 1024:.1f}")


def open_file(name: str, content: bytes) -> FirstPage:
    """The first page of a file, read in another process; Refused with the reason where it is not taken."""
    plain = safe_name(name)
    ending = _ENDING.search(plain)
    answer = _read(ending.group(0) if ending else "", content)
    if fault := answer.pop("fault", None):
        raise Refused(str(fault), name=plain, **answer)
    return FirstPage(name=plain, **answer)


def _read(ending: str, content: bytes) -> dict[str, Any]:
    """What the reading process answers; what kills it is a fault of the file."""
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "office.incoming", ending]
    try:
        done = subprocess.run(  # noqa: S603 (our own module, no words of the sender but a file ending)
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            env={"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"fault": "file_slow"}
    except ValueError:  # it died: out of time, out of memory, or over a fault of the library
        return {"fault": "file_damaged"}
    return dict(answer)


def screened(desk: Desk, page: FirstPage) -> Screened:
    """Whether a file is classified (D13): asked before anything of it is kept; a refusal is counted."""
    found = screen_file(page.text, page.short, desk.policy.secrecy)
    if found == "classified":
        day = desk.calendar.local(desk.now).date()
        inbox.count_refusal("classified", day, session=desk.session)
    return found


# --- keeping and sending ----------------------------------------------------------------------------


def keep(
    desk: Desk, page: FirstPage, content: bytes, by: Member, telegram_id: str, matter: Matter | None = None
) -> File:
    """Keep a file, with a matter or until a draft is confirmed. Screen it before (D13)."""
    file = hand_out.keep(desk, page.name, page.mime, content, by=by, matter_id=matter.id if matter else None)
    file.telegram_file_id = telegram_id
    return file


def attach(desk: Desk, matter: Matter, page: FirstPage, content: bytes, by: Member, telegram_id: str) -> File:
    """Add a file to a matter. Refused where the member has nothing to do with it, or it has that file."""
    if not _may_attach(desk, matter, by):
        raise Refused("file_not_yours", register_no=matter.register_no)
    file = keep(desk, page, content, by, telegram_id, matter)
    before = files.of_matter(matter.id or 0, session=desk.session)
    same = [one for one in before if one.sha256 == file.sha256 and one.id != file.id]
    if same:
        raise Refused("file_there", register_no=matter.register_no, name=same[0].name)
    _note(desk, matter, by, [file])
    cards.refresh(desk, matter)
    return file


def give(desk: Desk, ids: Collection[int], matter: Matter, by: Member) -> None:
    """The files of a draft that is confirmed belong to its matter (D1). Refused where one waited too long."""
    waiting = files.with_ids(ids, session=desk.session)
    if len(waiting) < len(ids):
        raise Refused("file_gone", days=KEEP_WAITING.days)
    if waiting and matter.id is not None:
        files.give([file.id or 0 for file in waiting], matter.id, session=desk.session)
        _note(desk, matter, by, waiting)


def _may_attach(desk: Desk, matter: Matter, by: Member) -> bool:
    """Who registers, who holds or held a step, and whoever may register and see the matter."""
    if matter.registrar_id == by.id:
        return True
    if any(step.holder_id == by.id for step in matters.steps(matter.id or 0, session=desk.session)):
        return True
    return desk.policy.may(by.roles, "register") and bearings.may_see(desk, matter, member=by)


def _note(desk: Desk, matter: Matter, by: Member, kept: Collection[File]) -> None:
    for file in kept:
        journal.write(
            "file_attached",
            now=desk.now,
            session=desk.session,
            member_id=by.id,
            matter_id=matter.id,
            name=file.name,
            sha256=file.sha256,
        )


def also_in(desk: Desk, ids: Collection[int]) -> list[str]:
    """Register numbers of other matters that keep a file of the same content."""
    found = (
        matter.register_no
        for file in files.with_ids(ids, session=desk.session)
        for matter in files.same_content(file.sha256, session=desk.session)
    )
    return list(dict.fromkeys(found))


def send(desk: Desk, matter: Matter, chat_id: int, to: Member) -> int:
    """Send every file of a matter again: how many."""
    kept = files.of_matter(matter.id or 0, session=desk.session)
    for file in kept:
        hand_out.send(
            desk, chat_id, file, "file.sent", member=to, name=file.name, register_no=matter.register_no
        )
    return len(kept)
