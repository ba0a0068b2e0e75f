"""The documents speak of what is there: links, file names, commands, settings, terms, rules."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from bot.__main__ import _parser
from handlers import spoken
from office.members import read_folder
from rules import reading
from rules.policy import Policy
from rules.policy_files import load_policy
from rules.reading.words import Words
from rules.working_time import Calendar

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("rules", "storage", "office", "handlers", "bot")
DOCS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"(?:!?\[[^\]]*\]\(|<img src=\")([^)\s\"]+)")
_CODE = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|toml|md|csv|lock)")
_RULE = re.compile(r"\b[DMVEIAP][0-9]{1,2}\b")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code() -> str:
    """All of our own code and data, as one text."""
    files = (file for floor in FLOORS for file in sorted((ROOT / floor).rglob("*")))
    return "\n".join(text_of(file) for file in files if file.suffix in (".py", ".toml", ".j2"))


def rows(text: str, heading: str = "") -> Iterator[list[str]]:
    """The cells of the tables of a document, or of one section of it, without headings."""
    section = text.partition(heading)[2].partition("\n## ")[0] if heading else text
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) > 1 and not set(line) <= set("|- "):
            yield cells


@pytest.mark.parametrize("document", DOCS, ids=named)
def test_links_lead_somewhere(document: Path) -> None:
    links = [link for link in _LINK.findall(text_of(document)) if not link.startswith("https://")]
    missing = [link for link in links if not (document.parent / link.partition("#")[0]).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCS, ids=named)
def test_files_that_are_named_exist(document: Path) -> None:
    """A path in code marks is one of ours: from the root, or from the folder of the policy."""
    spans = _CODE.findall(_FENCE.sub("", text_of(document)))
    paths = [span for span in spans if _FILE.fullmatch(span) and span not in GIVEN]
    missing = [path for path in paths if not any((place / path).exists() for place in PLACES)]
    assert not missing


PLACES = (ROOT, ROOT / "rules" / "policy", ROOT / "docs")
GIVEN = {".venv/bin", "units.csv", "staff.csv", "Asia/Shanghai", "procedures/contract.toml"}
"""what an office gives itself, and a name that looks like a path"""


def commands(document: Path) -> Iterator[str]:
    """Whatever is written as a command line of `duban`."""
    for span in _CODE.findall(_FENCE.sub("", text_of(document))):
        if span.startswith("duban "):
            yield span
    for fence in _FENCE.findall(text_of(document)):
        yield from (line for line in fence.splitlines() if line.startswith("duban "))


@pytest.mark.parametrize("document", DOCS, ids=named)
def test_commands_are_taken_by_the_program(document: Path) -> None:
    """Placeholders stand for values: FOLDER, FILE…; what follows # in a block is said about it."""
    for command in commands(document):
        words = shlex.split(command.partition("#")[0])[1:]
        try:
            _parser().parse_args(words)
        except SystemExit as refused:
            pytest.fail(f"{command}: {refused}")


def test_the_readme_names_every_command() -> None:
    (kinds,) = (one for one in _parser()._actions if isinstance(one, argparse._SubParsersAction))
    told = {command.split()[1] for command in commands(ROOT / "README.md")}
    assert told == set(kinds.choices)


def test_the_readme_names_every_setting() -> None:
    read = set(re.findall(r"\"((?:TELEGRAM|DUBAN)_[A-Z_]+)\"", text_of(ROOT / "bot/settings.py")))
    told = {cells[0].strip("`") for cells in rows(text_of(ROOT / "README.md"), "\n## Settings")} - {"setting"}
    assert read and told == read


def test_the_readme_names_every_folder_of_ours() -> None:
    told = {cells[0].strip("`") for cells in rows(text_of(ROOT / "README.md"), "\n## Where things are")}
    ours = {f"{folder.parent.name}/" for folder in ROOT.glob("*/__init__.py")} | {"docs/", "tests/"}
    assert sorted(ours - told) == []


def test_the_rooms_of_the_architecture_are_there() -> None:
    named_there = [
        ROOT / floor / name.replace(".", "/")
        for line in rows(text_of(ROOT / "docs/architecture.md"), "## Rooms")
        for floor, cell in zip(("rules", "office", "handlers"), line[1:], strict=True)
        for name in _CODE.findall(cell)
    ]
    assert len(named_there) > 50
    assert not [path for path in named_there if not (path.is_dir() or path.with_suffix(".py").is_file())]


GLOSSARY = text_of(ROOT / "docs/glossary.md")
POLICY = text_of(ROOT / "docs/policy.md")


