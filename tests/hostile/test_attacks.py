"""Attacks by name: HTML and marks of direction in every field, endless texts, bombs, who was dismissed."""

from __future__ import annotations

import io
import zipfile

import pytest
from hostile.siege import Siege
from sqlmodel import select

from storage.models import File, Group, Inbox, Matter, Member, Outbox

HTML = "<b>粗</b><a>点</i>&lt"
TURNED = "\u202e\u2066预算\u200f\x07\u200b"


def refused(siege: Siege):
    return [one for one in siege.day.sandbox.requests if one["status"] != 200]


@pytest.fixture
def clerk(siege):
    return siege.day.somebody("王思雨")


async def test_html_in_a_document_is_shown_as_it_was_written(siege, clerk):
    await clerk.says(f"登记 财政局 关于{HTML}的请示 云财〔2026〕12号 转综合科")
    assert HTML in clerk.sees("云财〔2026〕12号").text
    await clerk.presses("确认")
    head = siege.day.somebody("李文博")
    await head.presses("退文")
    await head.says(f"缺附件{HTML}")
    clerk.sees(f"关于{HTML}的请示", f"缺附件{HTML}")
    await clerk.says(f"查 {HTML}")
    assert not refused(siege)
    siege.nothing_broke()


async def test_html_in_names_and_titles_is_shown_as_it_is(siege):
    admin = siege.day.somebody("赵一鸣")
    await admin.says("加人 <b>张三</b> 综合科 <i>科员</i>")
    await admin.says("/members 综合科")
    group = siege.day.sandbox.group("<b>群</b>&amp;", [admin.person])
    await admin.says("/bind 综合科", group=group)
    assert "<b>" not in "".join(m.html for m in admin.received(group)[-1:]).replace("<b>综合科</b>", "")
    assert not refused(siege)
    siege.nothing_broke()


async def test_marks_of_direction_and_controls_are_kept_nowhere(siege, clerk):
    await clerk.says(f"登记 财政局 关于{TURNED}调整的请示 云财〔2026〕12号 转综合科")
    await clerk.presses("确认")
    assert siege.day.rows(Matter)[0].title == "关于预算调整的请示"
    shown = "".join(str(row.facts) for row in siege.day.rows(Outbox))
    assert not set("\u202e\u2066\u200f\x07") & set(shown)


async def test_a_group_with_marks_in_its_title_is_bound_without_them(siege):
    admin = siege.day.somebody("赵一鸣")
    group = siege.day.sandbox.group("\u202e综合科\u2066群\n二", [admin.person])
    await admin.says("/bind 综合科", group=group)
    assert [one.name for one in siege.day.rows(Group) if one.chat_id == group.id] == ["综合科群 二"]


@pytest.mark.parametrize("said", ["登记 ", "查 ", "快报 ", "/log ", "加人 ", "记 14:05 ", "请假 ", ""])
async def test_the_longest_texts_are_answered(siege, clerk, said):
    before = len(clerk.received())
    await clerk.says((said + "关于〔2026〕的请示" * 500)[:4096])
    assert len(clerk.received()) > before
    assert all(len(message.text) <= 4096 for message in clerk.received())
    assert not refused(siege)
    siege.nothing_broke()


async def test_many_entities_and_replies_in_replies_are_answered(siege, clerk):
    user, chat = clerk.person.user.as_json(), clerk.person.chat.as_json()
    body = {"date": 1795482000, "chat": chat, "from": user, "text": "待办" + "字" * 1000}
    entities = [{"type": "bold", "offset": i, "length": 900} for i in range(100)]
    message = {"message_id": 1, **body}
    for number in range(2, 60):
        message = {"message_id": number, **body, "reply_to_message": message}
    requests = await siege.feed({"message": message | {"entities": entities}})
    assert any(one["method"] == "sendMessage" for one in requests)
    siege.nothing_broke()


async def test_who_was_dismissed_is_a_stranger_at_once(siege, clerk):
    await clerk.says("登记 财政局 关于预算调整的请示 云财〔2026〕12号 转综合科")
    card = clerk.card("12号", "确认")

    def dismiss(desk):
        gone = desk.session.exec(select(Member).where(Member.name == "王思雨")).one()
        gone.active = False
        desk.session.add(gone)

    await siege.day.does(dismiss)
    before, seen = siege.checksum(), len(clerk.received())
    clerk.person.presses_data(card, card.buttons[0][0].data or "")
    clerk.person.says("待办")
    clerk.person.says("登记 财政局 关于别的请示")
    await siege.day.settled()
    assert siege.checksum() == before
    assert not siege.day.rows(Matter)
    assert not [one.text for one in clerk.received()[seen:] if "综合科" in one.text]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * 300_000_000)
    return packed.getvalue()


async def test_a_document_that_expands_and_leads_out_of_its_folder_is_refused(siege, clerk):
    clerk.person.sends_file("../../etc/\u202ecod.附件.docx", bomb(), "登记")
    await siege.settled()
    assert not siege.day.rows(File)
    assert "etc" not in clerk.received()[-1].text
    siege.nothing_broke()


async def test_a_file_that_telegram_has_no_more_is_asked_for_again(siege, clerk):
    user, chat = clerk.person.user.as_json(), clerk.person.chat.as_json()
    document = {"file_id": "gone", "file_unique_id": "gone", "file_name": "来文.docx", "file_size": 10}
    body = {"message_id": 1, "date": 1795482000, "chat": chat, "from": user, "document": document}
    await siege.feed({"message": body})
    clerk.sees("来文.docx", "取不下来")
    roster = {"document": document | {"file_name": "人员.xlsx"}, "caption": "导入人员"}
    await siege.feed({"message": body | roster})
    clerk.sees("人员.xlsx", "取不下来")
    siege.nothing_broke()


async def test_a_roster_with_formulas_is_not_computed(siege):
    admin = siege.day.somebody("赵一鸣")
    rows = ["姓名,单位,职务", '=HYPERLINK("http://x"),综合科,科员', "\u202e李四,综合科,=1+1"]
    admin.person.sends_file("人员.csv", "\n".join(rows).encode(), "导入人员")
    await siege.settled()
    names = [one.name for one in siege.day.rows(Member)]
    assert not [name for name in names if name.startswith("=")]
    siege.nothing_broke()


async def test_what_was_dropped_is_forgotten(siege, clerk):
    """A member's message is kept as long as it takes to answer it."""
    await clerk.says("登记 财政局 关于预算调整的请示")
    assert [row.payload for row in siege.day.rows(Inbox)] == [None]
