"""The policy: shipped and sound, laid over by the office's own folder, every mistake reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.policy_files import PolicyError, load_policy


def own(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("procedure", "step", "limit", "source"),
    [
        ("request", "forward", "30min", "D2"),
        ("superior", "forward", "2h", "D3"),
        ("urgent", "forward", "20min", "D6"),
        ("request", "propose", "today", "D5 D7"),
        ("request", "reply", "whole", "D7"),
    ],
)
def test_the_shipped_limits_are_the_offices(procedure: str, step: str, limit: str, source: str) -> None:
    rule = load_policy().procedures[procedure].step(step)
    assert (rule.limit, rule.source) == (limit, source)


def test_a_request_is_answered_in_ten_working_days_and_signed_by_six() -> None:
    request = load_policy().procedures["request"]
    assert request.whole is not None
    assert request.whole.limit == "10wd"
    signing = {"deputy_director", "director", "leader", "chief_leader"}
    assert sum(step.holder in signing for step in request.steps) == 6


def test_only_urgent_documents_run_round_the_clock() -> None:
    procedures = load_policy().documents.values()
    assert {one.key for one in procedures if one.clock == "round"} == {"urgent"}


def test_an_offices_folder_changes_one_key_and_keeps_the_rest(tmp_path: Path) -> None:
    policy = load_policy(own(tmp_path, ladders='[minutes]\noverdue = "3min"\n'))
    assert policy.ladders["minutes"].overdue == "3min"
    assert policy.ladders["minutes"].rungs == load_policy().ladders["minutes"].rungs


def test_an_offices_folder_may_add_a_kind_of_document(tmp_path: Path) -> None:
    shipped = Path(load_policy.__globals__["SHIPPED"]) / "procedures" / "letter.toml"
    text = shipped.read_text(encoding="utf-8").replace("来信来访", "建议提案")
    assert load_policy(own(tmp_path, procedures__proposal=text)).procedures["proposal"].name == "建议提案"


@pytest.mark.parametrize(
    ("calendar", "allowed"),
    [
        ('[quiet]\nfrom = "25:00"\n', '应是时刻，如 "09:00"'),
        ("[quiet]\nfrom = 21\ndays_off = 7\n", "应是 true 或 false"),
        ('[hours]\nsessions = "09:00-12:00"\n', "应是列表"),
        ('hours = "09:00-12:00"\n', "应是一节"),
    ],
)
def test_what_is_allowed_is_told_in_words_of_the_office(tmp_path: Path, calendar: str, allowed: str) -> None:
    with pytest.raises(PolicyError) as found:
        load_policy(own(tmp_path, calendar=calendar))
    lines = "\n".join(found.value.mistakes)
    assert allowed in lines
    assert "Input should" not in lines


def test_every_mistake_is_reported_at_once_with_file_key_and_what_is_allowed(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        ladders='[minutes]\nremind = ["half"]\nrungs = [{ who = "boss", after = "5min" }]\n',
        calendar='[quiet]\nfrom = "21:00"\nuntill = "07:30"\n',
        procedures__request='[whole]\nlimit = "ten days"\n',
        nonsense="a = 1\n",
        posts="names = [",
    )
    with pytest.raises(PolicyError) as found:
        load_policy(folder)
    lines = "\n".join(found.value.mistakes)
    for part in (
        "ladders.toml：minutes.remind",
        "ladders.toml：minutes.rungs.0.who",
        "stand_in",
        "calendar.toml：quiet.untill：没有这个键",
        "procedures/request.toml：whole.limit",
        "10wd",
        "nonsense.toml：没有这个文件",
        "posts.toml：不是有效的 TOML",
    ):
        assert part in lines


def one_step(*, limit: str = "1h", ladder: str = "days", closes: bool = True) -> str:
    """A procedure of one step, as TOML."""
    ending = 'closes = true, verbs = ["close"]' if closes else 'verbs = ["sign"]'
    return (
        'steps = [{ key = "a", name = "甲", todo = "办", holder = "director", source = "D1", '
        f'limit = "{limit}", ladder = "{ladder}", {ending} }}]'
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (one_step(ladder="none"), "没有“none”"),
        (one_step(closes=False), "closes = true"),
        (one_step(limit="whole"), "whole"),
    ],
)
def test_what_one_file_says_must_fit_the_others(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        load_policy(own(tmp_path, procedures__superior=text))


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("calendar", '[quiet]\nfrom = "12:00"\nuntil = "13:30"\n', "from 须晚于 until"),
        ("calendar", '[notices.2027]\noff = { "2027-13-01" = "元旦" }\n', "notices.2027.off"),
        ("rounds", '[morning]\ncron = "99 8 * * *"\n', "各段须在范围内"),
        ("rounds", '[morning]\ncron = "8:30"\n', "五段"),
    ],
)
def test_times_that_cannot_be_are_found_at_once(tmp_path: Path, file: str, text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        load_policy(own(tmp_path, **{file: text}))
