"""D13: what is refused before anything is kept, what is asked about, what only warns."""

import json

import pytest
from reading_office import context, office, secrecy

from rules.reading import answer_row, read_correction, read_message, screen

CLASSIFIED = r"""
JM文件一份
收到sm件
机M文件 给宋卫东
刚收到一个保密件
这件是标了密的
机密★1年
秘密 ★ 10年
绝密★长期
机密☆5年
秘密*3年
【机密】关于某事的通知
（秘密）云公〔2026〕77号
〔绝密〕
「机密」
<秘密>
［机　密］关于布控的报告
登记 秘 密 关于民兵整组的通知
机·密
机\u200b密★1年
密级：机密
密级:秘密 10年
密级：内部
密级为秘密的通知
密级 绝密
涉密等级：机密
标题：关于某事的通知\n密级：绝密\n承办：机要科
秘密
 绝密 \n关于某专项行动的方案
机密件一份
收到一份秘密文件
市委办来了份机密通知
登记一下机密文件市委办关于安防的通知
机密关于做好安保的通知
这份是机密级的
标的是绝密
文件上盖着秘密
按机密件管理
涉密件一份，标题是军事设施保护的通知
这个文涉密，怎么登
这份是涉密的不要登到系统里
（涉密）关于布控的函
属于国家秘密
关于涉密人员出国的请示（秘密）
关于X的报告涉密的你登一下
来文单位\t密级\t标题\n县公安局\t机密\t关于布控的报告
机密_关于某事.pdf
关于某事的通知（机密★1年）.pdf
[秘密]名单.xlsx
绝密.doc
機密文件
"""

INTERNAL = ["工作秘密", "内部资料，注意保存", "这份材料不得外传", "内部文件 关于某事.docx"]

MENTIONED = r"""
关于开展商业秘密保护工作的通知
登记 市保密局 关于召开保密工作会议的通知
转机密科
47号件请秘密二科办
这份不涉密
密级：无
密级：\n标题：关于某事的通知
非涉密 信息科办
涉密文件不要在群里传
工作群里不要发涉密内容
涉密不上网，上网不涉密
关于加强机密文件管理的通知
《关于做好涉密人员管理的通知》
是不是机密的
秘密调查组到了
检查国家秘密定密工作
序号\t来文单位\t密级\t标题\n1\t县财政局\t无\t关于预算的请示
"""

NOTHING = [
    "开机密码是多少",
    "请密切配合",
    "老同学聚会的事先替我保密哈",
    "严密组织",
    "密封条送来了",
    "",
    "好的",
]


def lines(table: str) -> list[str]:
    """One text a line; \\n, \\t and \\u200b in it stand for themselves."""
    marks = {r"\n": "\n", r"\t": "\t", r"\u200b": "\u200b"}
    texts = table.strip("\n").split("\n")
    for mark, char in marks.items():
        texts = [text.replace(mark, char) for text in texts]
    return texts


@pytest.mark.parametrize("text", lines(CLASSIFIED))
def test_a_mark_is_found_however_it_is_typed(text: str) -> None:
    assert screen(text, secrecy()) == "classified"


@pytest.mark.parametrize("text", INTERNAL)
def test_internal_material_is_asked_about(text: str) -> None:
    assert screen(text, secrecy()) == "internal"


@pytest.mark.parametrize("text", lines(MENTIONED))
def test_words_that_hold_密_only_warn(text: str) -> None:  # noqa: N802
    assert screen(text, secrecy()) == "mention"


@pytest.mark.parametrize("text", NOTHING)
def test_ordinary_words_say_nothing(text: str) -> None:
    assert screen(text, secrecy()) is None


def test_a_refused_message_gives_nothing_away() -> None:
    text = "今天收文：\n1. 县财政局 关于调整预算的请示 云财〔2026〕80号\n2. 市委政法委 关于维稳的通报（秘密）"
    reading = read_message(text, context())
    assert (reading.act, reading.refused, reading.items) == ("none", "classified", ())
    assert read_correction("标题改成（机密）关于布控的通知", context()).model_fields_set == set()


def test_an_answer_row_of_a_refused_message_holds_none_of_its_words() -> None:
    row = {"id": "x", "kind": "message", "text": "机密★1年 布控名单", "reference": "2026-11-18T10:20"}
    assert "布控" not in json.dumps(answer_row(row, **office()), ensure_ascii=False)


@pytest.mark.parametrize("text", ["这件带个密字 我就不发了", "来文一份 上头盖了密", "登记 上了密的文件 一份"])
def test_a_mark_in_no_known_form_beside_a_paper_is_taken_for_one(text: str) -> None:
    assert screen(text, secrecy()) == "classified"


@pytest.mark.parametrize(
    "text", ["密云区来函一份", "这份文件加密了打不开", "这份文件不带密", "财政局关于密植玉米的请示"]
)
def test_a_word_that_only_holds_it_beside_a_paper_is_none(text: str) -> None:
    assert screen(text, secrecy()) is None
