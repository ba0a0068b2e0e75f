"""Rates of completion (V8): the cases of a month, one by one, and what is shown of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.rates import Rate, Tally, Task, count, is_overdue, tallies


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


FIRST, UNTIL = day("11-01"), day("12-01")


def task(unit: str = "县水利局", **said: str | None) -> Task:
    """Given on 1 October for 20 November; the rest as said, days as MM-DD."""
    days: dict[str, Any] = {"given_at": "10-01", "due_at": "11-20"} | said
    at = {name: day(value) if value else None for name, value in days.items()}
    return Task(unit=unit, field="", **{"first_due_at": at["due_at"], **at})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ({}, {"given": 1, "due": 1, "overdue": 1}),
        ({"due_at": "12-20"}, {"given": 1}),
        ({"given_at": "11-05"}, {"given": 1, "new": 1, "due": 1, "overdue": 1}),
        ({"given_at": "12-02"}, {}),
        ({"answered_at": "11-18", "closed_at": "11-25"}, {"given": 1, "done": 1, "due": 1, "on_time": 1}),
        ({"answered_at": "11-22", "closed_at": "11-25"}, {"given": 1, "done": 1, "due": 1}),
        ({"closed_at": "11-19"}, {"given": 1, "done": 1, "due": 1, "on_time": 1}),
        ({"closed_at": "10-20"}, {}),
        ({"closed_at": "12-03"}, {"given": 1, "due": 1, "overdue": 1}),
        ({"answered_at": "11-18"}, {"given": 1, "due": 1}),
        ({"due_at": "12-20", "answered_at": "11-05", "closed_at": "11-10"}, {"given": 1, "done": 1}),
        ({"due_at": "12-20", "first_due_at": "11-20"}, {"given": 1, "deferred": 1}),
        (
            {"due_at": "11-28", "first_due_at": "10-20", "answered_at": "11-26", "closed_at": "11-27"},
            {"given": 1, "done": 1, "due": 1, "on_time": 1, "deferred": 1},
        ),
        ({"transferred_at": "11-10"}, {"transferred": 1}),
        ({"transferred_at": "10-10"}, {}),
        ({"due_at": "10-20"}, {"given": 1, "due": 1, "overdue": 1}),
    ],
)
def test_a_task_counts_as(said: dict[str, str], counted: dict[str, int]) -> None:
    assert count("", [task(**said)], FIRST, UNTIL) == Tally("", **counted)


def test_a_limit_that_runs_out_at_the_very_end_is_of_the_next_period() -> None:
    assert not is_overdue(task(due_at="12-01"), UNTIL)


def test_units_stand_in_the_order_of_their_completion() -> None:
    done = {"answered_at": "11-18", "closed_at": "11-19"}
    tasks = [
        task("县财政局"),
        task("县水利局", **done),
        task("县教育局", **done),
        task("县教育局"),
        task("县司法局", transferred_at="11-10"),
        task("县民政局", closed_at="10-02"),
    ]
    found = tallies(tasks, lambda one: one.unit, FIRST, UNTIL)
    assert [(one.name, one.done_rate.words) for one in found] == [
        ("县水利局", "100.0%"),
        ("县教育局", "50.0%"),
        ("县财政局", "0.0%"),
        ("县司法局", "—"),
    ]


@pytest.mark.parametrize(
    ("rate", "formula"),
    [(Rate(12, 18), "12÷18＝66.7%"), (Rate(0, 3), "0÷3＝0.0%"), (Rate(0, 0), "0÷0＝—")],
)
def test_the_formula_is_printed_with_its_numbers(rate: Rate, formula: str) -> None:
    assert rate.formula == formula
