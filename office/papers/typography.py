"""The type of a paper after GB/T 9704-2012: fonts by name, sizes, and the styles made of them.

Lengths are in twips (twentieths of a point) where a name does not say otherwise. The font's name is
set for all four of Word's scripts, so that no character falls back to a Latin font.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

XIAOBIAOSONG: Final = "方正小标宋简体"
FANGSONG: Final = "仿宋_GB2312"
HEITI: Final = "黑体"
KAITI: Final = "楷体_GB2312"
SONGTI: Final = "宋体"

# What a machine without the font is to take instead; Word and WPS look here before they guess.
FONTS: Final = {XIAOBIAOSONG: "宋体", FANGSONG: "仿宋", HEITI: "SimHei", KAITI: "楷体", SONGTI: "SimSun"}

LINE: Final = 579
"""One of the 22 lines of a page."""
CHARACTER: Final = 316
"""One of the 28 characters of a line."""
RED: Final = "FF0000"
BLACK: Final = "000000"
NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Style:
    """A paragraph style: 2号 is 22 points, 3号 16, 4号 14, 小四 12.

    `paragraph` is the inside of its w:pPr, in the order the schema asks for.
    """

    name: str
    font: str
    points: float
    paragraph: str
    colour: str = BLACK


_CENTRED = '<w:jc w:val="center"/>'
_LEFT = '<w:jc w:val="left"/>'
_RIGHT = '<w:jc w:val="right"/>'
_TWO_IN = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'
_ONE_IN = '<w:ind w:leftChars="100" w:left="280" w:rightChars="100" w:right="280"/>'
# 4 mm (11 points) under the line, as wide as the block.
_RED_RULE = f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="11" w:color="{RED}"/></w:pBdr>'
_CELL = '<w:spacing w:line="360" w:lineRule="exact"/>'
_FORM_LINE = '<w:spacing w:line="380" w:lineRule="exact"/>'

MASTHEAD: Final = Style("发文机关标志", XIAOBIAOSONG, 52, _CENTRED, RED)
URGENCY: Final = Style("紧急程度", HEITI, 16, _LEFT)
NUMBER: Final = Style("发文字号", FANGSONG, 16, _CENTRED)
RULED_NUMBER: Final = Style("发文字号带线", FANGSONG, 16, _RED_RULE + _CENTRED)
LINE_BELOW: Final = Style("标题下一行", FANGSONG, 12, _LEFT)
RULED_LINE: Final = Style("左右编排带线", FANGSONG, 16, _RED_RULE + _LEFT)
TITLE: Final = Style(
    "公文标题",
    XIAOBIAOSONG,
    22,
    "<w:keepNext/>"
    f'<w:spacing w:before="{2 * LINE}" w:after="{LINE}" w:line="660" w:lineRule="exact"/>{_CENTRED}',
)
ADDRESSEE: Final = Style("主送机关", FANGSONG, 16, _LEFT)
TEXT: Final = Style("公文正文", FANGSONG, 16, _TWO_IN)
HEADINGS: Final = (
    Style("一级标题", HEITI, 16, f'{_TWO_IN}<w:outlineLvl w:val="0"/>'),
    Style("二级标题", KAITI, 16, f'{_TWO_IN}<w:outlineLvl w:val="1"/>'),
    Style("三级标题", FANGSONG, 16, _TWO_IN),
    Style("四级标题", FANGSONG, 16, _TWO_IN),
)
ANNEX: Final = Style("附件说明", FANGSONG, 16, _LEFT)
SIGNATURE: Final = Style("署名", FANGSONG, 16, f"<w:keepNext/>{_RIGHT}")
DATE: Final = Style("成文日期", FANGSONG, 16, _RIGHT)
FOOT: Final = Style("版记", FANGSONG, 14, f'<w:spacing w:line="480" w:lineRule="exact"/>{_LEFT}')
PAGE_NUMBER: Final = Style("页码", SONGTI, 14, f'<w:spacing w:line="360" w:lineRule="exact"/>{_ONE_IN}')
CELL_HEAD: Final = Style("表头", HEITI, 12, f"<w:keepNext/>{_CELL}{_CENTRED}")
CELL_TEXT: Final = Style("表文", FANGSONG, 12, _CELL + _LEFT)
CELL_CENTRED: Final = Style("表文居中", FANGSONG, 12, _CELL + _CENTRED)
FORM_LABEL: Final = Style("表单栏目", HEITI, 12, f"{_FORM_LINE}{_CENTRED}")
FORM_TEXT: Final = Style("表单内容", FANGSONG, 12, f"{_FORM_LINE}{_LEFT}")
CUT_LINE: Final = Style(
    "裁切线", SONGTI, 9, f'<w:keepNext/><w:spacing w:before="240" w:line="240" w:lineRule="exact"/>{_CENTRED}'
)
SLIP_TITLE: Final = Style(
    "回执标题", HEITI, 16, f'<w:keepNext/><w:spacing w:after="80" w:line="480" w:lineRule="exact"/>{_CENTRED}'
)
LAST: Final = Style("结尾", FANGSONG, 1, '<w:spacing w:line="20" w:lineRule="exact"/>')

STYLES: Final = (
    MASTHEAD,
    URGENCY,
    NUMBER,
    RULED_NUMBER,
    LINE_BELOW,
    RULED_LINE,
    TITLE,
    ADDRESSEE,
    TEXT,
    *HEADINGS,
    ANNEX,
    SIGNATURE,
    DATE,
    FOOT,
    PAGE_NUMBER,
    CELL_HEAD,
    CELL_TEXT,
    CELL_CENTRED,
    FORM_LABEL,
    FORM_TEXT,
    CUT_LINE,
    SLIP_TITLE,
    LAST,
)

# The grid of the page is said in w:docGrid; the styles reach 22 lines of 28 characters without leaning
# on it: LibreOffice gives a character wider than its cell two cells, so that a line of 16 points in
# cells of 15.8 would hold 14. Exact lines and 0.3 points less between characters hold 28 everywhere.
_NORMAL = (
    '<w:widowControl w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
    f'<w:snapToGrid w:val="0"/><w:spacing w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/>'
)


def run_fonts(font: str) -> str:
    """w:rFonts naming `font` for every script; the hint takes “”—… from the Chinese side."""
    scripts = " ".join(f'w:{script}="{font}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    return f'<w:rFonts w:hint="eastAsia" {scripts}/>'


def run_properties(font: str, points: float, colour: str = BLACK) -> str:
    """The inside of a w:rPr; Word counts sizes in half points and room between characters in twips."""
    size = round(points * 2)
    room = -6 if points == 16 else 0
    return (
        f'{run_fonts(font)}<w:snapToGrid w:val="0"/><w:color w:val="{colour}"/><w:spacing w:val="{room}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )


def styles_xml() -> str:
    """The whole styles part: the defaults, Normal at 16 points, the styles above and a plain table."""
    default = run_properties(FANGSONG, 16) + '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f'<w:styles xmlns:w="{NAMESPACE}"><w:docDefaults>'
        f"<w:rPrDefault><w:rPr>{default}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_NORMAL}</w:pPr><w:rPr>{run_properties(FANGSONG, 16)}</w:rPr></w:style>"
        f"{_TABLE_STYLE}{''.join(_style_xml(i, style) for i, style in enumerate(STYLES, 1))}</w:styles>"
    )


def font_table_xml() -> str:
    """The font table: what to take where one of the fonts is missing."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FONTS.items()
    )
    return f'<w:fonts xmlns:w="{NAMESPACE}">{fonts}</w:fonts>'


_TABLE_STYLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="57" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
)


def _style_xml(number: int, style: Style) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="Paper{number}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{style.paragraph}</w:pPr>"
        f"<w:rPr>{run_properties(style.font, style.points, style.colour)}</w:rPr></w:style>"
    )
