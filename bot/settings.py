"""Settings from the environment. Each may also be given as NAME_FILE: the file that holds the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.engine import DRIVER, with_driver

T = TypeVar("T")

TELEGRAM = "https://api.telegram.org/bot"
LISTEN = "127.0.0.1:8080"


class SettingsError(Exception):
    """Settings that cannot be used; `mistakes` has a Chinese line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Settings(BaseModel):
    """What the program needs to know of where it runs. Secrets never show in its repr."""

    model_config = ConfigDict(frozen=True)

    token: SecretStr | None = None
    base_url: str = TELEGRAM
    """ends in /bot"""
    base_file_url: str = "https://api.telegram.org/file/bot"
    data_dir: Path = Path("data")
    database: SecretStr
    """may hold a password"""
    policy_dir: Path | None = None
    timezone: str = "Asia/Shanghai"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: tuple[str, int] | None = None
    """where health and webhook are served; nowhere when None"""
    heartbeat_url: str | None = None
    """called each minute while all is well"""
    lease_seconds: float = 9.0
    """how long what a program holds alone outlives it, where several work on one database"""
    clock_file: Path | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def database_url(self) -> str:
        return self.database.get_secret_value()

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite."""
        return make_url(self.database_url).get_backend_name() == "sqlite"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Reads the settings; raises SettingsError that names every mistake."""
    reader = _Reader(environ)
    data_dir = Path(reader.text("DUBAN_DATA_DIR") or "data")
    base_url = reader.checked("TELEGRAM_BASE_URL", _base_url, TELEGRAM)
    secret = reader.checked("DUBAN_WEBHOOK_SECRET", _webhook_secret)
    webhook_url = reader.checked("DUBAN_WEBHOOK_URL", _webhook_url)
    settings = {
        "token": reader.checked("TELEGRAM_BOT_TOKEN", _token),
        "base_url": base_url,
        "base_file_url": reader.checked("TELEGRAM_BASE_FILE_URL", _base_url, _file_url(base_url)),
        "data_dir": data_dir,
        "database": reader.checked("DUBAN_DATABASE_URL", database_address, _own_database(data_dir)),
        "policy_dir": reader.checked("DUBAN_POLICY_DIR", _folder),
        "timezone": reader.checked("DUBAN_TIMEZONE", _timezone, "Asia/Shanghai"),
        "webhook_url": webhook_url,
        "webhook_secret": secret,
        "listen": reader.checked("DUBAN_LISTEN", _listen, _listen(LISTEN) if webhook_url else None),
        "heartbeat_url": reader.checked("DUBAN_HEARTBEAT_URL", _heartbeat_url),
        "lease_seconds": reader.checked("DUBAN_LEASE_SECONDS", _lease_seconds, 9.0),
        "clock_file": reader.checked("DUBAN_CLOCK_FILE", Path),
    }
    if (webhook_url is None) != (secret is None):
        reader.mistakes.append("DUBAN_WEBHOOK_URL 和 DUBAN_WEBHOOK_SECRET：须同时设置，或都不设置（轮询）")
    if reader.mistakes:
        raise SettingsError(reader.mistakes)
    return Settings.model_validate(settings)


class _Reader:
    """Takes values out of the environment and collects what is wrong, never the value of a secret."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.mistakes: list[str] = []

    def text(self, name: str) -> str | None:
        """The value, or None where there is none."""
        value, file = self._environ.get(name), self._environ.get(f"{name}_FILE")
        if value and file:
            self.mistakes.append(f"{name} 和 {name}_FILE：只能设置其中一个")
        if not file or value:
            return (value or "").strip() or None
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            self.mistakes.append(f"{name}_FILE：读不到文件 {file}（{type(error).__name__}）")
            return None

    def checked(self, name: str, check: Callable[[str], T], default: T | None = None) -> T | None:
        """The value as `check` reads it; its ValueError is one more mistake."""
        text = self.text(name)
        if text is None:
            return default
        try:
            return check(text)
        except ValueError as error:
            self.mistakes.append(f"{name}：{error}")
            return default


def _token(text: str) -> SecretStr:
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,}", text):
        raise ValueError("不是机器人令牌，令牌形如 123456789:AA……，由 @BotFather 发给")
    return SecretStr(text)


def _base_url(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https") or not text.rstrip("/").endswith("/bot"):
        raise ValueError(f"应是 http(s) 开头、以 /bot 结尾的地址，如 {TELEGRAM}，现为 {text!r}")
    return text.rstrip("/")


def _file_url(base_url: str | None) -> str:
    return (base_url or TELEGRAM).removesuffix("/bot") + "/file/bot"


def database_address(text: str) -> SecretStr:
    """The address of a database that this program can work with. Raises ValueError, in Chinese."""
    try:
        url = with_driver(text)
    except ArgumentError:
        raise ValueError(
            "不是数据库地址，应如 sqlite:////var/lib/duban/duban.db 或 postgresql://用户:密码@主机/库名"
        ) from None
    name = url.get_backend_name()
    if name not in ("sqlite", "postgresql"):
        raise ValueError(f"只支持 sqlite 和 postgresql，现为 {name}")
    if name == "postgresql" and url.drivername != DRIVER:
        raise ValueError(f"不支持驱动 {url.get_driver_name()}；地址写作 postgresql://… 即用自带的驱动")
    return SecretStr(url.render_as_string(hide_password=False))


def _own_database(data_dir: Path) -> SecretStr:
    return SecretStr(f"sqlite:///{data_dir / 'duban.db'}")


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError(f"没有这个文件夹：{text}")
    return Path(text)


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"没有这个时区，应如 Asia/Shanghai，现为 {text!r}") from None
    return text


def _webhook_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"应是 https 地址，如 https://duban.example.gov.cn/webhook，现为 {text!r}")
    return text.rstrip("/") + "/webhook" if parts.path in ("", "/") else text


def _heartbeat_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("应是 http 或 https 地址")
    return text


def _lease_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 60:
        raise ValueError(f"应是 1 至 60 之间的秒数，现为 {text!r}")
    return seconds


def _webhook_secret(text: str) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", text):
        raise ValueError("16 至 256 个字母、数字、下划线或连字符")
    return SecretStr(text)


def _listen(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"应是 主机:端口，如 {LISTEN}，现为 {text!r}")
    return host.strip("[]"), int(port)
