"""The command line: what each command prints, its exit code, and the trial as a whole."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest
from doubles import until
from sqlmodel import Session, select
from trial import Trial

import office
from bot.__main__ import main
from bot.table import table, width
from storage.engine import open_engine
from storage.models import Clock, HolidayNotice, Matter, Member

SAMPLE = Path(office.__file__).with_name("sample")


@pytest.fixture(autouse=True)
def own_environment(monkeypatch, tmp_path) -> None:
    """A data folder of its own, and none of the settings of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("DUBAN_", "TELEGRAM_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "data"))


def kept(tmp_path: Path, kind: type) -> list:
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'duban.db'}")
    with Session(engine) as session:
        found = list(session.exec(select(kind)))
    engine.dispose()
    return found


# --- the policy -------------------------------------------------------------------------------------------


def test_the_policy_in_force_is_a_table_with_the_source_of_each_limit(capsys):
    assert main(["policy"]) == 0
    printed = capsys.readouterr().out
    forward = next(line for line in printed.splitlines() if line.startswith("转承办科室 "))
    assert forward.split() == ["转承办科室", "承办单位", "30", "分钟", "登记", "分钟级", "D2"]
    assert "办公时间：09:00–12:00，13:30–17:30" in printed
    assert "（整件）" in printed
    assert "10 个工作日" in printed
    assert "→ 分管副主任 20 分钟" in printed


def test_columns_are_aligned_whatever_the_script():
    lines = table([["环节", "时限"], ["传阅", "3wd"], ["read", "30 分钟"]]).splitlines()
    assert [
        width(line[: line.index(word)])
        for line, word in zip((lines[0], *lines[2:]), ("时限", "3wd", "30"), strict=True)
    ] == [6, 6, 6]


def test_an_offices_own_folder_is_laid_over(monkeypatch, tmp_path, capsys):
    own = tmp_path / "own"
    own.mkdir()
    (own / "calendar.toml").write_text('[hours]\nsessions = [["08:00", "16:00"]]\n', encoding="utf-8")
    monkeypatch.setenv("DUBAN_POLICY_DIR", str(own))
    assert main(["policy"]) == 0
    assert "办公时间：08:00–16:00" in capsys.readouterr().out
    assert main(["policy", "--check", str(own)]) == 0


def test_every_mistake_of_a_folder_is_printed(tmp_path, capsys):
    own = tmp_path / "own"
    own.mkdir()
    (own / "calendar.toml").write_text("[hours]\nsessions = []\n", encoding="utf-8")
    (own / "ladders.toml").write_text('[minutes]\noverdue = "soon"\n', encoding="utf-8")
    assert main(["policy", "--check", str(own)]) == 1
    printed = capsys.readouterr().err
    assert "calendar.toml" in printed
    assert "ladders.toml" in printed
    assert "soon" in printed


def test_wrong_settings_are_all_named_and_end_with_2(monkeypatch, capsys):
    monkeypatch.setenv("DUBAN_TIMEZONE", "Nowhere")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "nonsense")
    assert main(["run"]) == 2
    assert gc.isenabled()
    printed = capsys.readouterr().err
    assert "DUBAN_TIMEZONE" in printed
    assert "TELEGRAM_BOT_TOKEN" in printed
    assert "nonsense" not in printed


# --- reading ----------------------------------------------------------------------------------------------


def test_a_phrase_becomes_an_instant(capsys):
    assert main(["when", "--reference", "2026-11-18T14:00", "周五前"]) == 0
    assert capsys.readouterr().out == "2026-11-20T17:30\n"


def test_what_names_no_limit_is_said(capsys):
    assert main(["when", "--reference", "2026-11-18T14:00", "你好"]) == 1
    assert "没有读出时限" in capsys.readouterr().err
    assert main(["when", "--reference", "yesterday", "周五前"]) == 2
    assert main(["when"]) == 2


