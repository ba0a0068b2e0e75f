"""The sample office for the trial: its people and groups, and a few matters under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from bot.sandbox.roster import Room, read_roster
from bot.worker import Worker
from office import move, tick
from office.desk import Desk
from office.members import import_people
from office.register import Form, register
from rules.working_time import Calendar
from storage import matters, people
from storage.models import Group, Matter, Member

CLERK, ADMIN = "王思雨", "赵一鸣"

NOTICE = Form(
    procedure="superior",
    sender="安澜市人民政府办公室",
    title="关于做好今冬明春森林草原防灭火工作的通知",
    number="安政办发〔2026〕88号",
    section="秘书一科",
)
REPORT = Form(
    procedure="circulation",
    sender="县信访局",
    title="第三季度信访形势分析报告",
    scope=["周明远", "林晓岚", "何国栋", "许文斌", "沈慧敏"],
)
LETTER = Form(
    procedure="letter",
    sender="12345热线",
    title="城关镇居民反映小区供暖不足的工单",
    section="督查科",
)
REQUEST = Form(
    procedure="request",
    sender="县财政局",
    title="关于拨付第三批惠农补贴资金的请示",
    number="云财〔2026〕37号",
    section="综合科",
)


def settle_in(desk: Desk, folder: Path) -> None:
    """Everybody reachable under the sandbox's ids, the groups bound; nothing where that was done before."""
    if desk.session.exec(select(Member)).first() is not None:
        return
    files = [(name, (folder / name).read_bytes()) for name in ("units.csv", "staff.csv")]
    import_people(desk, files, by=None)
    staff, rooms = read_roster(folder)
    ids = {person.name: person.user_id for person in staff}
    for member in desk.session.exec(select(Member)):
        member.telegram_id, member.reach = ids[member.name], "ok"
    admin = people.named([ADMIN], session=desk.session)[0]
    for room, (unit, level) in zip(rooms, _owners(folder), strict=True):
        desk.session.add(_bound(room, unit, level, admin))


def _bound(room: Room, unit: str, level: str, admin: Member) -> Group:
    return Group(chat_id=room.chat_id, name=room.title, unit=unit, level=level, bound_by=admin.id)


def _owners(folder: Path) -> list[tuple[str, str]]:
    rows = (folder / "groups.csv").read_text(encoding="utf-8").splitlines()[1:]
    return [(unit, level) for _, unit, level in (row.split(",") for row in rows if row)]


def begin_work(worker: Worker) -> None:
    """Yesterday's and this morning's documents, each acted on at its hour; nothing where some are there."""
    if worker.look_now(lambda desk: desk.session.exec(select(Matter)).first()) is not None:
        return
    now = worker.clock.now()
    calendar = worker.look_now(lambda desk: desk.calendar)
    eve = calendar.opens_at(calendar.previous_working_day(calendar.local(now).date()))
    for at, act in (
        (eve + timedelta(hours=5), lambda desk: _log(desk, REPORT)),
        (eve + timedelta(hours=5, minutes=10), lambda desk: _log(desk, NOTICE)),
        (eve + timedelta(hours=5, minutes=40), lambda desk: _sign(desk, REPORT, "许文斌")),
        (eve + timedelta(hours=6), lambda desk: _sign(desk, NOTICE, "张志远")),
        (eve + timedelta(hours=6, minutes=20), lambda desk: _sign(desk, REPORT, "林晓岚")),
        (eve + timedelta(hours=7), lambda desk: _sign(desk, NOTICE, "许文斌", "拟请应急、林业单位分工落实")),
        (_just_before(now, calendar), lambda desk: _log(desk, LETTER)),
        (now, lambda desk: _log(desk, REQUEST)),
    ):
        _at(worker, at, act)


def _just_before(now: datetime, calendar: Calendar) -> datetime:
    return max(now - timedelta(minutes=5), calendar.opens_at(calendar.local(now).date()))


def _at(worker: Worker, at: datetime, act: Callable[[Desk], None]) -> None:
    """What fell due until then, each at its instant; then the act."""
    while (due := worker.do_now(tick.next_at, now=at)) is not None and due <= at:
        if not worker.do_now(tick.tick, now=due):
            break
    worker.do_now(act, now=at)


def _log(desk: Desk, form: Form) -> None:
    register(desk, form, people.named([CLERK], session=desk.session)[0])


def _sign(desk: Desk, form: Form, name: str, opinion: str | None = None) -> None:
    """Sign the step that this person holds of the document, where the policy gave it to him."""
    member = people.named([name], session=desk.session)[0]
    matter = desk.session.exec(select(Matter).where(Matter.title == form.title)).one()
    for step in matters.open_steps(matter.id or 0, session=desk.session):
        if step.holder_id == member.id and step.id is not None:
            move.sign(desk, step.id, member, opinion)
