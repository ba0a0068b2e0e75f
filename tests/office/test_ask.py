"""Questions over a small office whose matters are known: what fits, how many, how long, who may see."""

from __future__ import annotations

import pytest
from acting import Office
from sqlmodel import col, select

from office import ask, close, digest, measures, move
from office.ask import Asker
from office.desk import Desk
from rules import asking
from rules.asking import Question
from rules.reading import Context, read_question
from storage import matters, people
from storage.models import Group, Matter

NOW = "2026-11-24 10:00"
"""a Tuesday"""


@pytest.fixture
def known(office: Office) -> Office:
    """Eight matters; in parentheses their register numbers.

    Closed in October: a request (1), a letter (信1). Open: a request overdue with 李文博 (2), a request that
    林晓岚 is to sign (3), a notice from above with 秘书一科 (4), a circulation with one reader left (5),
    a letter with the bureau of education (信2). Taken back: 6.
    """
    request = {"procedure": "request"}
    first = office.log(
        "2026-10-12 09:00", title="关于追加年度预算的请示", number="云财〔2026〕30号", **request
    )
    goes(office, first, "2026-10-14 09:00", "已批复，云政复〔2026〕9号")
    letter = {"procedure": "letter", "sender": None, "section": "秘书二科"}
    goes(
        office, office.log("2026-10-20 09:00", title="反映石桥镇道路破损的来信", **letter), "2026-10-21 09:00"
    )
    office.log("2026-11-23 09:00", title="关于调整部门预算的请示", number="云财〔2026〕37号", **request)
    school = office.log(
        "2026-11-23 10:00", title="关于校舍维修的请示", number="云教〔2026〕8号", sender="县教育局", **request
    )
    for _ in range(3):
        signs(office, school, "2026-11-23 10:20")
    office.log(
        "2026-11-24 08:55",
        procedure="superior",
        sender="安澜市水利局",
        title="关于今冬水利建设的通知",
        section="秘书一科",
    )
    read = office.log(
        "2026-11-23 11:00",
        procedure="circulation",
        sender="县公安局",
        title="三季度治安形势分析报告",
        section=None,
        scope=["许文斌", "沈慧敏"],
    )
    steps = matters.open_steps(read.id or 0, session=office.desk_at(NOW).session)
    move.sign(office.desk_at("2026-11-23 12:00"), steps[0].id or 0, office.member("许文斌"))
    office.log("2026-11-23 15:00", title="反映学区划分的来信", **letter | {"section": "县教育局"})
    mistake = office.log("2026-11-24 09:00", title="关于误登的请示", section="督查科", **request)
    close.undo(office.desk_at("2026-11-24 09:00"), mistake.id or 0, office.member("王思雨"))
    return office


def signs(office: Office, matter: Matter, at: str) -> None:
    """Whoever holds the matter signs its step."""
    step = office.step(matter)
    move.sign(
        office.desk_at(at), step.id or 0, people.member(step.holder_id, session=office.desk_at(at).session)
    )


def goes(office: Office, matter: Matter, at: str, result: str = "已答复") -> None:
    """The matter goes through every hand and is closed, all at one instant."""
    desk = office.desk_at(at)
    procedure = desk.policy.procedures[matter.procedure]
    while not procedure.step(office.step(matter).key).closes:
        signs(office, matter, at)
    step = office.step(matter)
    close.close(desk, step.id or 0, people.member(step.holder_id, session=desk.session), result)


def asked(office: Office, text: str, by: str = "许文斌", at: str = NOW) -> Question:
    """The question as it is read."""
    desk = office.desk_at(at)
    return asking.asked(read_question(text, context(desk, by)), text, desk.policy.asking)


def context(desk: Desk, by: str) -> Context:
    return Context(
        roster=desk.roster,
        calendar=desk.calendar,
        words=desk.policy.words,
        secrecy=desk.policy.secrecy,
        writer=by,
        reference=desk.calendar.local(desk.now),
    )


