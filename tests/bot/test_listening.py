"""Hearing from Telegram: however long it takes to reach it, and clear words when it can never work."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest
from doubles import until
from pydantic import SecretStr

from bot.app import build
from bot.failed import Failed
from bot.sandbox import Sandbox


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_a_wrong_token_is_said(settings, clock):
    other = settings.model_copy(update={"token": SecretStr("7000000001:another-token-another-token-000")})
    program = build(other, clock=clock)
    with pytest.raises(Failed, match="不认可这个令牌"):
        await program.start()
    await program.stop()


async def test_a_token_that_is_revoked_ends_the_program(program, telegram):
    telegram.cloud.token = "7000000001:another-token-another-token-000"
    telegram.person("路人").says("在吗")  # ends the poll under way
    await asyncio.wait_for(program.ended.wait(), 5)
    assert "不认可这个令牌" in str(program.fault)


async def test_it_waits_for_telegram_at_the_start(settings, clock, free_port):
    away = settings.model_copy(
        update={
            "base_url": f"http://127.0.0.1:{free_port}/bot",
            "base_file_url": f"http://127.0.0.1:{free_port}/file/bot",
        }
    )
    program = build(away, clock=clock)
    starting = asyncio.create_task(program.start())
    await asyncio.sleep(0.3)
    assert not starting.done()
    async with Sandbox.serve(port=free_port):
        await asyncio.wait_for(starting, 5)
        await program.stop()


async def test_an_outage_of_telegram_loses_nothing(program, members, telegram):
    clerk = telegram.person("王思雨")
    await members.add(clerk, "clerk")
    telegram.faults.add("error", method="*", count=3)
    clerk.says("/help")
    await clerk.sees("督办助手能做的事", within=15)


async def test_a_second_program_with_the_same_token_is_said(program, telegram, caplog, tmp_path, settings):
    data = tmp_path / "second"
    other = settings.model_copy(
        update={"data_dir": data, "database": SecretStr(f"sqlite:///{data / 'duban.db'}")}
    )
    second = build(other)
    with caplog.at_level(logging.ERROR, "duban.listening"):
        await second.start()
        await until(lambda: "同一令牌只能有一个程序" in caplog.text)
    await second.stop()


@pytest.mark.sqlite
async def test_two_programs_do_not_share_an_embedded_database(program, settings):
    second = build(settings)
    with pytest.raises(Failed, match="另一个督办程序"):
        await second.start()
    await second.stop()


async def test_a_port_that_is_taken_is_said(settings, clock):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = taken.getsockname()
        program = build(settings.model_copy(update={"listen": listen}), clock=clock)
        with pytest.raises(Failed, match="DUBAN_LISTEN"):
            await program.start()
        await program.stop()


@pytest.mark.sqlite
async def test_a_database_that_cannot_be_read_is_said(settings, clock, tmp_path):
    (tmp_path / "duban.db").write_bytes(b"this is no database" * 100)
    program = build(settings, clock=clock)
    with pytest.raises(Failed, match="数据库用不了"):
        await program.start()
    await program.stop()
