"""The chats outlive the program: everything people and the bot said, in one file of this machine."""

import asyncio
import os
import pickle
import tempfile
from pathlib import Path

from bot.sandbox.cloud import Cloud

SAVE_EVERY = 1.0  # seconds at most between a change and the file

_WORLD = ("users", "chats", "files")


def save(cloud: Cloud, file: Path) -> None:
    """Replaces the file in one step, so that a kill leaves the old one or the new one."""
    known = {
        "bot": cloud.bot,
        "world": {name: getattr(cloud.world, name) for name in _WORLD},
        "commands": cloud.commands,
        "waiting": cloud.updates.waiting,
        "next_update_id": cloud.updates.next_id,
    }
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    with os.fdopen(handle, "wb") as new:
        pickle.dump(known, new)
    Path(name).replace(file)


def restore(cloud: Cloud, file: Path) -> bool:
    """Takes up what the file holds; False, and nothing changed, when there is none that can be read."""
    try:
        # Written by `save` into the folder of whoever runs the sandbox; nothing else is read here.
        known = pickle.loads(file.read_bytes())  # noqa: S301
        if known["bot"].id != cloud.bot.id:
            return False
    except (OSError, pickle.PickleError, AttributeError, KeyError, ImportError, EOFError):
        return False
    cloud.world.bot = known["bot"]
    for name in _WORLD:
        getattr(cloud.world, name).update(known["world"][name])
    cloud.world.count_files_from(len(cloud.world.files) + 1)
    cloud.commands.update(known["commands"])
    cloud.updates.waiting.extend(known["waiting"])
    cloud.updates.next_id = max(cloud.updates.next_id, known["next_update_id"])
    return True


async def keep(cloud: Cloud, file: Path) -> None:
    """Saves after changes until it is cancelled, and once more then."""
    changed = asyncio.Event()
    cloud.world.listeners.append(lambda change: changed.set())
    try:
        while True:
            await changed.wait()
            changed.clear()
            save(cloud, file)
            await asyncio.sleep(SAVE_EVERY)
    finally:
        save(cloud, file)
