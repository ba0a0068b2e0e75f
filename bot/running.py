"""Running the program until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal

from bot import log
from bot.app import Program, build
from bot.settings import Settings
from office import liaisons
from office.joining import first_code
from rules.patterns import compile_waiting
from rules.policy import Policy

SELDOM = 20_000
"""so many new objects make it worth looking for garbage among them"""


def run(settings: Settings, policy: Policy, *, verbose: bool) -> int:
    """Run on Telegram until SIGTERM or SIGINT."""
    set_up_logs(settings, level=logging.DEBUG if verbose else logging.INFO)
    asyncio.run(serve(build(settings, policy=policy)))
    return 0


def set_up_logs(settings: Settings, level: int) -> None:
    """Logs from here on, with the secrets of the settings left out."""
    hidden = (settings.token, settings.webhook_secret)
    log.set_up(level=level, secrets=tuple(one.get_secret_value() for one in hidden if one is not None))


def collect_seldom() -> None:
    """What a start has made stays: collecting need not look at it again and again; and less often at what an
    act makes, which is needed until it ends."""
    gc.freeze()
    gc.set_threshold(SELDOM)
    gc.enable()


async def serve(program: Program, greeting: str | None = None) -> None:
    """Start, say so, wait for a signal or a fault, stop. Raises Failed."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, program.ended.set)
    try:
        starting = asyncio.create_task(program.start())
        ended = asyncio.create_task(program.ended.wait())
        await asyncio.wait({starting, ended}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            collect_seldom()
            print(greeting or await _first_words(program), flush=True)
            if unmarked := await program.worker.do(liaisons.unmarked):
                print(unmarked, flush=True)
            await asyncio.to_thread(compile_waiting)
            await ended
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
    finally:
        await program.stop()
    if program.fault is not None:
        raise program.fault


async def _first_words(program: Program) -> str:
    """That it runs; on the first start also the code whose sender becomes the first administrator."""
    name = program.telegram.bot.username
    code = await program.worker.do(first_code)
    if code is None:
        return f"督办已启动，机器人 @{name}。"
    return f"督办已启动。首次使用：请在 Telegram 里私聊 @{name} 发送管理员口令 {code}"
