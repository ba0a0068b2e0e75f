"""What each command of `duban` does. Settings come from the environment, results go to standard output."""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

from bot.clock import FileClock, SystemClock
from bot.failed import Failed
from bot.policy_table import describe
from bot.settings import Settings, SettingsError, read_settings
from bot.worker import Worker
from handlers.texts import Texts
from office import duty_roster, liaisons
from office.calendar import load_notice
from office.desk import Calendars, Desk, Refused
from office.members import import_people, read_folder
from office.papers.wrong_rows import wrong_rows_xlsx
from office.supervision import importing
from office.supervision.import_plan import CORRECTED, Plan
from rules import reading
from rules import when as whens
from rules.policy import Policy
from rules.policy_files import PolicyError, load_policy
from rules.working_time import Calendar
from storage.backup import BackupError, back_up
from storage.engine import open_engine
from storage.migrations import upgrade

T = TypeVar("T")


def settings_or_fail() -> Settings:
    """The settings of the environment. Raises Failed that names every mistake."""
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        raise Failed("设置有误：\n" + _listed(error.mistakes), code=2) from None


def policy_or_fail(own: Path | None) -> Policy:
    """The policy with the office's own folder over it. Raises Failed that names every mistake."""
    try:
        return load_policy(own)
    except PolicyError as error:
        raise Failed(f"规则有 {len(error.mistakes)} 处错误：\n" + _listed(error.mistakes)) from None


def run(options: argparse.Namespace) -> int:
    """Run the program on Telegram, or the trial where there is no token."""
    gc.disable()  # until it stands
    try:
        settings = settings_or_fail()
        policy = policy_or_fail(settings.policy_dir)
        if settings.token is None:
            from bot import trial  # here: only the trial needs a sandbox

            return trial.run(settings, verbose=options.verbose)
        from bot import running  # here: the other commands need nothing of Telegram

        return running.run(settings, policy, verbose=options.verbose)
    finally:
        gc.enable()  # it did not come to stand


def migrate(options: argparse.Namespace) -> int:
    """Bring the database to this version."""
    upgrade(settings_or_fail().database_url)
    print("数据库已是最新。")
    return 0


def backup(options: argparse.Namespace) -> int:
    """Copy the database while it is in use."""
    try:
        size = back_up(settings_or_fail().database_url, options.file)
    except BackupError as error:
        raise Failed(str(error)) from None
    print(f"已备份到 {options.file}（{size / 2**20:.1f} MB）。")
    return 0


def policy(options: argparse.Namespace) -> int:
    """Print the policy in force, or check an office's own folder."""
    if options.check is not None:
        policy_or_fail(options.check)
        print(f"{options.check}：没有错误。")
        return 0
    print(describe(policy_or_fail(settings_or_fail().policy_dir)))
    return 0


def when(options: argparse.Namespace) -> int:
    """Print the limit that a phrase names, or answer rows of a file."""
    calendar = _calendar(settings_or_fail())
    if options.jsonl is not None:
        return _answer(options.jsonl, lambda row: whens.answer_row(row, calendar))
    if not options.phrase:
        raise Failed("请写出要读的话，如：duban when 周五前", code=2)
    found = whens.read_limit(" ".join(options.phrase), _reference(options.reference, calendar), calendar)
    if found is None:
        raise Failed("没有读出时限。")
    for at in found.readings or (found.at,):
        print(f"{at:%Y-%m-%dT%H:%M}")
    return 0


def read(options: argparse.Namespace) -> int:
    """Answer rows of a file with what was understood of each message or question."""
    settings = settings_or_fail()
    rules = policy_or_fail(settings.policy_dir)
    calendar = _calendar(settings)
    try:
        roster = read_folder(options.office)
    except (OSError, ValueError) as error:
        raise Failed(f"人员和单位读不了：\n{error}") from None

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        return reading.answer_row(
            row, roster=roster, calendar=calendar, words=rules.words, secrecy=rules.secrecy
        )

    return _answer(options.jsonl, answer)


def import_members(options: argparse.Namespace) -> int:
    """Take over units and staff from spreadsheets, whole or not at all."""
    files = [(path.name, _content(path)) for path in options.files]
    done = _at_the_desk(lambda desk: import_people(desk, files, by=None))
    unmarked = _at_the_desk(liaisons.unmarked)
    print(
        f"人员：新增 {len(done.added)}，更新 {len(done.changed)}，未变 {done.unchanged}；"
        f"单位：新增 {len(done.units_added)}，更新 {len(done.units_changed)}，未变 {done.units_unchanged}。"
    )
    if unmarked:
        print(unmarked)
    return 0


