"""What a matter takes in the database, from its registration to its close, with everything said about it.

python -m benchmarks.sizes [--matters 1000] [--only sqlite|postgresql]

Requests go through all their steps, signed at each, closed at the last; half of them are reminded of once.
Files are not counted: they take what they are long.
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from itertools import count

from sqlalchemy import Engine, text
from sqlmodel import Session

from benchmarks import cluster, register, rig
from office import close, members, move, tick
from office.desk import Desk, Refused
from office.register import Form
from office.register import register as log
from storage import matters, people
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.models import Matter

WARM = 200
"""matters before the measurement, so that what every database has at the start does not count"""


def main() -> None:
    """Print bytes per matter, and gigabytes for as many as an office has in ten years."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=1_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    given = parser.parse_args()
    for name in cluster.here(given.only):
        with cluster.database(name) as url:
            each = measure(url, given.matters)
        print(f"{name}: {each:,.0f} bytes per matter, {each * 100_000 / 2**30:.1f} GiB for 100,000")


def measure(url: str, many: int) -> float:
    """Bytes per matter."""
    upgrade(url)
    engine = open_engine(url)
    with Session(engine) as session, session.begin():
        files = [(name, (rig.SAMPLE / name).read_bytes()) for name in ("units.csv", "staff.csv")]
        members.import_people(register.desk_of(session), files, by=None)
    numbers = count(1)
    _work(engine, WARM, numbers)
    before = _size(engine)
    _work(engine, many, numbers)
    grown = _size(engine) - before
    engine.dispose()
    return grown / many


def _work(engine: Engine, many: int, numbers: count[int]) -> None:
    for _ in range(many):
        with Session(engine, expire_on_commit=False) as session, session.begin():
            _through(register.desk_of(session), next(numbers))


def _through(desk: Desk, number: int) -> None:
    """One request from the post to the archive."""
    clerk = people.by_name("王思雨", session=desk.session)
    assert clerk is not None
    form = Form(
        sender="县财政局",
        title=f"关于拨付第{number}批惠农补贴资金的请示",
        procedure="request",
        number=f"云财〔2026〕{number}号",
        section="综合科",
    )
    matter = log(desk, form, clerk)
    if number % 2:
        tick.tick(Desk(desk.session, desk.now + timedelta(minutes=31), desk.policy, desk.calendars))
    while (holder_and_step := _running(desk, matter)) is not None:
        holder, step_id = holder_and_step
        try:
            move.sign(desk, step_id, holder, "同意。")
        except Refused:
            close.close(desk, step_id, holder, "已函复来文单位", f"云府办函〔2026〕{number}号")


def _running(desk: Desk, matter: Matter) -> tuple[people.Member, int] | None:
    steps = matters.open_steps(matter.id or 0, session=desk.session)
    return (people.member(steps[0].holder_id, session=desk.session), steps[0].id or 0) if steps else None


def _size(engine: Engine) -> int:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            pages = connection.execute(
                text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            )
            return int(pages.scalar_one())
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


if __name__ == "__main__":
    main()
