"""Files, lists, corrections, edited and forwarded messages, on the real program over real HTTP."""

from __future__ import annotations

import pytest
from incoming_files import docx, pdf, xlsx
from sqlmodel import Session, col, func, select

from storage.models import Entry, File, FileContent, Inbox, Matter, Outbox, Refusal

PAPER = (
    "云山县财政局文件",
    "云财〔2026〕37号　　签发人：李明",
    "云山县财政局关于拨付2026年第三批",
    "惠农补贴资金的请示",
    "县人民政府：",
    "　　现请示如下。",
    "2026年11月20日",
)
TITLE = "云山县财政局关于拨付2026年第三批惠农补贴资金的请示"


async def sends(who, name, content, caption="", *, group=None, reply_to=None):
    who.person.sends_file(name, content, caption, chat=group, reply_to=reply_to)
    await who.day.settled()


async def edits(who, message, text):
    who.person.edits(message, text)
    await who.day.settled()


@pytest.fixture
def clerk(office):
    return office.somebody("王思雨")


async def test_a_document_is_logged_from_its_first_page(office, clerk):
    head = office.somebody("李文博")
    await office.at("09:00")
    content = docx(*PAPER)
    await sends(clerk, "请示.docx", content)
    asked = clerk.sees("转给哪个科室", "据附件识别", "附件：请示.docx")
    assert TITLE in asked.text
    await clerk.presses("综合科")
    card = clerk.sees("请核对", "据附件识别")
    assert "来文单位：县财政局 ·据附件识别" in card.text
    assert "文号：云财〔2026〕37号 ·据附件识别" in card.text
    assert "承办：综合科\n" in card.text
    await clerk.presses("确认")
    matter = office.matter()
    assert (matter.title, matter.sender, matter.doc_number) == (TITLE, "县财政局", "云财〔2026〕37号")
    (file,) = office.rows(File)
    assert (file.matter_id, file.name, file.size) == (matter.id, "请示.docx", len(content))
    await head.presses("详情", on="惠农")
    await head.presses("附件 1")
    got = head.sees("收〔2026〕1号 附件：请示.docx")
    assert got.document is not None
    assert got.document.content == content
    await head.presses("过程", on="惠农")
    head.sees("附件 请示.docx")


async def test_what_the_line_says_goes_before_what_the_page_says(office, clerk):
    await sends(clerk, "请示.pdf", pdf(PAPER), "加急 转综合科，11月27日前办结")
    card = clerk.sees("请核对", "【加急】")
    assert "11月27日 周五 17:30" in card.text
    assert "标题：" + TITLE + " ·据附件识别" in card.text
    assert "【加急】 ·据附件识别" not in card.text
    await clerk.presses("修改")
    await clerk.says("标题改为关于惠农补贴的请示")
    card = clerk.sees("请核对", "关于惠农补贴的请示")
    assert "关于惠农补贴的请示 ·据附件识别" not in card.text
    await clerk.presses("取消")
    assert office.rows(File) == []
    assert office.rows(FileContent) == []


@pytest.mark.parametrize("where", ["first page", "annex", "group"])
async def test_a_classified_file_leaves_no_trace(office, clerk, where):
    group = office.group("县府办工作群") if where == "group" else None
    pages = [("机密★1年", *PAPER)] if where != "annex" else [PAPER, ("附件", "秘密★3年")]
    await sends(clerk, "来文.pdf", pdf(*pages), "登记 转综合科", group=group)
    clerk.sees("密级", "机要渠道", group=group)
    place = group.messages if group else clerk.person.chat.messages
    assert next(m for m in place if m.sender is clerk.person.user).deleted
    for table in (Matter, File, FileContent):
        assert office.rows(table) == []
    kept = str([row.payload for row in office.rows(Inbox)] + [row.facts for row in office.rows(Outbox)])
    assert "惠农" not in kept
    assert "37号" not in kept
    assert [(row.cause, row.count) for row in office.rows(Refusal)] == [("classified", 1)]


async def test_a_file_that_cannot_be_opened_is_refused_and_its_line_is_taken(office, clerk):
    await sends(clerk, "请示.pdf", pdf(PAPER, encrypted=True))
    clerk.sees("请示.pdf", "打开密码", "没有保存")
    line = "登记 县财政局 关于预算的请示 云财〔2026〕38号 转综合科"
    await sends(clerk, "请示.docx", pdf(PAPER), line)
    clerk.sees("扩展名是 .docx", "PDF")
    await clerk.presses("确认")
    assert office.matter().title == "关于预算的请示"
    assert office.rows(File) == []


