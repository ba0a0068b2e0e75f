"""Files that come in: each kind read, each harm refused with its reason, names made safe."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import sys
import unicodedata

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from incoming_files import archive, blank_png, docx, ofd, pdf, with_part, xlsx

from office import attachments
from office.attachments import check_size, open_file, safe_name
from office.desk import Refused

LINES = ("特急", "云山县财政局文件", "云财〔2026〕37号", "关于拨付补贴资金的请示", "县人民政府：")
TEXT = "\n".join(LINES)
OCR = importlib.util.find_spec("rapidocr") is not None
PNG = blank_png(200, 100)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("来文.docx", docx(*LINES), "docx"),
        ("来文.pdf", pdf(LINES), "pdf"),
        ("来文.ofd", ofd(LINES), "ofd"),
        ("来文.txt", TEXT.encode("gb18030"), "text"),
        ("来文.txt", TEXT.encode("utf-16"), "text"),
        ("来文", docx(*LINES), "docx"),
        ("来文.wps", docx(*LINES), "docx"),
    ],
)
def test_the_first_page_is_read(name, content, kind) -> None:
    page = open_file(name, content)
    assert (page.kind, page.text.splitlines()) == (kind, list(LINES))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice, which makes the file, is missing")
def test_an_old_word_file_is_read(tmp_path) -> None:
    (tmp_path / "来文.docx").write_bytes(docx(*LINES, after=["附件", "机密★1年"]))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "doc", "--outdir", str(tmp_path), str(tmp_path / "来文.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    page = open_file("来文.wps", (tmp_path / "来文.doc").read_bytes())
    assert page.kind == "doc"
    assert page.text.splitlines()[: len(LINES)] == list(LINES)
    assert "机密★1年" in (*page.text.splitlines(), *page.short)


def test_what_follows_the_first_page_is_looked_through_for_marks() -> None:
    page = open_file(
        "a.docx", docx(*LINES, after=["附件1", "秘密★3年", "很长的一行" * 20], header="内部明电")
    )
    assert page.text == TEXT
    assert page.short == ("附件1", "秘密★3年", "内部明电")
    assert open_file("a.pdf", pdf(LINES, ["附件", "机密★1年"])).short == ("附件", "机密★1年")
    assert open_file("a.ofd", ofd(LINES, ["绝密★长期"])).short == ("绝密★长期",)


def test_a_spreadsheet_gives_its_rows() -> None:
    page = open_file("清单.xlsx", xlsx(["序号", "标题"], [1, "关于预算的请示"], [None, None], [2.0, "秘密"]))
    assert page.rows == (("序号", "标题"), ("1", "关于预算的请示"), ("2", "秘密"))
    assert "秘密" in page.short


BOMB = archive({"word/document.xml": b"\0" * (60 * 1024 * 1024), "[Content_Types].xml": "x"})
MANY = archive({f"word/{i}.xml": "" for i in range(4000)} | {"word/document.xml": "x"})
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><a>&j;</a>"
)
HARM = {
    "empty": ("a.docx", b"", "file_empty"),
    "blank": ("a.txt", b" \r\n\0", "file_empty"),
    "pdf named docx": ("a.docx", pdf(LINES), "file_ending"),
    "docx named pdf": ("a.pdf", docx(*LINES), "file_ending"),
    "program named pdf": ("a.pdf", b"MZ\x90\0" + b"\0" * 200, "file_program"),
    "script": ("a.txt", b"#!/bin/sh\nrm -rf /\n", "file_program"),
    "encrypted pdf": ("a.pdf", pdf(LINES, encrypted=True), "file_encrypted"),
    "cut pdf": ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<", "file_damaged"),
    "cut docx": ("a.docx", docx(*LINES)[:4000], "file_damaged"),
    "no docx": ("a.docx", archive({"word/document.xml": "<a", "[Content_Types].xml": "x"}), "file_damaged"),
    "zip": ("a.zip", archive({"a.txt": "x"}), "file_kind"),
    "zip bomb": ("a.docx", BOMB, "file_bomb"),
    "many parts": ("a.docx", MANY, "file_bomb"),
    "macros": ("a.docx", with_part(docx(*LINES), "word/vbaProject.bin", b"x"), "file_macros"),
    "a part twice": ("a.docx", b"", "file_damaged"),
    "ofd entities": ("a.ofd", archive({"OFD.xml": "x", "Doc_0/Pages/Page_0/Content.xml": ENTITIES}), None),
    "ofd without pages": ("a.ofd", archive({"OFD.xml": "x"}), "file_damaged"),
    "old excel": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "file_damaged"),
    "bytes": ("a.bin", bytes(range(256)) * 10, "file_kind"),
    "rtf": ("a.doc", b"{\\rtf1 x}", "file_kind"),
    "scanned pdf": ("a.pdf", pdf([]), None if OCR else "file_scanned"),
    "picture": ("a.png", PNG, None if OCR else "file_picture"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HARM)
def test_what_is_not_taken_is_refused_with_its_reason(name) -> None:
    file, content, reason = HARM[name]
    if name == "a part twice":
        content = with_part(docx(*LINES), "word/document.xml", b"<x/>")
    if name == "ofd entities":
        with pytest.raises(Refused) as refused:
            open_file(file, content)
        assert refused.value.reason in ("file_damaged", "file_scanned")
    elif reason is not None:
        with pytest.raises(Refused) as refused:
            open_file(file, content)
        assert refused.value.reason == reason
    else:
        assert open_file(file, content).text == ""


def test_what_is_too_large_is_refused_before_it_is_opened() -> None:
    with pytest.raises(Refused) as refused:
        check_size(20 * 1024 * 1024 + 1, megabytes=20)
    assert refused.value.reason == "file_too_large"
    assert refused.value.facts["limit"] == 20


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\来文.docx", "来文.docx"),
        ("附件\u202efdp.exe", "附件fdp.exe"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        ("  .pdf", "pdf"),
        ("", "文件"),
        ("...", "文件"),
        ('关于"预算"<b>?.pdf', "关于_预算__b__.pdf"),
        ("长" * 300 + ".docx", "长" * 75 + ".docx"),
    ],
)
def test_a_name_leads_nowhere(given_name, safe) -> None:
    assert safe_name(given_name) == safe


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_any_name_is_made_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= attachments.NAME
    assert not set(safe) & set('/\\:<>"|?*\0\u202e\u200f\n')
    assert safe.strip(". ") == safe
    assert safe_name(safe) == safe


@pytest.mark.parametrize("seed", range(12))
def test_files_cut_and_changed_are_read_or_refused(seed: int) -> None:
    import random

    rng = random.Random(seed)
    content = bytearray(
        rng.choice([docx(*LINES), pdf(LINES), ofd(LINES), xlsx(["标题", "文号"], ["a", "b"])])
    )
    for _ in range(rng.randrange(1, 30)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    assert _outcome(bytes(content)).startswith(("read", "file_"))


def _outcome(content: bytes) -> str:
    try:
        return "read " + open_file("a", content).text
    except Refused as refused:
        return refused.reason


def test_the_reading_process_knows_nothing_of_our_settings(monkeypatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")
    seen: dict[str, str] = {}
    run = subprocess.run

    def watched(command, **kwargs):
        seen.update(kwargs["env"])
        assert command[0] == sys.executable
        return run(command, **kwargs)

    monkeypatch.setattr(subprocess, "run", watched)
    open_file("a.txt", TEXT.encode())
    assert set(seen) == {"PYTHONPATH", "PYTHONIOENCODING"}


@pytest.mark.skipif(not OCR, reason="the extra duban[ocr] is not installed")
def test_a_picture_of_a_paper_is_read() -> None:
    with pypdfium2.PdfDocument(pdf(LINES)) as document:
        image = document[0].render(scale=2).to_pil()
    file = io.BytesIO()
    image.save(file, "PNG")
    text = unicodedata.normalize("NFKC", open_file("扫描.png", file.getvalue()).text)
    assert "云财〔2026〕37号" in text
    assert "关于拨付补贴资金的请示" in text
