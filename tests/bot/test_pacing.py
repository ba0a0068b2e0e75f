"""Pacing: Telegram's limits are kept, places stay for urgent messages, a 429 pauses what it names."""

from __future__ import annotations

import pytest
from doubles import Seconds
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import BURST, TELEGRAM, Pacing
from storage.outbox import ANSWER, DIGEST, EMERGENCY, REMINDER


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def pacing(seconds: Seconds) -> Pacing:
    return Pacing(TELEGRAM, seconds)


def sends(
    pacing: Pacing, seconds: Seconds, chats: list[int], priority: int, lasts: float = 0.0
) -> list[float]:
    """Send a message to each chat as soon as it may be sent; when each was sent."""
    sent = []
    for chat in chats:
        while (wait := pacing.wait(chat, priority, "send")) > 0:
            seconds.pass_(wait)
        slot = pacing.begin(chat, "send")
        sent.append(seconds())
        seconds.pass_(lasts)
        pacing.end(slot)
    return sent


def most_in(sent: list[float], window: float) -> int:
    return max(sum(at <= other < at + window for other in sent) for at in sent)


def test_thirty_a_second_overall(pacing, seconds):
    sent = sends(pacing, seconds, list(range(1, 301)), REMINDER)
    assert most_in(sent, 1.0) <= 30
    assert sent[-1] - sent[0] <= 300 / 30 * 1.02


def test_a_chat_gets_five_in_five_seconds(pacing, seconds):
    sent = sends(pacing, seconds, [7] * 20, ANSWER)
    assert most_in(sent, 5.0) == 5
    assert sent[-1] - sent[0] == pytest.approx(15, abs=0.5)


def test_a_group_gets_twenty_a_minute_and_keeps_places_for_emergencies(pacing, seconds):
    sends(pacing, seconds, [-7] * 17, DIGEST)
    assert pacing.wait(-7, DIGEST, "send") > 20
    assert pacing.wait(-7, EMERGENCY, "send") < 5
    sent = sends(pacing, seconds, [-7] * 3, EMERGENCY)
    assert len(sent) == 3
    assert pacing.wait(-7, EMERGENCY, "send") > 20


def test_edits_count_overall_only(pacing, seconds):
    for _ in range(20):
        pacing.end(pacing.begin(-7, "edit"))
    assert pacing.wait(-7, DIGEST, "send") == pacing.wait(8, DIGEST, "send") < 1
    for _ in range(10):
        pacing.end(pacing.begin(-7, "edit"))
    assert pacing.wait(8, EMERGENCY, "send") == pytest.approx(1.0)


def test_a_place_is_never_far_away_for_an_emergency(pacing, seconds):
    """However many ordinary messages were sent as fast as they might be."""
    for chat in range(1, 400):
        sends(pacing, seconds, [chat], REMINDER)
        assert pacing.wait(1000 + chat, EMERGENCY, "send") <= (BURST + 1) / 30 + 1e-9


def test_a_message_counts_until_its_answer_is_there(pacing, seconds):
    slots = [pacing.begin(chat, "send") for chat in range(30)]
    seconds.pass_(1.5)
    assert pacing.wait(99, EMERGENCY, "send") == pytest.approx(1.0)
    for slot in slots:
        pacing.end(slot)
    seconds.pass_(0.9)
    assert pacing.wait(99, EMERGENCY, "send") == pytest.approx(0.1)


def test_a_message_without_an_answer_does_not_count_for_ever(pacing, seconds):
    for chat in range(30):
        pacing.begin(chat, "send")
    seconds.pass_(4.0)
    assert pacing.wait(99, EMERGENCY, "send") <= 0


def test_what_was_not_sent_takes_no_place(pacing, seconds):
    for _ in range(100):
        pacing.cancel(pacing.begin(7, "send"))
    assert pacing.wait(7, DIGEST, "send") <= 0


def test_a_429_pauses_its_chat_and_no_other(pacing, seconds):
    assert not pacing.refuse(7, 3.0)
    assert pacing.closed() == {7: pytest.approx(3.0)}
    assert pacing.wait(8, DIGEST, "send") <= 0
    seconds.pass_(3.1)
    assert pacing.wait(7, DIGEST, "send") <= 0
    assert pacing.closed() == {}


def test_refusals_of_several_chats_in_a_row_mean_the_whole_bot(pacing, seconds):
    assert not pacing.refuse(7, 3.0)
    assert not pacing.refuse(7, 3.0)
    assert not pacing.refuse(8, 3.0)
    assert pacing.refuse(9, 4.0)
    assert pacing.wait(10, EMERGENCY, "send") == pytest.approx(4.0)
    seconds.pass_(4.0)
    assert pacing.wait(10, EMERGENCY, "send") <= 0


def test_a_message_taken_in_between_shows_that_chats_were_meant(pacing):
    for chat in range(1, 20):
        assert not pacing.refuse(chat, 3.0)
        pacing.taken()
    assert pacing.wait(99, DIGEST, "send") <= 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, -4, -5]),
            st.integers(EMERGENCY, DIGEST),
            st.floats(0.0, 2.0),
            st.floats(0.0, 1.0),
        ),
        min_size=1,
        max_size=120,
    )
)
def test_no_limit_is_ever_broken_wherever_telegram_counts(messages):
    """Each message is counted somewhere between its start and its answer."""
    seconds = Seconds()
    pacing = Pacing(TELEGRAM, seconds)
    counted: list[tuple[int, float]] = []
    for chat, priority, share, lasts in messages:
        while (wait := pacing.wait(chat, priority, "send")) > 0:
            seconds.pass_(wait + 1e-9)
        slot = pacing.begin(chat, "send")
        counted.append((chat, seconds() + lasts * min(share, 1.0)))
        seconds.pass_(lasts)
        pacing.end(slot)
    assert most_in([at for _, at in counted], 1.0 - 1e-6) <= 30
    for chat in {chat for chat, _ in counted}:
        times = [at for other, at in counted if other == chat]
        assert most_in(times, 5.0 - 1e-6) <= 5
        if chat < 0:
            assert most_in(times, 60.0 - 1e-6) <= 20