async def test_a_file_in_reply_to_a_card_stays_with_its_matter(office, clerk):
    head, stranger = office.somebody("李文博"), office.somebody("蔡建军")
    await clerk.says("登记 县财政局 关于预算的请示 云财〔2026〕38号 转综合科")
    await clerk.presses("确认")
    await sends(head, "测算表.xlsx", xlsx(["项目", "金额"], ["补贴", 12]), reply_to=head.card("请签收"))
    head.sees("测算表.xlsx", "已存入 收〔2026〕1号")
    await sends(head, "又一份.xlsx", office_file(office), reply_to=head.card("请签收"))
    head.sees("已有这份附件", "测算表.xlsx")
    assert len(office.rows(File)) == 1
    await stranger.says("查 预算")
    await sends(stranger, "别的.docx", docx("别的"), reply_to=stranger.sees("收〔2026〕1号"))
    stranger.sees("不是您登记或经办的")
    await sends(
        clerk, "预算请示.docx", docx("关于预算的请示", "县政府：", "县财政局"), "云财〔2026〕39号 转督查科"
    )
    clerk.sees("请核对", "预算请示.docx")


def office_file(office) -> bytes:
    with Session(office.program.engine) as session:
        return session.exec(select(FileContent.content)).one()


async def test_the_same_file_sent_again_is_pointed_out(office, clerk):
    content = docx(*PAPER)
    for name in ("请示.docx", "再发.docx"):
        await sends(clerk, name, content, "转综合科")
        text = clerk.sees("请核对").text
        await clerk.presses("确认")
    assert "该文号已登记：收〔2026〕1号" in text
    assert "同一附件已在：收〔2026〕1号" in text


async def test_in_a_group_a_file_is_taken_only_when_the_bot_is_spoken_to(office, clerk):
    group = office.group("县府办工作群")
    await sends(clerk, "请示.docx", docx(*PAPER), group=group)
    assert clerk.received(group) == []
    await sends(clerk, "请示.docx", docx(*PAPER), "登记 转综合科", group=group)
    clerk.sees("请核对", "据附件识别", group=group)


async def test_files_sent_one_after_another_belong_to_one_entry_until_another_paper_comes(office, clerk):
    await sends(clerk, "请示.docx", docx(*PAPER))
    await sends(clerk, "测算表.xlsx", xlsx(["项目", "金额"], ["补贴", 12]))
    clerk.sees("转给哪个科室", "附件：请示.docx、测算表.xlsx")
    await sends(
        clerk, "另一件.docx", docx("云山县教育局文件", "云教〔2026〕8号", "关于校舍维修的请示", "县政府：")
    )
    card = clerk.sees("转给哪个科室", "校舍维修")
    assert card.text.count("docx") == 1
    await clerk.presses("综合科", on="惠农")
    await clerk.presses("确认", on="惠农")
    matter = office.matter()
    assert [one.name for one in office.rows(File) if one.matter_id == matter.id] == [
        "请示.docx",
        "测算表.xlsx",
    ]


async def test_a_file_fills_in_what_a_line_left_open(office, clerk):
    await clerk.says("登记 关于惠农补贴的请示")
    clerk.sees("来文单位是哪里")
    await sends(clerk, "请示.pdf", pdf(PAPER))
    card = clerk.sees("转给哪个科室", "附件：请示.pdf")
    assert "标题：关于惠农补贴的请示\n" in card.text
    assert "来文单位：县财政局 ·据附件识别" in card.text


# --- lists ------------------------------------------------------------------------------------------

UNITS = ("县财政局", "县教育局", "县民政局", "县水利局", "县农业农村局")


def pasted(count: int, lacking: tuple[int, ...] = ()) -> str:
    lines = [
        f"{i}. {UNITS[i % 5]} 关于第{i}批项目资金的请示 云财〔2026〕{100 + i}号"
        + ("" if i in lacking else " 转综合科")
        for i in range(1, count + 1)
    ]
    return "登记\n" + "\n".join(lines)


async def test_a_pasted_list_of_twenty(office, clerk):
    await office.at("09:00")
    await clerk.says(pasted(20, lacking=(3, 17)))
    card = clerk.sees("共 20 件")
    assert card.text.count("缺承办单位") == 2
    assert "其余 2 件随后逐件补充" in card.text
    await clerk.presses("全部确认")
    clerk.sees("已登记 18 件", "还有 2 件")
    assert "第 1/2 件" in clerk.sees("还缺 承办单位", "第3批").text
    clerk.sees_nothing_of("第17批项目资金的请示\n文号")
    await clerk.presses("综合科")
    assert "（第 1/2 件）" in clerk.sees("请核对", "第3批").text
    await clerk.presses("确认")
    assert "第 2/2 件" in clerk.sees("还缺 承办单位", "第17批").text
    await clerk.says("督查科")
    await clerk.presses("确认")
    found = sorted(office.rows(Matter), key=lambda one: one.number)
    assert [one.number for one in found] == list(range(1, 21))
    assert [one.section for one in found[-2:]] == ["综合科", "督查科"]
    assert found[-1].doc_number == "云财〔2026〕117号"


