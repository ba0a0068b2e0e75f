"""A register of any size, written straight into the tables: years of matters, most of them closed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, text
from sqlmodel import Session, SQLModel

from office import members
from office.desk import Calendars, Desk, open_desk
from rules.policy_files import load_policy
from storage import copying, people, search
from storage.models import MATTER_GRAMS_POSTGRESQL, Matter, Member, Step

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
YEARS = timedelta(days=12 * 365)
OPEN = 2_000
"""matters that are open, however many there are in all: an office works through what comes in"""
BATCH = 5_000

DOES = [
    "调整",
    "追加",
    "拨付",
    "申请",
    "解决",
    "报送",
    "印发",
    "做好",
    "加强",
    "开展",
    "推进",
    "规范",
    "转发",
    "批准",
]
WHAT = [
    *(
        "部门预算",
        "惠农补贴资金",
        "校舍维修经费",
        "农村饮水工程",
        "老旧小区改造",
        "森林防火工作",
        "高标准农田建设",
    ),
    *("道路交通安全整治", "城镇供暖保障", "医疗保险基金", "义务教育学区划分", "河道采砂管理", "危房改造补助"),
    *("招商引资项目", "乡村振兴示范村", "食品安全检查", "矿山安全生产", "防汛抗旱物资", "文化旅游节"),
    *(
        "污水处理设施",
        "公务用车编制",
        "档案馆库房",
        "退役军人安置",
        "低保对象核查",
        "水库除险加固",
        "统计月报",
    ),
    *("土地征收补偿", "地质灾害治理", "信访积案化解", "营商环境评价", "疫苗接种", "消防站建设", "公办幼儿园"),
]
PLACES = [
    *("东关", "西河", "南岭", "北屯", "青山", "红星", "新民", "永安", "大坪", "小河", "柳林", "石桥", "白沙"),
    *("龙潭", "高坪", "双河", "枫树", "黄泥", "杨家", "李家"),
]
WHERE = ["村", "社区", "片区", "小学", "水库", "工业园", "卫生院", "移民点", "变电站", "加油站"]
KINDS = [
    ("请示", "request", "forward", "reply"),
    ("通知", "superior", "forward", "handle"),
    ("报告", "circulation", "read", "file"),
    ("来信", "letter", "forward", "handle"),
]
"""what a title ends with, its procedure, the first and the last step of it"""
OFTEN = (4, 3, 2, 1)
RESULTS = ("已批复", "已答复来文单位", "已转有关单位阅处", "已传阅归档")

EMPTY = {"units": [], "scope": [], "details": {}, "provisional": False, "remark": None, "reply_no": None}
"""columns of a matter that say nothing here; those that are not named anywhere are null"""


class Row(NamedTuple):
    """A matter, its steps, and the words it is found by, as the tables have them."""

    matter: dict[str, Any]
    steps: list[dict[str, Any]]
    grams: dict[str, Any]


def fill(engine: Engine, size: int) -> None:
    """Make the tables and a register of `size` matters in them; the same every time."""
    SQLModel.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        desk = desk_of(session)
        sample = Path(members.__file__).with_name("sample")
        files = [(name, (sample / name).read_bytes()) for name in ("units.csv", "staff.csv")]
        members.import_people(desk, files, by=None)
        staff = people.everybody(session=session)
        units = [unit.name for unit in people.units(session=session) if unit.level == "units"]
    postgresql = engine.dialect.name == "postgresql"
    rows = _rows(size, staff, units, postgresql=postgresql)
    with engine.begin() as connection:
        (_copy if postgresql else _insert)(connection, rows)


def _insert(connection: Connection, rows: Iterator[Row]) -> None:
    while batch := list(islice(rows, BATCH)):
        connection.execute(insert(Matter), [row.matter for row in batch])
        connection.execute(insert(Step), [step for row in batch for step in row.steps])
        connection.execute(search.INSERT[False], [row.grams for row in batch])


def _copy(connection: Connection, rows: Iterator[Row]) -> None:
    """The same by COPY, the index last: one row at a time PostgreSQL would take half an hour."""
    connection.execute(text("DROP INDEX matter_grams_gin"))
    while batch := list(islice(rows, BATCH)):
        _copy_into(connection, "matter", [row.matter for row in batch])
        _copy_into(connection, "step", [step for row in batch for step in row.steps])
        found_by = [{"rowid": row.grams["id"], "grams": row.grams["grams"]} for row in batch]
        _copy_into(connection, "matter_grams", found_by)
    connection.execute(text("SET maintenance_work_mem = '1GB'"))
    connection.execute(text(MATTER_GRAMS_POSTGRESQL[1]))
    connection.execute(text("ANALYZE"))


def _copy_into(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    """Lists and dicts as JSON, None as nothing."""
    values = ([json.dumps(v) if isinstance(v, list | dict) else v for v in row.values()] for row in rows)
    copying.copy(connection, table, list(rows[0]), values)


def desk_of(session: Session) -> Desk:
    """A desk in this register, at the instant at which it ends."""
    policy = load_policy()
    return open_desk(session, NOW, policy, Calendars(ZONE, policy))


def _rows(size: int, staff: list[Member], units: list[str], *, postgresql: bool) -> Iterator[Row]:
    chance = random.Random(2026)
    office = [one for one in staff if one.unit not in units and "handler" in one.roles]
    for number in range(1, size + 1):
        matter, holders = _matter(number, size, chance, office, units)
        steps = _steps(matter, holders)
        words = search.entries(matter, office[0], holders)
        fields = vars(matter)
        grams = {"id": number, "grams": search.written(words, tsvector=postgresql)}
        yield Row(fields, steps, grams)


def _matter(
    number: int, size: int, chance: random.Random, office: list[Member], units: list[str]
) -> tuple[SimpleNamespace, list[Member]]:
    kind, procedure, _, _ = chance.choices(KINDS, weights=OFTEN)[0]
    sender, handler = chance.choice(units), chance.choice(office)
    at = NOW - YEARS * ((size - number) / size) - timedelta(hours=1)
    is_open = number > size - OPEN
    place = f"{chance.choice(PLACES)}{chance.choice(WHERE)}" if chance.random() < 0.5 else ""
    matter = SimpleNamespace(  # a row, not an object of the mapper: a million of those take minutes
        **EMPTY,
        id=number,
        procedure=procedure,
        series="收",
        year=at.year,
        number=number,
        register_no=f"收〔{at.year}〕{number}号",
        title=f"关于{chance.choice(DOES)}{place}{chance.choice(WHAT)}的{kind}",
        sender=sender,
        doc_number=f"云{sender[1:3]}〔{at.year}〕{number}号",
        section=handler.unit,
        handler_id=handler.id,
        registrar_id=office[0].id or 0,
        received_at=at,
        registered_at=at,
        due_at=at + timedelta(days=14),
        state="open" if is_open else "closed",
        closed_at=None if is_open else min(at + timedelta(days=chance.randrange(1, 12)), NOW),
        result=None if is_open else chance.choice(RESULTS),
    )
    return matter, [handler, chance.choice(office)]


def _steps(matter: SimpleNamespace, holders: list[Member]) -> list[dict[str, Any]]:
    keys = next(one[2:] for one in KINDS if one[1] == matter.procedure)
    first = {
        "matter_id": matter.id,
        "key": keys[0],
        "position": 0,
        "cycle": 0,
        "holder_id": holders[0].id,
        "holder_since": matter.registered_at,
        "began_at": matter.registered_at,
        "due_at": matter.registered_at + timedelta(hours=2),
        "provisional": False,
        "state": "done",
        "ended_at": matter.registered_at + timedelta(hours=1),
        "signed_by": holders[0].id,
    }
    last = first | {"key": keys[1], "position": 8, "holder_id": holders[1].id, "due_at": matter.due_at}
    if matter.state == "open":
        return [first, last | {"state": "open", "ended_at": None, "signed_by": None}]
    return [first, last | {"ended_at": matter.closed_at}]
