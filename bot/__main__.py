"""The command line: `duban`."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

gc.disable()  # nothing of what is imported is garbage, and looking for some takes a tenth of the time
from bot import commands  # noqa: E402
from bot.failed import Failed  # noqa: E402

gc.freeze()  # else the first collection would look through it all
gc.enable()

Adder = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code (0 done, 1 not done, 2 wrong settings or arguments)."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except Failed as failed:
        print(failed, file=sys.stderr)
        return failed.code
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="duban", description="督办：政府办公室群聊里的公文与督办助手")
    kinds = parser.add_subparsers(title="命令", required=True, metavar="命令")

    def command(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        added = kinds.add_parser(name, help=words, description=words)
        added.set_defaults(run=run)
        return added

    run = command("run", commands.run, "运行；没有设置 TELEGRAM_BOT_TOKEN 时在本机试用")
    run.add_argument("--verbose", action="store_true", help="日志写得更细")
    command("migrate", commands.migrate, "把数据库升级到本版本")
    backup = command("backup", commands.backup, "运行中备份数据库（SQLite）")
    backup.add_argument("file", type=Path, metavar="文件")
    move = command("move", _move, "把整个数据库搬到另一个地址（SQLite 和 PostgreSQL 之间）")
    move.add_argument("--to", required=True, metavar="地址", help="目标数据库地址，或写有地址的文件")
    policy = command("policy", commands.policy, "打印现行规则，每个时限附依据")
    policy.add_argument("--check", type=Path, metavar="文件夹", help="检查本单位的规则文件夹，逐条列出错误")
    _add_readers(command)
    _add_imports(command)
    return parser


def _move(options: argparse.Namespace) -> int:
    from bot import moving  # here: the other commands move nothing

    return moving.run(options)


def _add_readers(command: Adder) -> None:
    when = command("when", commands.when, "读出一句话里的时限")
    when.add_argument("phrase", nargs="*", metavar="话")
    when.add_argument("--reference", metavar="时刻", help="从何时说起，如 2026-11-18T14:00；默认现在")
    when.add_argument("--jsonl", type=Path, metavar="文件", help="每行一个 id、text、reference")
    read = command("read", commands.read, "读懂消息和问题（不用数据库）")
    read.add_argument(
        "--office", type=Path, required=True, metavar="文件夹", help="units.csv 和 staff.csv 所在"
    )
    read.add_argument("--jsonl", type=Path, required=True, metavar="文件")


def _add_imports(command: Adder) -> None:
    members = command("members", commands.import_members, "导入单位和人员（.xlsx、.csv）")
    members.add_argument("verb", choices=["import"], metavar="import")
    members.add_argument("files", type=Path, nargs="+", metavar="文件")
    calendar = command("calendar", commands.import_calendar, "导入一年的放假安排（.json）")
    calendar.add_argument("verb", choices=["import"], metavar="import")
    calendar.add_argument("file", type=Path, metavar="文件")
    tasks = command("import", commands.import_tasks, "导入任务台账（.xlsx、.csv）")
    tasks.add_argument("kind", choices=["tasks"], metavar="tasks")
    tasks.add_argument("file", type=Path, metavar="文件")
    tasks.add_argument("--by", metavar="姓名", help="以谁的名义立项；默认督查科负责人")
    tasks.add_argument("--check", action="store_true", help="只核对，不导入")
    tasks.add_argument("--skip-wrong", action="store_true", help="有误的行不导入，其余照导")
    duty = command("duty", commands.import_duty, "导入值班表（.xlsx、.csv）")
    duty.add_argument("verb", choices=["import"], metavar="import")
    duty.add_argument("file", type=Path, metavar="文件")


if __name__ == "__main__":
    sys.exit(main())