async def test_a_list_is_gone_through_in_order_and_may_be_left(office, clerk):
    await clerk.says(pasted(4))
    await clerk.presses("逐件核对")
    assert "第1批" in clerk.sees("请核对", "第 1/4 件").text
    await clerk.presses("确认")
    assert "第2批" in clerk.sees("请核对", "第 2/4 件").text
    await clerk.presses("跳过这件")
    assert "第3批" in clerk.sees("请核对", "第 3/4 件").text
    await clerk.presses("其余都不登记")
    clerk.sees("其余 2 件都不登记")
    assert [one.title for one in office.rows(Matter)] == ["关于第1批项目资金的请示"]


async def test_a_list_that_is_too_long_is_refused_with_the_limit(office, clerk):
    await clerk.says(pasted(31))
    clerk.sees("最多登记 30 件", "31 件")
    await clerk.says(pasted(30))
    clerk.sees("共 30 件")


async def test_a_spreadsheet_of_documents_is_a_list(office, clerk):
    rows = [[i, UNITS[i % 5], f"云财〔2026〕{i}号", f"关于第{i}批资金的请示"] for i in range(1, 16)]
    await sends(clerk, "来文清单.xlsx", xlsx(["来文登记表"], ["序号", "来文单位", "文号", "标题"], *rows))
    card = clerk.sees("共 15 件")
    assert "15. 请示 县财政局《关于第15批资金的请示》云财〔2026〕15号" in card.text
    await clerk.presses("逐件核对")
    clerk.sees("第 1/15 件", "转给哪个科室")


# --- corrections, edited and forwarded messages -----------------------------------------------------

LINE = "登记 县财政局 关于预算的请示 云财〔2026〕38号 转综合科"


async def test_an_edited_message_changes_the_card_that_stands(office, clerk):
    message = clerk.person.says(LINE)
    await office.settled()
    cards = len(clerk.received())
    await edits(clerk, message, LINE.replace("预算的", "决算的").replace("38号", "39号"))
    card = clerk.sees("请核对", "关于决算的请示", "云财〔2026〕39号")
    assert len(clerk.received()) == cards
    await clerk.person.presses(card, "确认")
    await office.settled()
    assert office.matter().title == "关于决算的请示"


async def test_an_edit_after_it_was_logged_is_offered_as_a_change(office, clerk):
    head = office.somebody("李文博")
    await office.at("09:00")
    message = clerk.person.says(LINE)
    await office.settled()
    await clerk.presses("确认")
    await edits(clerk, message, LINE.replace("预算的", "决算的") + "，11月30日前办结")
    offer = clerk.sees("已登记", "要把登记内容改成这样吗")
    assert "标题：关于预算的请示 → 关于决算的请示" in offer.text
    assert "→ 11月30日 周一 17:30" in offer.text
    assert office.matter().title == "关于预算的请示"
    await clerk.presses("更正")
    clerk.sees("已更正", "关于决算的请示")
    matter = office.matter()
    assert matter.title == "关于决算的请示"
    assert matter.first_due_at == matter.due_at
    head.sees("王思雨 更正了 收〔2026〕1号")
    head.sees("请签收", "关于决算的请示")
    await clerk.says("查 决算")
    clerk.sees("收〔2026〕1号")
    (entry,) = [one for one in office.rows(Entry) if one.act == "amended"]
    assert "关于预算的请示 → 关于决算的请示" in entry.facts["words"]


async def test_the_registrar_corrects_by_a_reply_until_it_is_accepted(office, clerk):
    second = office.somebody("吴国华")
    await office.at("09:00")
    await clerk.says(LINE)
    await clerk.presses("确认")
    await clerk.says("承办换成督查科", reply_to=clerk.sees("已登记 收〔2026〕1号"))
    assert "承办单位：综合科 → 督查科" in clerk.sees("要把登记内容改成这样吗").text
    await clerk.presses("更正")
    assert office.matter().section == "督查科"
    await second.presses("签收承办", on="请签收")
    await clerk.says("承办换成综合科", reply_to=clerk.sees("已更正"))
    clerk.sees("已经签收", "转办")
    await clerk.says("期限改到12月30日", reply_to=clerk.sees("已更正"))
    clerk.sees("只能改早", "申请延期")
    await clerk.says("期限改到12月4日", reply_to=clerk.sees("已更正"))
    await clerk.presses("更正")
    matter = office.matter()
    assert matter.due_at != matter.first_due_at


async def test_forwarded_words_keep_who_wrote_them(office, clerk):
    other = office.somebody("李文博")
    message = other.person.says("县财政局 关于预算的请示 云财〔2026〕38号 转综合科")
    await office.settled()
    clerk.person.forwards(message)
    await office.settled()
    clerk.sees("请核对", "原发：李文博")
    await clerk.presses("确认")
    assert office.matter().details == {"forwarded_from": "李文博"}


async def test_nothing_waits_for_ever(office, clerk):
    await office.at("09:00")
    await sends(clerk, "请示.docx", docx(*PAPER))
    assert len(office.rows(File)) == 1
    await office.at("2026-12-02 09:00")
    with Session(office.program.engine) as session:
        waiting = select(func.count()).select_from(File).where(col(File.matter_id).is_(None))
        assert session.exec(waiting).one() == 0
