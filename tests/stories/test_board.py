"""看板 in chat: a picture; in a unit's group only what the unit may see."""

from __future__ import annotations

import io

from office_day import Day
from PIL import Image

from office.papers import fonts


async def test_the_board_comes_as_a_picture(office: Day) -> None:
    wu = office.somebody("吴国华")
    await wu.says("看板")
    if fonts.chinese() is None:
        wu.sees("没有中文字体", "在办 0")
        return
    message = wu.sees("督办看板", "在办 0")
    assert message.photo is not None
    assert Image.open(io.BytesIO(message.photo.content)).width == 1080
    await wu.says("/board 水力局")
    wu.sees("没有叫“水力局”的单位或领域")
    wei = office.somebody("魏长河")
    await wei.says("看板 交通局")
    wei.sees("这里只能看本单位的看板")
