"""Any text: no error, no long wait, nothing given away of what is classified."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_office import context, office

from rules.reading import (
    answer_row,
    is_question,
    read_correction,
    read_message,
    read_question,
    read_who,
    screen,
)

PIECES = """
登记 收文 传阅件 来文单位： 文号： 标题： 时限： 承办： 县财政局 市教育局 省水利厅 财政 石桥镇
综合科 秘书一、二科 王科长 张科长 小王 海涛 孟小棠 周县长 我 我局 我们科 云财〔2026〕37号 云财[2026]
二零二六五十一号 根据国办发〔2025〕3号 关于 的请示 的通知 《 》 《关于放假的通知》 关于拨付资金的请示
特急 加急 不是加急 12号 12号件 #12 十二号件 15-17号件 18、19号 办结 签收 同意 延到 转给 移交 先别
不要 如果 的话 吗 ？ 谁 几件 逾期 快到期 平均 排名 只看 那 呢 第二个 下周五前 11月30日 10个工作日
2小时内 昨天 20分钟前 滑坡 起火 侧翻 3人失联 演练 请假 出差 B岗 值班记录 批示： 请 报我 机密 秘密★
密级： 涉密 商业秘密 1、 2、 ① （1） | ， 。 ； ： 、 （ ） ( ) [ ] 【 】 @bot /log 😀 <b> \u202e \u200b
"""
WORDS = [*PIECES.split(), "\n", "\t", " "]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
)
HOSTILE = [
    "县财政局秘书二科城关镇" * 400,
    "9" * 180,
    "一二" * 90,
    "关于" * 2000,
    "《" * 4096,
    "》《" * 2000,
    "的请示" * 1300,
    "云财〔2026〕" * 400,
    "12号、" * 1300,
    "1、" * 2000,
    "县" * 4096,
    "市" * 4096,
    "转给" * 2000,
    "密级：" * 1300,
    "机 " * 2000,
    "( " * 2000,
    "a\tb\n" * 1000,
    "|" * 4096,
    "二零二六" * 1000,
    "王" * 4096,
    "下周" * 2000,
    "发生" * 2000 + "起火",
    "来文单位：" * 800,
    "，" * 4096,
    " " * 4096,
    "\n" * 4096,
    "县财政局关于" * 600,
    "市" + "政" * 4000 + "局",
    "9" * 4096 + "号",
    "请王科长、张科长" * 500,
    "不要把" * 1300,
    "x" * 100_000,
]


@settings(max_examples=600, deadline=None)
@given(
    TEXTS, st.sampled_from(["王思雨", "周明远", "石磊", None, "某人"]), st.sampled_from(["private", "group"])
)
def test_any_text_is_read_without_an_error(text: str, writer: str | None, chat: str) -> None:
    here = context(writer, chat=chat)
    reading = read_message(text, here)
    if screen(text, here.secrecy) == "classified":
        assert reading.refused == "classified" and not reading.items
    for item in reading.items:
        assert item.due is None or item.due > here.reference
        assert not set(item.people) & set(item.ambiguous)
        assert set(item.people) <= set(here.roster.by_name)
    read_question(text, here)
    is_question(text, here)
    read_correction(text, here)
    read_who(text, here)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:6]!r}-{len(text)}")
@pytest.mark.parametrize("kind", ["message", "question"])
def test_hostile_text_is_read_in_good_time(text: str, kind: str) -> None:
    row = {"id": "x", "kind": kind, "text": text, "reference": "2026-11-18T10:20", "from": "王思雨"}
    answer_row({**row, "text": "热身"}, **office())
    start = process_time()
    answer_row(row, **office())
    assert process_time() - start < 1.0
