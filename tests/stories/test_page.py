"""The sandbox's chat page in a real browser, with a small bot behind it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import Forbidden
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.sandbox import Sandbox
from bot.sandbox.office_clock import OfficeClock

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SAMPLE = Path(__file__).resolve().parents[2] / "office" / "sample"
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("✅ 已收到", callback_data="ack")]])

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt install chromium)")


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text("您好，请说要登记什么。")


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Repeats what was said as a card, and tells 李文博 of it."""
    assert update.message and update.message.text
    await update.message.reply_html(
        f"<b>登记</b>：{update.message.text_html}", reply_markup=KEYBOARD, do_quote=True
    )
    try:
        await context.bot.send_message(context.bot_data["head"], f"请阅：{update.message.text}")
    except Forbidden:
        await update.message.reply_text("李文博还没有开始")


async def acknowledge(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("已记下您的签收", show_alert=True)
    await update.callback_query.edit_message_text("已签收")


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox.serve(clock=OfficeClock(tmp_path / "clock.json")) as serving:
        serving.load_office(SAMPLE)
        yield serving


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Any]:
    builder = ApplicationBuilder().token(sandbox.token)
    app: Application = builder.base_url(sandbox.base_url).base_file_url(sandbox.base_file_url).build()
    app.bot_data["head"] = sandbox.people["李文博"].id
    app.add_handler(CommandHandler("start", greet))
    app.add_handler(CallbackQueryHandler(acknowledge))
    app.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, echo))
    async with app:
        await app.bot.set_my_commands([("mine", "我的待办")])
        await app.start()
        await app.updater.start_polling()
        yield app
        await app.updater.stop()
        await app.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Any]:
    async with playwright.async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


async def opened(browser: Any, sandbox: Sandbox, **options: Any) -> tuple[Any, list[str]]:
    """The page, and a list that gathers what goes wrong in it or leaves this machine."""
    page, trouble = await browser.new_page(**options), []
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: line.type == "error" and trouble.append(line.text))
    page.on("request", lambda asked: asked.url.startswith(sandbox.url) or trouble.append(asked.url))
    await page.goto(f"{sandbox.url}/")
    return page, trouble


async def choose(page: Any, name: str) -> None:
    if not await page.locator("#picker").is_visible():
        await page.locator("#me").click()
    await page.get_by_placeholder("查找姓名、单位、职务").fill(name)
    await page.locator("#people").get_by_role("button", name=name).click()


async def test_a_newcomer_logs_presses_moves_the_clock_and_follows_to_another(browser, bot, sandbox):
    see = playwright.expect
    page, trouble = await opened(browser, sandbox)
    await choose(page, "李文博")
    await page.get_by_role("button", name="开始", exact=True).click()
    await choose(page, "王思雨")
    await page.get_by_role("button", name="开始", exact=True).click()
    room = page.get_by_role("log", name="消息")
    await see(room.get_by_text("您好，请说要登记什么。")).to_be_visible()

    await page.get_by_label("消息", exact=True).last.fill("县财政局 <请示> 增加经费")
    await page.keyboard.press("Enter")
    card = room.get_by_text("登记：县财政局 <请示> 增加经费")
    await see(card).to_be_visible()
    await see(room.locator(".quote")).to_contain_text("县财政局 <请示> 增加经费")

    await room.get_by_role("button", name="✅ 已收到").click()
    await see(page.get_by_role("dialog")).to_contain_text("已记下您的签收")
    await page.get_by_role("button", name="好", exact=True).click()
    await see(room.get_by_text("已签收")).to_be_visible()
    await see(card).not_to_be_visible()

    before = await page.locator("#clock").inner_text()
    await page.get_by_role("button", name="到下一工作日 09:00").click()
    await see(page.locator("#clock")).to_contain_text("09:00")
    assert before != await page.locator("#clock").inner_text()

    news = page.locator("#feed").get_by_role("button", name="李文博").first
    await see(news).to_contain_text("请阅：县财政局 <请示> 增加经费")
    await news.click()
    await see(page.locator("#me")).to_contain_text("李文博")
    await see(room.get_by_text("请阅：县财政局 <请示> 增加经费")).to_be_visible()
    assert trouble == []


async def test_replies_edits_files_commands_and_blocking_work_from_the_page(browser, bot, sandbox, tmp_path):
    see = playwright.expect
    clerk = sandbox.people["王思雨"]
    clerk.start()
    page, trouble = await opened(browser, sandbox)
    await choose(page, "王思雨")
    text, room = page.locator("#text"), page.get_by_role("log", name="消息")

    greeting = room.locator("article", has_text="您好").first
    await greeting.hover()
    await greeting.get_by_role("button", name="回复").click()
    await text.fill("回您")
    await page.keyboard.press("Enter")
    await see(room.locator("article.mine", has_text="回您").locator(".quote")).to_contain_text("您好")

    own = room.locator("article.mine", has_text="回您")
    await own.hover()
    await own.get_by_role("button", name="编辑").click()
    await text.fill("改过了")
    await page.keyboard.press("Enter")
    await see(room.locator("article.mine", has_text="改过了").locator(".meta")).to_contain_text("已编辑")

    paper = tmp_path / "附件.txt"
    paper.write_text("内容")
    await page.locator("#attach").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("menuitem", name="发送文件").click()
    await (await choosing.value).set_files(paper)
    await see(room.locator("a.file")).to_contain_text("附件.txt")

    await text.fill("/")
    await page.get_by_role("option", name="/mine").click()
    await see(room.locator("article.theirs").get_by_role("link", name="/mine")).to_be_visible()

    await page.get_by_role("button", name="会话菜单").click()
    await page.get_by_role("menuitem", name="屏蔽机器人").click()
    await see(page.get_by_role("button", name="解除屏蔽并重新开始")).to_be_visible()
    assert clerk.has_blocked
    assert trouble == []


async def test_somebody_the_office_does_not_know_can_join_in(browser, bot, sandbox):
    page, trouble = await opened(browser, sandbox)
    await choose(page, "路人甲")
    await page.get_by_role("button", name="开始", exact=True).click()
    await playwright.expect(page.get_by_role("log", name="消息").get_by_text("您好")).to_be_visible()
    await playwright.expect(page.locator("#me")).to_contain_text("访客")
    assert trouble == []


async def test_on_a_telephone_the_list_and_the_chat_are_two_views(browser, bot, sandbox):
    see = playwright.expect
    sandbox.people["王思雨"].start()
    telephone = {"width": 390, "height": 844}
    page, trouble = await opened(browser, sandbox, viewport=telephone, has_touch=True, is_mobile=True)
    await choose(page, "王思雨")
    group = page.get_by_role("navigation", name="我的会话").get_by_role("button", name="县府办工作群")
    await see(group).to_be_visible()
    await see(page.locator("#composer")).not_to_be_visible()
    await group.tap()
    await page.locator("#text").fill("大家好")
    await page.get_by_role("button", name="发送", exact=True).tap()
    await see(page.get_by_role("log", name="消息").get_by_text("登记：大家好")).to_be_visible()
    await see(group).not_to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390

    await page.locator("#head .clock-chip").tap()
    await page.get_by_role("button", name="到下一工作日 09:00").tap()
    await see(page.locator("#clock")).to_contain_text("09:00")
    await page.get_by_role("button", name="收起").tap()
    await page.get_by_role("button", name="返回会话列表").tap()
    await see(group).to_be_visible()
    assert trouble == []