def found(office: Office, text: str, by: str = "许文斌", group: Group | None = None) -> list[str]:
    """The register numbers that answer a question, in short: "2", "信1"."""
    desk = office.desk_at(NOW)
    ids = ask.find(desk, asked(office, text, by), Asker(office.member(by), group)).ids
    numbers = [matters.matter(i, session=desk.session) for i in ids]
    return [f"{'' if one.series == '收' else one.series}{one.number}" for one in numbers]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("预算的请示到哪了", ["2", "1"]),
        ("财政局那个预算的请示到哪了", ["2", "1"]),
        ("教育局的件有哪些", ["信2", "3"]),
        ("综合科逾期几件", ["2"]),
        ("综合科有没有快到期的", ["3"]),
        ("逾期的有哪些", ["信2", "2"]),
        ("今天收了几个文", ["4"]),
        ("昨天收了几个文", ["信2", "5", "3", "2"]),
        ("上个月办结几件", ["信1", "1"]),
        ("上个月办结的请示", ["1"]),
        ("信访件还有哪些没办结", ["信2"]),
        ("还有哪些没办结", ["信2", "5", "4", "3", "2"]),
        ("李文博手上还有哪些没办", ["2"]),
        ("等林县长签的有哪些", ["3"]),
        ("2号文谁在办", ["信2", "2"]),
        ("云财[2026]37号到哪了", ["2"]),
        ("云政复〔2026〕9号到哪了", ["1"]),
        ("治安形势哪些领导没阅", ["5"]),
        ("去年的请示有哪些", []),
        ("龙潭乡的件有哪些", []),
        ("关于误登的件到哪了", []),
    ],
)
def test_what_fits(known: Office, text: str, answer: list[str]) -> None:
    assert found(known, text) == answer


@pytest.mark.parametrize(
    ("text", "by", "answer"),
    [
        ("我手上还有哪些件", "李文博", ["2"]),
        ("我还有哪些没办完", "林晓岚", ["3"]),
        ("我这周有什么要交的", "李文博", []),
        ("我这周有什么要交的", "林晓岚", ["3"]),
        ("我逾期几件", "李文博", ["2"]),
        ("我逾期几件", "林晓岚", []),
        ("待我签的", "沈慧敏", []),
        ("待我签的", "林晓岚", ["3"]),
        ("我上个月办结了几件", "李文博", ["1"]),
        ("我们科逾期几件", "李文博", ["2"]),
    ],
)
def test_what_is_ones_own(known: Office, text: str, by: str, answer: list[str]) -> None:
    assert found(known, text, by) == answer


@pytest.mark.parametrize(
    ("text", "by", "answer"),
    [
        ("还有哪些没办结", "邹雅楠", ["信2", "3"]),
        ("预算的请示到哪了", "邹雅楠", []),
        ("2号文谁在办", "邹雅楠", ["信2"]),
        ("云财〔2026〕37号到哪了", "邹雅楠", []),
        ("逾期几件", "邹雅楠", ["信2"]),
        ("预算的请示到哪了", "蔡建军", ["2", "1"]),
        ("上个月办结几件", "蔡建军", ["1"]),
        ("昨天收了几个文", "夏冬梅", []),
    ],
)
def test_who_is_of_a_bureau_finds_only_its_matters(
    known: Office, text: str, by: str, answer: list[str]
) -> None:
    assert found(known, text, by) == answer


@pytest.mark.parametrize(
    ("unit", "level", "answer"),
    [
        ("综合科", "section", ["2", "3"]),
        ("秘书一科", "section", ["4"]),
        ("县政府办公室", "office", ["信2", "5", "4", "3", "2"]),
    ],
)
def test_a_group_finds_only_what_may_be_shown_there(
    known: Office, unit: str, level: str, answer: list[str]
) -> None:
    group = Group(chat_id=-1, name="群", unit=unit, level=level)
    assert set(found(known, "还有哪些没办结", group=group)) == set(answer)


@pytest.mark.parametrize("text", ["还有哪些没办结", "预算", "上个月办结几件", "昨天收了几个文"])
def test_the_count_is_of_the_same_matters_as_the_list(known: Office, text: str) -> None:
    desk = known.desk_at(NOW)
    question = asked(known, text)
    for name in ("许文斌", "邹雅楠", "蔡建军"):
        asker = Asker(known.member(name))
        counted = ask.asked.count(ask.filters_of(desk, question, asker), session=desk.session)
        assert counted == len(ask.find(desk, question, asker).ids)


