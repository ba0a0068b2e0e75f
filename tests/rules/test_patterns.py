"""Patterns that are compiled later."""

from __future__ import annotations

import re

import pytest

from rules import patterns
from rules.patterns import compile_waiting, lazy


def test_a_lazy_pattern_does_what_a_pattern_does():
    pattern = lazy("A(?P<n>[0-9]+)", re.IGNORECASE)
    found = pattern.fullmatch("a12")
    assert found is not None
    assert found["n"] == "12"
    assert pattern.pattern == "A(?P<n>[0-9]+)"
    assert pattern.sub("b", "a1 A2") == "b b"
    assert pattern.groups == 1


def test_what_nobody_has_used_is_compiled_when_told(monkeypatch):
    one, other = lazy("x"), lazy("y")
    assert other.search("y")
    compile_waiting()
    monkeypatch.delattr(re, "compile")
    assert one.search("x")
    assert not patterns._waiting


def test_a_wrong_pattern_is_told_when_it_is_compiled():
    lazy("(")
    with pytest.raises(re.error):
        compile_waiting()