def import_calendar(options: argparse.Namespace) -> int:
    """Load a year's notice of holidays; provisional limits are computed anew."""
    try:
        document = json.loads(_content(options.file))
    except ValueError:
        raise Failed(f"{options.file}：不是 JSON 文件。") from None
    moved = _at_the_desk(lambda desk: load_notice(desk, document))
    print(f"已载入放假安排，重算后有 {moved} 个时限变动。")
    return 0


def import_duty(options: argparse.Namespace) -> int:
    """Load a duty roster, by day or by month; importing again updates."""
    content = _content(options.file)
    done = _at_the_desk(lambda desk: duty_roster.import_roster(desk, options.file.name, content))
    counts = f"新增 {len(done.added)} 天，改动 {len(done.changed)} 天，未变 {done.unchanged} 天"
    print(f"值班表：{counts}，已过未动 {len(done.past)} 天。")
    for gap in done.gaps:
        print(f"  · {gap}")
    return 0


def import_tasks(options: argparse.Namespace) -> int:
    """Take over a ledger of tasks; wrong rows are written beside the file, to be corrected."""
    name, content = options.file.name, _content(options.file)

    def act(desk: Desk) -> tuple[Plan, bool]:
        by = importing.keeper(desk, options.by)
        sheets = importing.open_file(name, content)
        foreseen = importing.foresee(desk, name, sheets, by)
        stopped = options.check or (bool(foreseen.read.wrong) and not options.skip_wrong)
        if not stopped:
            importing.take_over(desk, name, sheets, by)
        return foreseen, stopped

    foreseen, stopped = _at_the_desk(act)
    for line in import_summary(foreseen, stopped=stopped):
        print(line)
    if wrong := foreseen.read.wrong:
        back = options.file.with_name(f"{options.file.stem.removesuffix(CORRECTED)}{CORRECTED}.xlsx")
        back.write_bytes(wrong_rows_xlsx(wrong, written_at=SystemClock().now()))
        print(f"有误的 {len(wrong)} 行已写入 {back}，错处标红，改好后再导入。")
    return 1 if foreseen.read.wrong else 0


def import_summary(foreseen: Plan, *, stopped: bool) -> Iterator[str]:
    """What an import of tasks did, or would do, line by line."""
    read = foreseen.read
    yield (
        f"{foreseen.ledger}：共 {len(read.rows) + len(read.wrong)} 条；新增 {len(foreseen.new)}，"
        f"更新 {len(foreseen.changed)}，未变 {foreseen.unchanged}，有误 {len(read.wrong)}。"
        f"{'没有导入。' if stopped else '已导入。'}"
    )
    yield from (f"  · {line}" for one in read.wrong for line in one.lines)
    yield from (f"  · 表里没有、仍在办：{one.register_no} {one.title}" for one in foreseen.gone)
    yield from (f"  · {note}" for note in read.notes)


def _at_the_desk(act: Callable[[Desk], T]) -> T:
    """One act in one transaction on the database of the settings."""
    settings = settings_or_fail()
    rules = policy_or_fail(settings.policy_dir)
    upgrade(settings.database_url)
    clock = FileClock(settings.clock_file) if settings.clock_file else SystemClock()
    worker = Worker(open_engine(settings.database_url), rules, Calendars(settings.zone, rules), clock)
    try:
        return worker.do_now(act)
    except Refused as refused:
        said = Texts(settings.zone).render(f"refused.{refused.reason}", refused.facts)
        raise Failed(_plain(said)) from None
    finally:
        worker.close()
        worker.engine.dispose()


def _plain(html: str) -> str:
    """What the bot would say, without the marks of the chat."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def _answer(file: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    for row in _rows(file):
        print(json.dumps(answer(row), ensure_ascii=False))
    return 0


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_content(file).decode("utf-8-sig").splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError:
                raise Failed(f"{file} 第 {number} 行：不是 JSON。") from None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failed(f"读不了 {file}：{error.strerror}") from None


def _calendar(settings: Settings) -> Calendar:
    rule = policy_or_fail(settings.policy_dir).calendar
    return Calendar(settings.zone, rule.hours, rule.own_notices())


def _reference(text: str | None, calendar: Calendar) -> datetime:
    if text is None:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Failed(f"时刻应如 2026-11-18T14:00，现为 {text!r}", code=2) from None
    return at if at.tzinfo else at.replace(tzinfo=calendar.zone)


def _listed(mistakes: list[str]) -> str:
    return "\n".join(f"  · {line}" for line in mistakes)
