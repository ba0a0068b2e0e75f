"""A newcomer opens the page, logs a document, moves the clock and sees it climb: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_page import CHROMIUM, FLAGS
from trial import Trial

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt install chromium)")

LINE = "登记 县教育局 关于维修乡镇学校屋顶的请示 云教〔2026〕72号 转秘书一科"


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    trial = Trial(tmp_path / "data")
    yield trial
    assert trial.end() == (0, "")


async def become(page: Any, name: str) -> None:
    """Choose whom one is, and open the chat with the bot."""
    if not await page.locator("#picker").is_visible():
        await page.locator("#me").click()
    await page.get_by_placeholder("查找姓名、单位、职务").fill(name)
    await page.locator("#people").get_by_role("button", name=name).click()
    await page.locator("#chats").get_by_role("button").first.click()


async def test_a_document_is_logged_the_clock_moved_and_it_climbs(trial: Trial) -> None:
    async with playwright.async_playwright() as machine:
        browser = await machine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        page.set_default_timeout(30_000)
        await page.goto(trial.url)
        await become(page, "王思雨")
        await page.get_by_label("消息", exact=True).last.fill(LINE)
        await page.keyboard.press("Enter")
        room = page.get_by_role("log", name="消息")
        await room.get_by_role("button", name="确认").last.click()
        await room.get_by_text("已登记 收〔").wait_for()
        await page.get_by_role("button", name="+1 小时").click()
        stand_in = page.locator("#feed").get_by_role("button", name="刘景行").first
        await stand_in.wait_for()
        await become(page, "刘景行")
        await room.get_by_text("逾期未办，转告您（B岗）").first.wait_for()
        await browser.close()
