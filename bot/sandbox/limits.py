"""Telegram's published rates: 30 messages a second, one a second per chat, 20 a minute per group."""

import math
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

COUNTED = re.compile(r"(send(?!ChatAction)|copyMessage|forwardMessage)", re.IGNORECASE)


@dataclass
class Window:
    """At most `most` events in any `seconds`."""

    seconds: float
    most: int
    seen: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; 0 when it is."""
        while self.seen and self.seen[0] <= now - self.seconds:
            self.seen.popleft()
        return self.seen[0] + self.seconds - now if len(self.seen) >= self.most else 0.0


class Limits:
    """Sliding windows: overall 30 in 1 s; a chat 5 in 5 s (1/s, small burst); a group also 20 in 60 s."""

    def __init__(self) -> None:
        self.overall = Window(1.0, 30)
        self.chats: defaultdict[int, Window] = defaultdict(lambda: Window(5.0, 5))
        self.groups: defaultdict[int, Window] = defaultdict(lambda: Window(60.0, 20))

    def retry_after(self, method: str, chat_id: int | None) -> int:
        """Whole seconds to wait before this call; 0 when it may pass (it is counted then)."""
        if chat_id is None or not COUNTED.match(method):
            return 0
        now = time.monotonic()
        windows = [self.overall, self.chats[chat_id]]
        if chat_id < 0:
            windows.append(self.groups[chat_id])
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            return max(1, math.ceil(wait))
        for window in windows:
            window.seen.append(now)
        return 0
