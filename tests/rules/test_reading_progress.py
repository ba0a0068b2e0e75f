"""A report of progress in one sentence: how far, and the words beside it."""

from __future__ import annotations

from datetime import date

import pytest

from rules.reading.progress import Told, read_progress, said_day


@pytest.mark.parametrize(
    ("said", "percent", "words"),
    [
        ("完成60%，管网已铺设12公里", 60, "管网已铺设12公里"),
        ("管网已铺设12公里，完成60%", 60, "管网已铺设12公里"),
        ("60%", 60, ""),
        ("６０％ 正在铺设", 60, "正在铺设"),
        ("进度：75% 主体封顶", 75, "主体封顶"),
        ("总体进度达到百分之八十五，剩余绿化", 85, "剩余绿化"),
        ("已完成六成，正在拆迁", 60, "正在拆迁"),
        ("八成五", 85, ""),
        ("由40%提高到55%", 55, "由40%提高到55%"),
        ("从40%到55%", 55, "从40%到55%"),
        ("税收同比增长8%，总体完成70%", 70, "税收同比增长8%，总体完成70%"),
        ("税收同比增长8%", None, "税收同比增长8%"),
        ("还剩15%", None, "还剩15%"),
        ("正在招标，12月初开标", None, "正在招标，12月初开标"),
        ("已完成", 100, "已完成"),
        ("全部完工。", 100, "全部完工。"),
        ("已完成整改12处", None, "已完成整改12处"),
        ("尚未开工", 0, "尚未开工"),
        ("完成62.5%", 62, ""),
        ("0%，等待土地批复", 0, "等待土地批复"),
        ("100%", 100, ""),
        ("已成立专班，制定方案", None, "已成立专班，制定方案"),
    ],
)
def test_one_sentence(said: str, percent: int | None, words: str) -> None:
    assert read_progress(said) == Told(percent, words)


@pytest.mark.parametrize("said", ["与上次相同", "同上期", "无变化", "没有新的进展", "暂无变化。"])
def test_as_last_time(said: str) -> None:
    assert read_progress(said).unchanged


@pytest.mark.parametrize("said", ["完成120%", "百分之一百二十"])
def test_over_a_hundred_is_a_slip(said: str) -> None:
    with pytest.raises(ValueError, match="120%"):
        read_progress(said)


def test_a_bare_number_only_where_it_was_asked_for() -> None:
    assert read_progress("60", bare=True) == Told(60, "")
    assert read_progress("60") == Told(None, "60")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("截至11月20日，完成60%", "2026-11-20"),
        ("完成60%（截止20日）", "2026-11-20"),
        ("截至28日完成60%", "2026-10-28"),
        ("截至12月31日完成60%", "2025-12-31"),
        ("截至2026年9月30日完成60%", "2026-09-30"),
        ("11月20日开工，完成60%", None),
        ("完成60%", None),
    ],
)
def test_the_day_it_is_of(said: str, day: str | None) -> None:
    assert said_day(said, date(2026, 11, 24)) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("said", ["截至11月31日", "截至13月1日", "截至31日"])
def test_a_day_that_is_none(said: str) -> None:
    with pytest.raises(ValueError, match="day|month"):
        said_day(said, date(2026, 12, 24))
