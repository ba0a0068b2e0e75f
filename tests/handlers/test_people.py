"""What the conversation of people says and takes: codes as they are written, tries, every sentence there."""

from __future__ import annotations

import ast
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import handlers
from handlers.people import CODE, TRIES, TRIES_WITHIN, Tries
from handlers.texts import Texts
from office import joining

ROOT = Path(handlers.__file__).parents[1]
FILES = [
    *(f"office/{name}.py" for name in ("members", "personnel", "joining", "groups", "absence", "stand_in")),
    *(f"handlers/{name}.py" for name in ("people", "members", "groups", "leave", "strangers")),
]
SPOKEN = ("people.", "groups.", "leave.")


@pytest.fixture
def texts() -> Texts:
    return Texts(ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("file", FILES)
def test_every_sentence_that_is_named_is_there(file: str, texts: Texts) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    named = {word for word in words if isinstance(word, str) and word.startswith(SPOKEN)}
    named |= {f"refused.{reason}" for reason in _refusals(tree)}
    assert named, "nothing is said here"
    assert [wording for wording in sorted(named) if not texts.has(wording)] == []


def _refusals(tree: ast.AST) -> set[str]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    raised = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Refused")
    return {str(one.value) for one in raised if isinstance(one, ast.Constant)}


def test_what_people_write_is_escaped(texts: Texts) -> None:
    said = texts.render("refused.people_unknown", {"name": "<b>张三</b>", "hint": ""})
    assert "&lt;b&gt;张三" in said and "<b>张三" not in said


def test_mistakes_that_are_not_listed_are_counted(texts: Texts) -> None:
    said = texts.render("refused.import_errors", {"lines": ["第2行"], "more": 7})
    assert "• 第2行" in said and "还有 7 处" in said
    assert "还有" not in texts.render("refused.import_errors", {"lines": ["第2行"], "more": 0})


@pytest.mark.parametrize("message", ["{}", " {} ", "{} "])
def test_a_bare_code_is_known_as_one(message: str) -> None:
    code = joining.new_code()
    for written in (code, code.lower(), code.replace("-", ""), code.replace("-", " ")):
        assert CODE.fullmatch(message.format(written))


@pytest.mark.parametrize("words", ["待办", "12 办结 已批复", "ABCD-EFGH-IJKL-MNO", "ABCD-EFGH-IJKL-MNOPQ"])
def test_other_words_are_no_code(words: str) -> None:
    assert not CODE.fullmatch(words)


def test_an_account_is_shut_out_for_a_while_after_so_many_wrong_codes() -> None:
    tries = Tries()
    for i in range(TRIES):
        assert not tries.exhausted(1, 10.0 + i)
        tries.count(1, 10.0 + i)
    assert tries.exhausted(1, 20.0)
    assert not tries.exhausted(2, 20.0)
    assert tries.exhausted(1, 10.0 + TRIES_WITHIN - 1)
    assert not tries.exhausted(1, 10.0 + TRIES_WITHIN + 5)
    tries.count(1, 10.0 + TRIES_WITHIN + 5)
    assert not tries.exhausted(1, 10.0 + TRIES_WITHIN + 6), "counting begins anew"
