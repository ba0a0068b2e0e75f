"""A night on which an emergency is reported."""

from __future__ import annotations

from office_day import SAMPLE, Day

from office import duty_roster

LANDSLIDE = "快报 石桥镇东河村凌晨2点30发生山体滑坡，2人失联"


async def begin_night(office: Day) -> None:
    """It becomes 02:40 in the night to 25 November, with the duty roster loaded.

    On duty are 苏雅琴 (stand-in 林晓岚), 韩冰, 朱雪梅; that day from 08:30 陈守正, 李文博, 孙可欣.
    """
    content = (SAMPLE / "duty.csv").read_bytes()
    await office.does(lambda desk: duty_roster.import_roster(desk, "duty.csv", content))
    await office.at("2026-11-25 02:40")
