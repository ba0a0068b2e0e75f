"""What reading is made of: numbers, units, persons, titles, corrections, what is a question."""

from typing import Any

import pytest
from reading_office import context, office

from rules.reading import Item, is_question, read_correction, read_message, read_who
from rules.reading.normal import read
from rules.reading.numbers import document_numbers, figure, register_numbers
from rules.reading.titles import titles


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("二十六", 26),
        ("十二", 12),
        ("一百零三", 103),
        ("二零二六", 2026),
        ("幺二", 12),
        ("37", 37),
        ("一千二百", 1200),
    ],
)
def test_figures(said: str, number: int) -> None:
    assert figure(said) == number


@pytest.mark.parametrize("said", ["", "几", "十2x", "两个", "abc"])
def test_no_figure(said: str) -> None:
    assert figure(said) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("云财[2026]37号", "云财〔2026〕37号"),
        ("文号云教（2026）58号", "云教〔2026〕58号"),
        ("云交【2026】第066号", "云交〔2026〕66号"),
        ("澜密局〔２０２６〕６号", "澜密局〔2026〕6号"),
        ("市密码管理局澜密局〔2026〕6号", "澜密局〔2026〕6号"),
        ("岭自然资发〔2026〕88号", "岭自然资发〔2026〕88号"),
        ("文号澜委办发二零二六五十一号", "澜委办发〔2026〕51号"),
        ("云财2026年第12号", "云财〔2026〕12号"),
        ("云财方括号二零二六方括号十二号", "云财〔2026〕12号"),
        ("县财政局云财〔2026〕12号", "云财〔2026〕12号"),
        ("市委办公室澜委办发〔2026〕9号", "澜委办发〔2026〕9号"),
    ],
)
def test_document_numbers(text: str, number: str) -> None:
    found = document_numbers(read(text).plain, office()["words"].number)
    assert [(one.text, one.cited) for one in found] == [(number, False)]


@pytest.mark.parametrize("text", ["根据国办发〔2025〕3号要求", "按照澜政办发〔2026〕30号文件精神"])
def test_cited_numbers(text: str) -> None:
    assert [one.cited for one in document_numbers(read(text).plain, office()["words"].number)] == [True]


@pytest.mark.parametrize("text", ["2026年12月1日", "关于做好2026年12号台风防范", "电话2026123号", "第12号"])
def test_no_document_number(text: str) -> None:
    assert document_numbers(read(text).plain, office()["words"].number) == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12号件", [12]),
        ("#12", [12]),
        ("＃１２　签收", [12]),
        ("12# 同意", [12]),
        ("十二号件", [12]),
        ("编号12", [12]),
        ("收〔2026〕12号", [12]),
        ("12 办结 已批复", [12]),
        ("18、19、21号签收", [18, 19, 21]),
        ("12号和15号都办结了", [12, 15]),
        ("15-17号件签收", [15, 16, 17]),
        ("8号件想延到11号", [8]),
        ("10号收的那个件，编号47", [47]),
        ("已收到39号，谢谢", [39]),
        ("延到11号", []),
        ("12月3号", []),
        ("3号楼停电了", []),
        ("8号会议室", []),
        ("12号前交", []),
        ("12号到15号请假", []),
        ("15号上午开会", []),
    ],
)
def test_register_numbers(text: str, numbers: list[int]) -> None:
    found = register_numbers(read(text).plain, office()["words"].number)
    assert [one.number for one in found] == numbers


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("财政局 关于拨付资金的请示 云财[2026]37号", "关于拨付资金的请示"),
        ("《关于印发《政府信息公开条例》的通知》", "关于印发《政府信息公开条例》的通知"),
        ("关于印发《考核办法》的通知 给督查科", "关于印发《考核办法》的通知"),
        ("是关于开展第四季度督导检查的通知文号澜委办发", "关于开展第四季度督导检查的通知"),
        ("关于报送贯彻落实安全生产意见情况的报告", "关于报送贯彻落实安全生产意见情况的报告"),
        ("关于征求《条例（草案）》意见的函", "关于征求《条例（草案）》意见的函"),
        ("根据《国务院关于预算的决定》，关于调整预算的请示", "关于调整预算的请示"),
        ("关于农村公路管理办法（征求意见稿）的意见", "关于农村公路管理办法（征求意见稿）的意见"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert [one.text for one in titles(read(text), office()["words"].titles)] == [title]


@pytest.mark.parametrize(
    ("text", "people", "units", "ambiguous"),
    [
        ("综合科王科长", ["王海涛"], ["综合科"], []),
        ("转给海涛", ["王海涛"], [], []),
        ("张科长", [], [], ["张志远", "张建平"]),
        ("二科张科长", ["张建平"], ["秘书二科"], []),
        ("小王", [], [], ["王海涛", "王思雨"]),
        ("财政局老蔡和督查科", ["蔡建军"], ["县财政局", "督查科"], []),
        ("我来", ["王思雨"], [], []),
        ("韩副主任", ["韩冰"], [], []),
        ("周常务", ["周明远"], [], []),
        ("孟小棠", [], [], ["孟晓棠"]),
        ("转王海滔", [], [], ["王海涛"]),
        ("转李文涛", [], [], ["李文博"]),
        ("转李博文", [], [], ["李文博"]),
        ("转李文搏办", [], [], ["李文博"]),
        ("交给章志远", [], [], ["张志远"]),
        ("综合科王思语", [], ["综合科"], ["王思雨"]),
        ("转韩兵", [], [], ["韩冰"]),
        ("转给海滔", [], [], ["王海涛"]),
        ("转李文", [], [], ["李文博"]),
        ("李文涛来过电话", [], [], []),
        ("转刘德华", [], [], []),
        ("请欧阳慧办", ["欧阳慧"], [], []),
        ("综合科科长", ["李文博"], ["综合科"], []),
        ("秘书一、二科", [], ["秘书一科", "秘书二科"], []),
        ("石桥", [], ["石桥镇人民政府"], []),
        ("卫生局", [], ["县卫生健康局"], []),
        ("市场监督局", [], ["县市场监督管理局"], []),
        ("市教育局", [], [], []),
        ("省水利厅", [], [], []),
        ("青山县财政局", [], [], []),
        ("林业局", [], [], []),
        ("刘县长", [], [], []),
        ("李文涛", [], [], []),
        ("高坪乡", [], ["高坪乡人民政府"], []),
        ("石磊公司", [], [], []),
        ("高科技", [], [], []),
        ("县长信箱", [], [], []),
    ],
)
def test_who_is_meant(text: str, people: list[str], units: list[str], ambiguous: list[str]) -> None:
    assert read_who(text, context()) == (tuple(people), tuple(units), tuple(ambiguous))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("期限改到周五", {"due": "2026-11-20T17:30"}),
        ("把期限往后改到月底", {"due": "2026-11-30T17:30"}),
        ("改到12月5日", {"due": "2026-12-05T17:30"}),
        ("承办人换成综合科", {"units": ("综合科",)}),
        ("换成刘景行", {"people": ("刘景行",)}),
        ("承办人改成张科长", {"ambiguous": ("张志远", "张建平")}),
        ("标题改为关于修桥的请示", {"title": "关于修桥的请示"}),
        ("标题写错了 应为《关于校舍维修的请示》", {"title": "关于校舍维修的请示"}),
        ("文号是云财〔2026〕12号", {"number": "云财〔2026〕12号"}),
        ("文号错了，应该是云教〔2026〕60号", {"number": "云教〔2026〕60号"}),
        ("来文单位：县教育局", {"sender": "县教育局"}),
        ("来文单位应该是市教育局", {"sender": "市教育局"}),
        ("单位错了，是民政局不是财政局", {"sender": "县民政局"}),
        ("改成加急", {"urgency": "加急"}),
        ("不是加急", {"urgency": None}),
        ("份数改成5份", {"copies": 5}),
        ("类型改成信访件", {"procedure": "letter"}),
        (
            "期限改成10个工作日，承办人改成刘景行",
            {"due": "2026-12-02T17:30", "people": ("刘景行",)},
        ),
    ],
)
def test_corrections(text: str, changed: dict[str, Any]) -> None:
    item = read_correction(text, context())
    assert _told(item) == changed


