"""`deploy/` speaks of what is there: settings, folders, secrets as files; linters where they are at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import read_settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
SECRETS = {"TELEGRAM_BOT_TOKEN", "DUBAN_DATABASE_URL", "DUBAN_WEBHOOK_SECRET", "POSTGRES_PASSWORD"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def known() -> set[str]:
    """Every setting that the program reads."""
    return set(re.findall(r"\"((?:TELEGRAM|DUBAN)_[A-Z_]+)\"", text_of(ROOT / "bot/settings.py")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_read(path: Path) -> None:
    named = set(re.findall(r"\b(?:DUBAN|TELEGRAM)_[A-Z_]+\b", text_of(path)))
    assert {name.removesuffix("_FILE") for name in named} <= known()


def test_together_they_set_what_has_to_be_set() -> None:
    unit, compose = text_of(DEPLOY / "duban.service"), text_of(DEPLOY / "compose.yaml")
    assert "TELEGRAM_BOT_TOKEN_FILE=%d/telegram_token" in unit and "LoadCredential=telegram_token:" in unit
    assert "DUBAN_DATABASE_URL_FILE: /run/secrets/database_url" in compose
    environ = dict(re.findall(r"(DUBAN_(?:LISTEN|DATA_DIR))=(\S+)", text_of(DEPLOY / "Containerfile")))
    settings = read_settings(environ)
    assert (settings.listen, settings.data_dir) == (("0.0.0.0", 8080), Path("/data"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_secrets_are_only_ever_named_by_their_file(path: Path) -> None:
    for name in re.findall(r"\b([A-Z_]{4,})(?:=|: )", text_of(path)):
        assert name not in SECRETS
    assert not re.search(r"[0-9]{6,}:[A-Za-z0-9_-]{20,}|://[^/\s]+:[^/\s]+@", text_of(path))


def test_secrets_are_never_committed() -> None:
    kept = [path.name for path in (DEPLOY / "secrets").iterdir()]
    assert text_of(DEPLOY / "secrets/.gitignore").split() == ["*", "!.gitignore"]
    tracked = subprocess.run(
        ["git", "ls-files", "deploy/secrets"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ".gitignore" in kept
    assert tracked.stdout.split() in (["deploy/secrets/.gitignore"], [])


def test_the_image_takes_what_is_there_and_runs_as_nobody_special() -> None:
    lines = text_of(DEPLOY / "Containerfile").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert set(copied) == {"requirements.lock"} | {
        path.parent.name for path in ROOT.glob("*/__init__.py")
    } - {"benchmarks"}
    kept = {
        line[1:] for line in text_of(DEPLOY / "Containerfile.dockerignore").splitlines() if line[0] == "!"
    }
    assert kept == set(copied)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["duban"] and any("--require-hashes" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines) and "/health" in "".join(lines)


def test_no_tool_of_the_tests_stays_in_the_image() -> None:
    """A plugin left without its pytest would fail `pip check`, and the build with it."""
    extra = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["optional-dependencies"]["test"]
    taken = text_of(DEPLOY / "Containerfile").partition("pip uninstall")[2].partition("&&")[0].split()
    assert {re.split("[<>=]", name)[0] for name in extra} <= set(taken)


def test_the_compose_file_can_be_read() -> None:
    """By a Python of this machine that has PyYAML: nothing of ours needs it."""
    read = "import sys, yaml; print(sorted(yaml.safe_load(open(sys.argv[1]))['services']))"
    found = shutil.which("python3", path="/usr/bin") or sys.executable
    told = subprocess.run(
        [found, "-c", read, DEPLOY / "compose.yaml"], capture_output=True, text=True, check=False
    )
    if "ModuleNotFoundError" in told.stderr:
        pytest.skip("no PyYAML on this machine")
    assert told.stdout.strip() == "['database', 'duban']", told.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """With a program that is there in the place of the installed one."""
    unit = tmp_path / "duban.service"
    unit.write_text(re.sub("(?m)^ExecStart=.*", "ExecStart=/bin/true", text_of(DEPLOY / "duban.service")))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0 and unit.name not in told.stderr, told.stderr
