"""`python -m bot.sandbox`: the sandbox as a program of its own."""

import argparse
import asyncio
import contextlib
import signal
import sys
import time
from pathlib import Path

from bot.sandbox.kept import keep
from bot.sandbox.office_clock import DaysOff, OfficeClock
from bot.sandbox.server import TOKEN, Sandbox


def main() -> int:
    options = _options()
    try:
        asyncio.run(_serve(options))
    except OSError as error:
        print(f"沙盒没有启动：{error}", file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bot.sandbox",
        description="A stand-in for Telegram on this machine, with a chat page.",
    )
    parser.add_argument("--port", type=int, default=8090, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--token", default=TOKEN, help="the bot's token; anything of the form 123:abc")
    parser.add_argument("--username", default="duban_bot", help="the bot's @name")
    parser.add_argument("--office", type=Path, help="folder with units.csv, staff.csv and groups.csv")
    parser.add_argument(
        "--started", action="store_true", help="the office's people have pressed Start before"
    )
    parser.add_argument("--keep", type=Path, help="keep the chats in this file over restarts")
    parser.add_argument("--clock-file", type=Path, help='JSON {"offset": seconds}, read by the bot too')
    parser.add_argument("--days-file", type=Path, help='JSON {"off": [dates], "worked": [dates]}')
    parser.add_argument("--record", type=Path, help="append every request to this JSON-lines file")
    return parser.parse_args()


async def _serve(options: argparse.Namespace) -> None:
    days = DaysOff.read(options.days_file) if options.days_file else None
    # Ids go on rising over restarts, as Telegram's do: a bot that remembers old ones is not confused.
    first_id = int(time.time())
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = Sandbox.serve(
        options.port,
        options.token,
        username=options.username,
        clock=OfficeClock(options.clock_file, days),
        first_update_id=first_id,
        first_message_id=first_id - 1_700_000_000,
        record=options.record,
    )
    async with serving as sandbox, contextlib.AsyncExitStack() as ending:
        if options.keep:
            sandbox.restore(options.keep)
            keeping = asyncio.create_task(keep(sandbox.cloud, options.keep))
            ending.push_async_callback(_end, keeping)
        if options.office:
            sandbox.load_office(options.office, started=options.started)
        print(f"沙盒聊天页面：{sandbox.url}/", flush=True)
        await stop.wait()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


if __name__ == "__main__":
    sys.exit(main())