def test_every_matter_is_seen_by_the_same_people_in_lists_as_alone(known: Office) -> None:
    desk = known.desk_at(NOW)
    all_ids = set(desk.session.exec(select(Matter.id).where(col(Matter.state) != "void")))
    for person in desk.roster.people:
        asker = Asker(known.member(person.name))
        listed = set(ask.find(desk, Question(), asker).ids)
        assert listed == {
            i for i in all_ids if ask.may_open(desk, matters.matter(i or 0, session=desk.session), asker)
        }, person.name


def test_average_times_by_kind_unit_and_step(known: Office) -> None:
    desk, asker = known.desk_at(NOW), Asker(known.member("杨振宇"))
    requests = measures.average_times(desk, asked(known, "上个月请示平均办了几天"), asker)
    assert requests["total"] == 1 and requests["mean"] == "2.0 天"
    assert requests["kinds"] == [{"name": "请示", "count": 1, "time": "2.0 天"}]
    assert requests["units"] == [{"name": "综合科", "count": 1, "time": "2.0 天"}]
    assert requests["steps"][0] == {"name": "请示 · 转承办科室", "count": 1, "time": "2.0 天"}
    both = measures.average_times(desk, asked(known, "上个月平均几天办结一件"), asker)
    assert both["total"] == 2 and both["mean"] == "1.5 天"
    assert measures.average_times(desk, asked(known, "去年平均几天办结"), asker)["mean"] is None
    own = measures.average_times(desk, asked(known, "上个月平均几天办结一件"), Asker(known.member("蔡建军")))
    assert own["total"] == 1 and own["steps"][0]["name"] == "请示 · 转承办科室"


def test_units_beside_each_other(known: Office) -> None:
    desk, asker = known.desk_at(NOW), Asker(known.member("吕承志"))
    rows = measures.standings(desk, asked(known, "各科室今年办结率排名"), asker)["rows"]
    by_unit = {row["unit"]: row for row in rows}
    assert [by_unit["综合科"][name] for name in ("given", "closed", "overdue")] == [3, 1, 1]
    assert [by_unit["综合科"][name] for name in ("rate", "in_time")] == ["33%", "50%"]
    assert rows[0]["unit"] == "秘书二科" and rows[0]["rate"] == "100%"
    senders = measures.standings(desk, asked(known, "今年各单位来文数量排个名"), asker)
    assert [(row["unit"], row["given"]) for row in senders["rows"]] == [
        ("县财政局", 2),
        ("县公安局", 1),
        ("县教育局", 1),
    ]


@pytest.mark.parametrize(
    "text", ["谁办得最快", "科员办件速度排个名", "本月办结最多的同志是谁", "张科长和李科长谁办得最快"]
)
def test_persons_are_not_ranked(known: Office, text: str) -> None:
    desk = known.desk_at(NOW)
    assert asking.ranks_persons(read_question(text, context(desk, "吕承志")), text, desk.policy.asking)


@pytest.mark.parametrize("text", ["本月办结最多的科室排一下", "各乡镇来文数量排个名", "哪个科室办结最多"])
def test_units_are_ranked(known: Office, text: str) -> None:
    desk = known.desk_at(NOW)
    assert not asking.ranks_persons(read_question(text, context(desk, "吕承志")), text, desk.policy.asking)


def test_who_has_not_read_it(known: Office) -> None:
    desk = known.desk_at(NOW)
    which = ask.find(desk, asked(known, "治安形势哪些领导没阅"), Asker(known.member("王思雨")))
    (one,) = measures.unread(desk, which)
    assert one.unread == ["沈慧敏（县政府办公室）"]
    assert one.read == ["许文斌（县政府办公室）"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我这周有什么要交的", "本周 · 我的 · 即将到期"),
        ("上个月办结的请示", "上月 · 请示 · 已办结"),
        ("财政局那个预算的请示到哪了", "县财政局 · 请示 · 含“预算”"),
        ("三季度上级来文有多少", "三季度 · 上级来文"),
        ("综合科逾期几件", "综合科 · 已逾期"),
    ],
)
def test_how_it_was_read_is_said(known: Office, text: str, said: str) -> None:
    assert ask.how(known.desk_at(NOW), asked(known, text)) == said