def test_the_terms_of_the_glossary_are_those_of_the_code() -> None:
    terms = [cells[0].strip("`") for cells in rows(GLOSSARY) if cells[0].startswith("`")]
    written = code() + " ".join(load_policy().procedures)
    assert len(terms) > 50
    assert not [term for term in terms if not re.search(rf"\b{term}\b", written)]


def test_no_term_stands_twice_in_the_glossary() -> None:
    terms = [cells[0] for cells in rows(GLOSSARY)]
    twice = {term for term in terms if terms.count(term) > 1} - {"code"}
    assert not twice


def test_every_rule_that_is_cited_is_in_the_glossary() -> None:
    told = {cells[0] for cells in rows(GLOSSARY, "\n## 依据")}
    cited = set(_RULE.findall(code())) | set(_RULE.findall(GLOSSARY))
    assert len(cited) > 20
    assert sorted(cited - told) == []


def test_the_posts_are_called_in_the_glossary_as_in_the_policy() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in rows(GLOSSARY) if len(cells) == 4}
    names = load_policy().posts.names
    assert not {key: name for key, name in names.items() if key in told and name != told[key]}


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs/adr"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", text_of(folder / "README.md")) == pages


def models_of(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and those it is made of; words are explained in their own file."""
    yield kind
    for field in kind.model_fields.values():
        for part in parts_of(field.annotation):
            if part not in (kind, Words):
                yield from models_of(part)


def parts_of(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from parts_of(inner)


def test_every_key_of_the_policy_is_explained() -> None:
    told = {part for span in _CODE.findall(POLICY) for part in re.findall(r"\w+", span)}
    files = {name.removesuffix(".toml") for name in re.findall(r"### `([\w./*]+)`", POLICY)}
    keys = {
        field.alias or name
        for model in models_of(Policy)
        for name, field in model.model_fields.items()
        if model is not Policy
    }
    assert set(Policy.model_fields) == {name.removesuffix("/*") for name in files}
    assert len(keys) > 60
    assert sorted(keys - told) == []


def test_the_groups_of_words_are_named() -> None:
    assert not [name for name in Words.model_fields if f"`[{name}]`" not in POLICY]


def test_the_examples_of_the_policy_pass_the_check(tmp_path: Path) -> None:
    """Every TOML block under a heading that names its file, laid over the shipped policy together."""
    shipped = load_policy()
    for name, block in examples():
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_text((text_of(target) if target.exists() else "") + block, encoding="utf-8")
    own = load_policy(tmp_path)
    assert own.procedures.keys() - shipped.procedures.keys() == {"contract"}
    assert own.procedures["request"].whole != shipped.procedures["request"].whole
    assert own.calendar != shipped.calendar and own.ladders["minutes"] != shipped.ladders["minutes"]


def examples() -> Iterator[tuple[str, str]]:
    for section in POLICY.split("\n### ")[1:]:
        before, mark, block = section.partition("```toml\n")
        files = [span for span in _CODE.findall(before) if span.endswith(".toml")]
        if mark and files:
            yield files[0], block.partition("```")[0]


GUIDE = text_of(ROOT / "docs/guide.md")
OWN_WORDS = ("/", "取消", "销假", "加人", "改人", "换班")
"""what handlers take before anything is read"""


def test_the_buttons_of_the_guide_are_there() -> None:
    written = code()
    labels = set(re.findall(r"【([^】]+)】", GUIDE))
    absent = [label for label in labels if label not in written and label.partition(" ")[2] not in written]
    assert len(labels) > 15 and not absent


@pytest.mark.parametrize("said", [cells[0].strip("`") for cells in rows(GUIDE) if cells[0].startswith("`")])
def test_the_sentences_of_the_guide_are_understood(said: str) -> None:
    if said.startswith(OWN_WORDS) or spoken.is_one(said):
        return
    policy = load_policy()
    zone = ZoneInfo("Asia/Shanghai")
    context = reading.Context(
        roster=read_folder(ROOT / "office/sample"),
        calendar=Calendar(zone, policy.calendar.hours),
        words=policy.words,
        secrecy=policy.secrecy,
        writer="李文博",
        reference=datetime(2026, 11, 24, 9, 0, tzinfo=zone),
    )
    read = reading.read_message(re.sub(r"^12 ", "12号 ", said), context)  # as handlers/reading.py does
    assert read.act != "none" or reading.is_question(said, context)


def test_the_slash_commands_that_are_named_are_handled() -> None:
    handled = set(re.findall(r"CommandHandler\(\"(\w+)\"", text_of(ROOT / "handlers/__init__.py")))
    told = {name for document in DOCS for name in re.findall(r"`/([a-z_]+)", text_of(document))}
    assert told - {"bot", "health", "metrics", "webhook", "etc", "setinline"} <= handled
