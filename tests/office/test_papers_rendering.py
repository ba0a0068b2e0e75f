"""Papers as they come out of a word processor: pages, lines, characters, the foot at the bottom.

LibreOffice sets them, poppler reads them; both missing is a skip, not a pass.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from papers_samples import NOTICE, SECOND_NOTICE

from office.papers.paper import FootRow, Paper, Paragraph, write_docx
from office.papers.supervision_notice import supervision_notice_docx

WRITTEN = datetime(2026, 11, 25, 3, 48, tzinfo=UTC)
NEEDED = ("soffice", "pdftotext", "pdfinfo", "pdftoppm")
MM = 72 / 25.4
# Lines and widths are those of the paper's own type only with a serif that has Chinese in it.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{}</fontconfig>"""
ALIAS = "<alias binding='same'><family>{}</family><prefer><family>{}</family></prefer></alias>"
SERIF = ("仿宋_GB2312", "楷体_GB2312", "方正小标宋简体", "宋体")

pytestmark = [
    pytest.mark.skipif(
        any(shutil.which(program) is None for program in NEEDED),
        reason=f"papers cannot be rendered here: {', '.join(NEEDED)} are needed",
    ),
    pytest.mark.skipif(
        shutil.which("fc-list") is None
        or "CJK" not in subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout,
        reason="papers cannot be rendered here: a Noto CJK font is needed",
    ),
]


class Line(NamedTuple):
    """A line of text: page from 1, edges in points from the page's left and top."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


class Rendered(NamedTuple):
    pdf: Path
    lines: list[Line]

    @property
    def pages(self) -> int:
        return int(re.findall(r"Pages:\s+(\d+)", run("pdfinfo", str(self.pdf)))[0])


def run(*command: str, **environment: str) -> str:
    result = subprocess.run(
        command, check=True, capture_output=True, timeout=150, env={**os.environ, **environment}
    )
    return result.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with LibreOffice's profile and the stand-ins for fonts that are not free."""
    place = tmp_path_factory.mktemp("papers")
    aliases = "".join(ALIAS.format(name, "Noto Serif CJK SC") for name in SERIF)
    aliases += ALIAS.format("黑体", "Noto Sans CJK SC")
    (place / "fonts.conf").write_text(FONTS.format(aliases), encoding="utf-8")
    return place


