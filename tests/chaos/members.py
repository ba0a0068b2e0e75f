"""People at their telephones: they log, sign, press, reply, ask, report. Each notes what he did."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from itertools import count

from chaos.ledger import Ledger

from bot.sandbox import Answer, Button, Group, Message, NotPossibleError, Person

CLERKS = ("王思雨", "宋卫东", "唐静怡", "曹宇航", "邓佳琪")
SIGNERS = ("李文博", "许文斌", "杨振宇", "周明远", "陈守正")
WATCH = ("韩冰", "冯建业", "孙可欣")
CURIOUS = ("高子涵", "孟晓棠", "胡天宇")
TOWNS = ("廖志成", "邱红霞", "金鑫", "陆平安", "戴晓东")
SIGNS = ("签收承办", "拟同意", "同意", "已拟复文", "签发")
ANSWER_WITHIN = 20.0
"""seconds that somebody looks at his telephone before he does something else"""


class Members:
    """All who take part, each with `pace` seconds on average between two things.

    Once `over` is set nobody begins anything new.
    """

    def __init__(
        self, ledger: Ledger, chance: random.Random, people: dict[str, Person], room: Group, pace: float
    ) -> None:
        self.ledger, self.chance, self.people, self.room, self.pace = ledger, chance, people, room, pace
        self.over = asyncio.Event()
        self._numbers = count(1)

    def all(self) -> Iterator[Awaitable[None]]:
        """One task each."""
        for names, does in (
            (CLERKS, self._logs),
            (SIGNERS, self._signs),
            (WATCH, self._keeps_the_log),
            (CURIOUS, self._asks),
            (TOWNS, self._reports),
        ):
            for name in names:
                yield self._works(self.people[name], does)
        yield self._works(self.people["李文博"], self._logs_in_the_group)

    async def _works(self, person: Person, does: Callable[[Person], Awaitable[None]]) -> None:
        while not await self._rests(self.chance.expovariate(1 / self.pace)):
            try:
                await does(person)
            except NotPossibleError:  # he has blocked the bot, or the button is gone
                self.ledger.counts["things that were not possible"] += 1

    # --- what they do -----------------------------------------------------------------------------------

    async def _logs(self, person: Person) -> None:
        """Log a document, wait for the card, confirm it, some of them twice."""
        number = next(self._numbers)
        said = person.says(self._document(number))
        self._did(
            "logged", person, f"SELECT count(*) FROM draft WHERE chat_id = {said.chat.id} AND {_id(said)}"
        )
        card = await self._sees(person, f"〔2026〕{number}号", "确认")
        if card is None:
            return
        answers = [self._press(person, card, "确认") for _ in range(self.chance.choice((1, 1, 2)))]
        self._did("confirmed", person, f"SELECT count(*) FROM matter WHERE title = '{_title(number)}'")
        await asyncio.gather(*answers)

    async def _logs_in_the_group(self, person: Person) -> None:
        number = next(self._numbers)
        person.says(self._document(number), chat=self.room)
        self._did("logged in a group", person, _counted("draft", "data", _title(number)))

    async def _signs(self, person: Person) -> None:
        """Sign whatever card asks for it."""
        found = [(message, button) for message in person.received for button in _signing(message)]
        if not found:
            return
        message, button = self.chance.choice(found)
        step = int((button.data or "").partition(":")[2])
        query = "SELECT count(*) FROM journal WHERE act = 'signed' AND step_id = "
        about = f"SELECT act, recorded_at, member_id, facts FROM journal WHERE step_id = {step}"
        pressed = self._press(person, message, button.data or "")
        self._did("signed", person, f"{query}{step}", about)
        answer = await pressed
        if answer is not None and answer.text.startswith("已签"):
            self.ledger.answered.add(step)

    async def _keeps_the_log(self, person: Person) -> None:
        """Write into the duty log; some add something by replying to the card."""
        number = next(self._numbers)
        words = f"第{number}位群众来电反映夜间噪声"
        person.says(f"记 {words}")
        self._did("kept", person, f"SELECT count(*) FROM duty_entry WHERE text = '{words}'")
        card = await self._sees(person, words, "办毕")
        if card is None or self.chance.random() < 0.5:
            return
        more = f"已报告第{number}位领导"
        person.says(more, reply_to=card)
        known = f"EXISTS (SELECT 1 FROM card WHERE chat_id = {card.chat.id} AND message_id = {card.id})"
        added = f"({_counted('duty_entry', 'additions', more)})"
        # a reply to a copy of which the program was never told cannot be known for one
        self._did("replied", person, f"SELECT CASE WHEN {known} THEN {added} ELSE 1 END")

    async def _asks(self, person: Person) -> None:
        word = f"丁卯{next(self._numbers)}号"
        person.says(f"查 {word}")
        self._did("asked", person, _counted("outbox", "facts", f"含“{word}”"))

    async def _reports(self, person: Person) -> None:
        """Report an emergency; the leader on duty takes note."""
        number = next(self._numbers)
        person.says(f"快报 石桥镇第{number}村发生山体滑坡，{number}人失联")
        of_place = f"remark LIKE '石桥镇第{number}村%'"
        self._did("reported", person, f"SELECT count(*) FROM matter WHERE series = '急' AND {of_place}")
        leader = self.people["苏雅琴"]
        card = await self._sees(leader, f"第{number}村", "已知悉")
        if card is not None:
            await self._press(leader, card, "已知悉")
        await self._rests(self.chance.uniform(5, 10) * self.pace)

    # --- inside -----------------------------------------------------------------------------------------

    def _document(self, number: int) -> str:
        return f"登记 县财政局 {_title(number)} 云财〔2026〕{number}号 转综合科"

    def _did(self, what: str, person: Person, effects: str, about: str = "SELECT ''") -> None:
        self.ledger.did(what, person.name, effects, about)

    async def _rests(self, seconds: float) -> bool:
        """Whether it is over meanwhile."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds)
        return self.over.is_set()

    def _press(self, person: Person, message: Message, button: str) -> asyncio.Future[Answer | None]:
        """The press is under way; NotPossibleError where he has blocked the bot."""
        return person.presses(message, button, ANSWER_WITHIN)

    async def _sees(self, person: Person, words: str, button: str) -> Message | None:
        """The latest message with these words and this button, once it is there; None where none comes."""
        end = asyncio.get_running_loop().time() + ANSWER_WITHIN
        while asyncio.get_running_loop().time() < end:
            for message in reversed(person.received):
                if words in message.text and any(button in b.label for row in message.buttons for b in row):
                    return message
            await asyncio.sleep(0.05)
        return None


def _title(number: int) -> str:
    return f"关于第{number}项经费的请示"


def _id(message: Message) -> str:
    return f"source_message_id = {message.id}"


def _signing(message: Message) -> list[Button]:
    buttons = [button for row in message.buttons for button in row]
    return [
        button
        for button in buttons
        if (button.data or "").startswith("sign:") and any(word in button.label for word in SIGNS)
    ]


def _counted(table: str, column: str, words: str) -> str:
    """How often these words stand in a column."""
    text = f"CAST({column} AS TEXT)"
    rest = f"replace({text}, '{words}', '')"
    return f"SELECT COALESCE(sum((length({text}) - length({rest})) / {len(words)}), 0) FROM {table}"
