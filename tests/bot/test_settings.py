"""Settings: from the environment or from files, every mistake at once, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, read_settings

TOKEN = "7000000001:SANDBOX-not-a-real-token-0000000000"


def mistakes_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read_settings(environ)
    return raised.value.mistakes


def test_nothing_set_is_a_usable_default():
    settings = read_settings({})
    assert settings.token is None
    assert settings.base_url == "https://api.telegram.org/bot"
    assert settings.base_file_url == "https://api.telegram.org/file/bot"
    assert settings.database_url == "sqlite:///data/duban.db"
    assert settings.embedded
    assert settings.timezone == "Asia/Shanghai"
    assert settings.listen is None


def test_the_database_lies_in_the_data_folder(tmp_path):
    assert read_settings({"DUBAN_DATA_DIR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/duban.db"


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("TELEGRAM_BOT_TOKEN", TOKEN, "token"),
        ("TELEGRAM_BASE_URL", "http://127.0.0.1:8090/bot", "base_url"),
        ("DUBAN_DATABASE_URL", "sqlite:////var/lib/duban/office.db", "database"),
        ("DUBAN_TIMEZONE", "Asia/Urumqi", "timezone"),
    ],
)
def test_each_may_stand_in_a_file(tmp_path, name, value, field):
    file = tmp_path / "value"
    file.write_text(value + "\n", encoding="utf-8")
    assert getattr(read_settings({f"{name}_FILE": str(file)}), field) == getattr(
        read_settings({name: value}), field
    )


def test_the_file_url_follows_the_base_url():
    settings = read_settings({"TELEGRAM_BASE_URL": "http://127.0.0.1:8090/bot/"})
    assert settings.base_url == "http://127.0.0.1:8090/bot"
    assert settings.base_file_url == "http://127.0.0.1:8090/file/bot"


def test_a_webhook_is_served_on_the_default_port_and_at_its_path():
    settings = read_settings(
        {"DUBAN_WEBHOOK_URL": "https://duban.example.org", "DUBAN_WEBHOOK_SECRET": "s" * 20}
    )
    assert settings.webhook_url == "https://duban.example.org/webhook"
    assert settings.listen == ("127.0.0.1", 8080)


def test_listen_reads_host_and_port():
    assert read_settings({"DUBAN_LISTEN": "0.0.0.0:9000"}).listen == ("0.0.0.0", 9000)
    assert read_settings({"DUBAN_LISTEN": "[::1]:9000"}).listen == ("::1", 9000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "12345"),
        ("TELEGRAM_BASE_URL", "https://api.telegram.org"),
        ("DUBAN_DATABASE_URL", "mysql://somewhere/duban"),
        ("DUBAN_DATABASE_URL", "not a url"),
        ("DUBAN_DATABASE_URL", "postgresql+nodriver://duban:word@db/duban"),
        ("DUBAN_POLICY_DIR", "/nowhere/at/all"),
        ("DUBAN_TIMEZONE", "Asia/Nowhere"),
        ("DUBAN_LISTEN", "8080"),
        ("DUBAN_LISTEN", "localhost:99999"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    assert len(mistakes_of({name: value})) == 1
    assert mistakes_of({name: value})[0].startswith(name)


def test_every_mistake_is_reported_at_once():
    found = mistakes_of(
        {
            "TELEGRAM_BOT_TOKEN": "nonsense",
            "DUBAN_TIMEZONE": "Nowhere",
            "DUBAN_WEBHOOK_URL": "https://duban.example.org/webhook",
            "DUBAN_DATABASE_URL_FILE": "/nowhere/url",
        }
    )
    assert [line.split("：")[0].split(" ")[0] for line in found] == [
        "TELEGRAM_BOT_TOKEN",
        "DUBAN_DATABASE_URL_FILE",
        "DUBAN_TIMEZONE",
        "DUBAN_WEBHOOK_URL",
    ]


def test_a_value_and_its_file_exclude_each_other(tmp_path):
    file = tmp_path / "zone"
    file.write_text("Asia/Shanghai")
    found = mistakes_of({"DUBAN_TIMEZONE": "Asia/Shanghai", "DUBAN_TIMEZONE_FILE": str(file)})
    assert "只能设置其中一个" in found[0]


def test_secrets_show_neither_in_the_repr_nor_in_a_mistake():
    settings = read_settings(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "DUBAN_DATABASE_URL": "sqlite://duban:password@/duban.db",
            "DUBAN_WEBHOOK_URL": "https://duban.example.org/webhook",
            "DUBAN_WEBHOOK_SECRET": "webhook-secret-0000",
        }
    )
    for secret in (TOKEN, "password", "webhook-secret-0000"):
        assert secret not in repr(settings)
        assert secret not in str(settings.model_dump())
    wrong = mistakes_of({"TELEGRAM_BOT_TOKEN": "7000000001;tooshort", "DUBAN_WEBHOOK_SECRET": "short secret"})
    assert "tooshort" not in "\n".join(wrong)
    assert "short secret" not in "\n".join(wrong)


def test_the_policy_folder_is_a_path(tmp_path):
    assert read_settings({"DUBAN_POLICY_DIR": str(tmp_path)}).policy_dir == Path(tmp_path)