def rendered(workshop: Path, name: str, paper: Paper | bytes) -> Rendered:
    file = workshop / f"{name}.docx"
    file.write_bytes(paper if isinstance(paper, bytes) else write_docx(paper))
    profile = f"-env:UserInstallation={(workshop / 'profile').as_uri()}"
    convert = ("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(workshop), str(file))
    run(*convert, FONTCONFIG_FILE=str(workshop / "fonts.conf"))
    pdf = file.with_suffix(".pdf")
    if not pdf.exists():
        pytest.skip("papers cannot be rendered here: LibreOffice has no Writer")
    return Rendered(pdf, lines_of(run("pdftotext", "-bbox-layout", str(pdf), "-")))


def lines_of(xml: str) -> list[Line]:
    lines: list[Line] = []
    for page, part in enumerate(xml.split("<page ")[1:], 1):
        for edges, inside in re.findall(r"<line ([^>]*)>(.*?)</line>", part, re.S):
            left, top, right, bottom = (float(edge) for edge in re.findall(r'"([\d.]+)"', edges))
            text = "".join(re.findall(r">([^<]+)</word>", inside))
            lines.append(Line(page, left, top, right, bottom, text))
    return lines


@pytest.fixture(scope="module")
def full(workshop: Path) -> Rendered:
    """A page and more of plain text."""
    text = Paragraph(text="山" * (28 * 60 - 2))
    return rendered(workshop, "full", Paper(title="满页", written_at=WRITTEN, body=(text,)))


def test_a_page_is_a4_and_holds_22_lines_of_28_characters(full: Rendered) -> None:
    size = re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", run("pdfinfo", str(full.pdf)))[0]
    assert [float(edge) / MM for edge in size] == [pytest.approx(210, abs=0.5), pytest.approx(297, abs=0.5)]
    second = [line for line in full.lines if line.page == 2 and "山" in line.text]
    assert [len(line.text) for line in second] == [28] * 22


def test_the_block_stands_where_the_standard_has_it(full: Rendered) -> None:
    second = [line for line in full.lines if line.page == 2 and "山" in line.text]
    left, right = min(line.left for line in second), max(line.right for line in second)
    assert left / MM == pytest.approx(28, abs=1) and (right - left) / MM == pytest.approx(156, abs=2)
    assert min(line.top for line in second) / MM >= 36 and max(line.bottom for line in second) / MM <= 263


def test_page_numbers_change_sides_and_stand_7_mm_under_the_block(full: Rendered) -> None:
    numbers = {line.page: line for line in full.lines if re.fullmatch(r"—\d+—", line.text)}
    assert [numbers[page].text for page in (1, 2, 3)] == ["—1—", "—2—", "—3—"]
    assert numbers[1].left > 110 * MM and numbers[3].left > 110 * MM and numbers[2].right < 60 * MM
    # One character (14 points) in from the edge of the block.
    assert numbers[2].left == pytest.approx(28 * MM + 14, abs=5)
    assert numbers[1].right == pytest.approx((28 + 156) * MM - 14, abs=5)
    middle = (numbers[1].top + numbers[1].bottom) / 2
    assert middle / MM == pytest.approx(37 + 225 + 7, abs=1.5)


@pytest.mark.parametrize(("lines", "pages"), [(3, 1), (12, 2), (30, 2)])
def test_the_foot_is_at_the_bottom_of_the_last_page(workshop: Path, lines: int, pages: int) -> None:
    paper = Paper(
        title="关于石桥镇红星村山体滑坡的报告",
        written_at=WRITTEN,
        masthead="应急快报",
        number="第12期",
        left="县政府总值班室",
        right="2026年11月25日3时48分",
        body=(Paragraph(text="山" * (28 * lines - 2)),),
        foot=(
            FootRow(cells=("报：市政府总值班室",)),
            FootRow(cells=("签发：苏雅琴", "值班员：孙可欣", "电话：0871-65550000")),
        ),
    )
    made = rendered(workshop, f"foot{lines}", paper)
    assert made.pages == pages
    (last,) = [line for line in made.lines if line.text.startswith("签发")]
    assert last.page == pages
    assert last.bottom / MM == pytest.approx(37 + 225, abs=3)
    report_to = next(line for line in made.lines if line.text.startswith("报："))
    text = [line for line in made.lines if line.page == pages and "山山" in line.text]
    assert all(line.bottom <= report_to.top for line in text)


def test_the_masthead_is_red_on_the_picture(workshop: Path) -> None:
    made = rendered(
        workshop,
        "red",
        Paper(title="通知", written_at=WRITTEN, masthead="县政府文件", number="云政〔2026〕1号"),
    )
    run("pdftoppm", "-r", "40", "-singlefile", str(made.pdf), str(workshop / "red"))
    picture = (workshop / "red.ppm").read_bytes()
    _, size, _, pixels = picture.split(b"\n", 3)
    width = int(size.split()[0])
    red = {
        place // width * 25.4 / 40
        for place in range(len(pixels) // 3)
        if pixels[3 * place] > 200 and pixels[3 * place + 1] < 90
    }
    # The masthead begins 35 mm down the block; the rule stands under the number.
    assert min(red) == pytest.approx(37 + 35, abs=6)
    number = next(line for line in made.lines if "2026" in line.text)
    assert max(red) == pytest.approx(number.bottom / MM + 4, abs=3)


def test_a_supervision_notice_is_one_page_with_its_slip_under_the_seal(workshop: Path) -> None:
    made = rendered(workshop, "notice", supervision_notice_docx(NOTICE))
    assert made.pages == 1
    tops = [
        top_of(made, text) for text in ("督办通知单", "督〔2026〕8号", "督办事项", "督办通知单回执", "签收人")
    ]
    assert tops == sorted(tops)
    seal = max(line.top for line in made.lines if line.text == "县政府办公室")
    assert tops[2] < seal < tops[3]


def test_the_slip_of_a_longer_notice_goes_to_the_next_page_whole(workshop: Path) -> None:
    made = rendered(workshop, "second", supervision_notice_docx(SECOND_NOTICE))
    slip = [line.page for line in made.lines if line.text in ("督办通知单回执", "签收人", "联系电话")]
    assert made.pages == 2 and slip == [2, 2, 2]


def top_of(made: Rendered, text: str) -> float:
    return next(line.top for line in made.lines if line.text.replace("　", "") == text)