@pytest.mark.parametrize(
    ("before", "then", "said"),
    [
        ("财政局的件有哪些", "只看逾期的", "县财政局 · 已逾期"),
        ("上周请示收了几件", "那上个月呢", "上月 · 请示"),
        ("综合科逾期几件", "那督查科呢", "督查科 · 已逾期"),
        ("我本周有什么要交的", "去掉期限", "我的 · 即将到期"),
        ("综合科逾期几件", "全部单位", "已逾期"),
        ("综合科逾期几件", "换成教育局看看", "县教育局 · 已逾期"),
        ("我逾期的有哪些", "那综合科呢", "综合科 · 已逾期"),
        ("还有哪些没办结", "只看请示", "请示 · 未办结"),
        ("综合科的请示到哪了", "只看我的", "我的 · 综合科 · 请示"),
    ],
)
def test_a_follow_up_changes_only_what_it_says(known: Office, before: str, then: str, said: str) -> None:
    desk = known.desk_at(NOW)
    read = read_question(then, context(desk, "李文博"))
    after = asking.followed(asked(known, before, "李文博"), read, then, desk.policy.asking)
    assert ask.how(desk, after) == said


def test_buttons_widen_and_narrow(known: Office) -> None:
    question = asked(known, "我这周有什么要交的", "李文博")
    keys = [one.key for one in asking.changes(question)]
    assert keys == ["overdue", "any_state", "any_time", "anybody"]
    narrowed = asking.changed(question, "overdue")
    assert narrowed is not None and narrowed.state == "overdue" and narrowed.mine
    assert asking.changed(question, "nonsense") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("第二个", 1),
        ("第2件是谁在办", 1),
        ("最后一个", 4),
        ("头一个", 0),
        ("第十二个", None),
        ("第六个", None),
        ("第〇个", None),
    ],
)
def test_a_place_in_a_list(text: str, place: int | None) -> None:
    assert asking.ordinal(text, 5) == place


def test_what_a_matter_is_found_by_follows_it(known: Office) -> None:
    assert found(known, "查一下已批复", "杨振宇") == ["1"]
    moved = known.desk_at(NOW)
    step = next(s for s in matters.open_steps(3, session=moved.session))
    move.hand_over(moved, step.id or 0, known.member("李文博"), known.member("黄丽萍"))
    assert found(known, "查一下黄丽萍", "杨振宇") == ["2"]


def test_no_phrase_reaches_from_one_field_into_the_next(known: Office) -> None:
    session = known.desk_at(NOW).session
    assert (
        ask.find(known.desk_at(NOW), Question(text="的请示县财政局"), Asker(known.member("杨振宇"))).ids == []
    )
    assert session.get(Matter, 1) is not None


def test_the_lists_of_a_member(known: Office) -> None:
    lists = digest.of_member(known.desk_at(NOW), known.member("林晓岚"))
    assert [one["register_no"] for one in lists["today"]] == ["收〔2026〕3号"]
    earlier = digest.of_member(known.desk_at("2026-11-23 11:00"), known.member("林晓岚"))
    assert [one["register_no"] for one in earlier["signing"]] == ["收〔2026〕3号"]


def test_the_head_of_a_section_hears_of_others_work(known: Office) -> None:
    desk = known.desk_at(NOW)
    step = next(s for s in matters.open_steps(3, session=desk.session))
    move.hand_over(desk, step.id or 0, known.member("李文博"), known.member("王海涛"))
    told = digest.of_section(desk, known.member("李文博"))
    assert [(one["register_no"], one["holder"]) for one in told] == [("收〔2026〕2号", "王海涛")]
    assert digest.of_section(desk, known.member("王海涛")) == []