def test_rows_of_a_file_are_answered(tmp_path, capsys):
    rows = tmp_path / "rows.jsonl"
    row = {"id": "a", "text": "周五前", "reference": "2026-11-18T14:00"}
    rows.write_text(json.dumps(row, ensure_ascii=False) + "\n\n", encoding="utf-8")
    assert main(["when", "--jsonl", str(rows)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["id"], answer["at"]) == ("a", "2026-11-20T17:30")


def test_messages_are_read_without_a_database(tmp_path, capsys):
    rows = tmp_path / "rows.jsonl"
    row = {
        "id": "m",
        "kind": "message",
        "text": "登记 财政局 关于拨付补贴资金的请示 云财〔2026〕37号",
        "reference": "2026-11-17T10:05",
        "from": "王思雨",
        "chat": "private",
    }
    rows.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert main(["read", "--office", str(SAMPLE), "--jsonl", str(rows)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["act"] == "log"
    assert answer["items"][0]["sender"] == "县财政局"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("rows", ["no json\n", None])
def test_a_file_that_cannot_be_read_is_said(tmp_path, capsys, rows):
    file = tmp_path / "rows.jsonl"
    if rows:
        file.write_text(rows)
    assert main(["when", "--jsonl", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


# --- the database -----------------------------------------------------------------------------------------


def test_members_are_imported_and_again(tmp_path, capsys):
    files = [str(SAMPLE / name) for name in ("units.csv", "staff.csv")]
    assert main(["members", "import", *files]) == 0
    assert "新增 63" in capsys.readouterr().out
    assert len(kept(tmp_path, Member)) == 63
    assert main(["members", "import", *files]) == 0
    assert "未变 63" in capsys.readouterr().out


def test_a_mistake_in_a_spreadsheet_imports_nothing(tmp_path, capsys):
    file = tmp_path / "staff.csv"
    file.write_text("name,unit,post,stand_in,in_charge_of,phone,roles\n张三,没有的单位,,,,,nobody\n", "utf-8")
    assert main(["members", "import", str(file)]) == 1
    assert "没有的单位" in capsys.readouterr().err
    assert kept(tmp_path, Member) == []


def test_a_notice_of_holidays_is_loaded(tmp_path, capsys):
    file = tmp_path / "2027.json"
    days = [{"date": "2027-01-01", "name": "元旦", "isOffDay": True}]
    file.write_text(json.dumps({"year": 2027, "days": days}), encoding="utf-8")
    assert main(["calendar", "import", str(file)]) == 0
    assert [notice.year for notice in kept(tmp_path, HolidayNotice)] == [2027]
    file.write_text(json.dumps({"year": 2027, "days": []}), encoding="utf-8")
    assert main(["calendar", "import", str(file)]) == 1
    file.write_text("[", encoding="utf-8")
    assert main(["calendar", "import", str(file)]) == 1


def test_migrate_and_back_up(tmp_path, capsys):
    assert main(["migrate"]) == 0
    assert main(["backup", str(tmp_path / "copy.db")]) == 0
    assert (tmp_path / "copy.db").stat().st_size > 0
    assert main(["backup", str(tmp_path / "copy.db")]) == 1
    assert "不覆盖" in capsys.readouterr().err


# --- on Telegram --------------------------------------------------------------------------------------------


async def test_whoever_sends_the_first_code_becomes_administrator(telegram, tmp_path):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=dict(os.environ) | {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_BASE_URL": telegram.base_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    greeting = (await asyncio.wait_for(process.stdout.readline(), 15)).decode()
    code = greeting.rpartition("口令")[2].strip()
    somebody, director = telegram.person("过路人"), telegram.person("杨振宇")
    somebody.says("AAAA-AAAA-AAAA-AAAA")
    director.says(code)
    await until(lambda: director.received)
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert process.returncode == 0
    admins = [member.telegram_id for member in kept(tmp_path, Member) if "admin" in member.roles]
    assert admins == [director.id]
    assert code not in errors.decode()
    assert telegram.token not in errors.decode()


# --- the trial --------------------------------------------------------------------------------------------


def test_without_a_token_the_sample_office_is_at_work(tmp_path):
    trial = Trial(tmp_path / "data")
    page = httpx.get(trial.url)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    code, printed = trial.end()
    assert (code, printed) == (0, "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(trial.url)
    (tmp_path / "data" / "duban.db").symlink_to(tmp_path / "data" / "trial" / "duban.db")
    assert len(kept(tmp_path, Matter)) == 4
    assert all(member.reach == "ok" for member in kept(tmp_path, Member))
    assert any(clock.state == "pending" for clock in kept(tmp_path, Clock))


def test_a_trial_goes_on_where_it_was_left(tmp_path):
    Trial(tmp_path / "data").end()
    again = Trial(tmp_path / "data")
    code, printed = again.end()
    assert (code, printed) == (0, "")
    (tmp_path / "data" / "duban.db").symlink_to(tmp_path / "data" / "trial" / "duban.db")
    assert len(kept(tmp_path, Matter)) == 4


def test_logs_of_a_trial_hold_no_token_and_no_text(tmp_path):
    trial = Trial(tmp_path / "data", "--verbose")
    time.sleep(1.5)
    _, printed = trial.end()
    lines = [json.loads(line) for line in printed.splitlines()]
    assert {"started", "sent", "stopped"} <= {line["event"] for line in lines}
    assert "SANDBOX-not-a-real-token" not in printed
    assert "惠农补贴" not in printed


# --- a ledger of tasks -----------------------------------------------------------------------------------


def test_a_ledger_of_tasks_is_imported_whole_or_not_at_all(capsys, tmp_path):
    assert main(["members", "import", str(SAMPLE / "units.csv"), str(SAMPLE / "staff.csv")]) == 0
    file = tmp_path / "任务.csv"
    file.write_text(
        "任务,牵头单位,时限\n修水库,水利局,2099-12-31\n修渠,水利厅,2099-12-31\n", encoding="utf-8"
    )
    assert main(["import", "tasks", str(file)]) == 1
    printed = capsys.readouterr().out
    assert "新增 1，更新 0，未变 0，有误 1。没有导入。" in printed
    assert "第3行 B列 牵头单位：“水利厅”不是本县单位，是否“县水利局”？" in printed
    assert (tmp_path / "任务（待更正）.xlsx").exists() and not kept(tmp_path, Matter)

    file.write_text(
        "任务,牵头单位,时限\n修水库,水利局,2099-12-31\n修渠,水利局,2099-12-31\n", encoding="utf-8"
    )
    assert main(["import", "tasks", str(file), "--check"]) == 0 and not kept(tmp_path, Matter)
    assert main(["import", "tasks", str(file)]) == 0
    assert [one.title for one in kept(tmp_path, Matter)] == ["修水库", "修渠"]
    assert main(["import", "tasks", str(file)]) == 0
    assert "新增 0，更新 0，未变 2" in capsys.readouterr().out and len(kept(tmp_path, Matter)) == 2


def test_nobody_of_that_name_imports(capsys, tmp_path):
    file = tmp_path / "任务.csv"
    file.write_text("任务,牵头单位,时限\n修水库,水利局,2099-12-31\n", encoding="utf-8")
    assert main(["import", "tasks", str(file), "--by", "某人"]) == 1
    assert "名单中没有“某人”" in capsys.readouterr().err
