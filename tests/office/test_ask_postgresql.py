"""The same questions have the same answers on PostgreSQL as on SQLite, over a register of some thousands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks import cluster, register
from office import ask, cards, measures
from office.ask import Asker
from rules.asking import Question
from storage import matters, people
from storage.engine import open_engine

pytest.importorskip("psycopg", reason="the driver psycopg is not installed")
SIZE = 6_000


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    programs = cluster.programs()
    if programs is None:
        pytest.skip("PostgreSQL's own programs are not installed")
    folder: Path = tmp_path_factory.mktemp("register")
    with cluster.postgresql(programs) as url:
        engines = open_engine(url), open_engine(f"sqlite:///{folder / 'register.db'}")
        for engine in engines:
            register.fill(engine, SIZE)
        yield engines
        for engine in engines:
            engine.dispose()


QUESTIONS = [
    Question(text="预算"),
    Question(text="请示"),
    Question(text="青山村"),
    Question(text="预算 石桥"),
    Question(text="不存在的词"),
    Question(text="、"),
    Question(text="已批复", units=("县水利局",)),
    Question(units=("县水利局", "县教育局")),
    Question(state="open", units=("综合科",)),
    Question(state="overdue"),
    Question(state="overdue", mine=True),
    Question(state="due_soon"),
    Question(state="closed", procedures=("letter",)),
    Question.model_validate({"period": ("2026-10-01", "2026-10-31"), "state": "closed"}),
    Question.model_validate({"period": ("2024-01-01", "2024-12-31"), "units": ["县公安局"]}),
    Question(state="waiting_signature"),
    Question(matter=17),
    Question(number="云水〔2019〕2480号"),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.model_dump_json(exclude_defaults=True))
@pytest.mark.parametrize("name", ["李文博", "蔡建军"])
def test_both_databases_answer_alike(both: tuple[Engine, Engine], question: Question, name: str) -> None:
    answers = [answer(engine, question, name) for engine in both]
    assert answers[0] == answers[1]


def answer(engine: Engine, question: Question, name: str) -> dict[str, object]:
    with Session(engine) as session:
        desk = register.desk_of(session)
        member = people.by_name(name, session=session)
        assert member is not None
        asker = Asker(member)
        found = ask.find(desk, question, asker)
        return {
            "ids": found.ids,
            "count": ask.count(desk, question, asker, found),
            "times": measures.average_times(desk, question, asker),
            "units": measures.standings(desk, question, asker),
        }


def test_what_a_matter_is_found_by_follows_it(both: tuple[Engine, Engine]) -> None:
    for engine in both:
        with Session(engine) as session:
            desk = register.desk_of(session)
            member = people.by_name("李文博", session=session)
            assert member is not None
            matter = matters.matter(SIZE, session=session)
            matter.title = "关于月球基地的请示"
            cards.refresh(desk, matter)
            assert ask.find(desk, Question(text="月球基地"), Asker(member)).ids == [SIZE]
            session.rollback()