@pytest.mark.parametrize("text", ["标题里的第三批改成第四批", "去掉期限", "期限不用改", "好的", ""])
def test_a_correction_that_says_nothing_sure_changes_nothing(text: str) -> None:
    assert read_correction(text, context()).model_fields_set == set()


def _told(item: Item) -> dict[str, Any]:
    """The changed fields that hold something, and those that are emptied on purpose."""
    told = {
        name: getattr(item, name) for name in item.model_fields_set if name not in ("due_words", "choices")
    }
    told = {name: value for name, value in told.items() if value != ()}
    if "due" in told:
        told["due"] = f"{told['due']:%Y-%m-%dT%H:%M}"
    return told


@pytest.mark.parametrize(
    "text",
    [
        "财政局那个预算的请示到哪了",
        "我这周有什么要交的",
        "谁还没看通知",
        "综合科逾期几件",
        "昨天收了几个文",
        "12号文谁在办",
        "上个月请示平均办了几天",
        "我的逾期件",
        "只看逾期的",
        "财政局马上到期的件",
        "云财〔2026〕37号批了没",
        "云交【2026】66号原文标题叫啥",
        "那上个月呢",
        "本月办结的请示列个单子",
        "目前在办件总数是多少",
        "第二个是谁在办",
    ],
)
def test_questions_are_told_from_messages(text: str) -> None:
    assert is_question(text, context())


@pytest.mark.parametrize(
    "text",
    [
        "12号办结 已批复",
        "登记 县财政局 关于调整预算的请示 云财〔2026〕70号",
        "好的收到",
        "我到了，你们在几楼",
        "20号件延到下周三行吗，人手不够",
        "石桥镇红星村滑坡，3人失联",
        "今晚聚餐订几点？",
        "打印机怎么连",
        "明天我请假一天",
        "12号件转财政局",
    ],
)
def test_what_is_no_question_of_matters(text: str) -> None:
    assert not is_question(text, context())


def test_a_leader_gives_an_order_where_a_clerk_hands_over() -> None:
    text = "38号件请住建局抓紧办理，一周内报我"
    assert read_message(text, context("周明远")).act == "instruct"
    assert read_message(text, context("王思雨")).act == "hand_over"


def test_somebody_outside_the_roster_is_nobody() -> None:
    reading = read_message("12号件我来办", context(None))
    assert reading.act == "none"
