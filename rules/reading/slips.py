"""Names as fingers and dictation miss them: 李文波, 李文搏, 李博文 for 李文博. Never taken, only offered.

One character of the same sound is a slip wherever a name can stand; any other single slip of typing (one
character wrong, missing, too many, or two changed about) only where somebody is charged: after 转, 交给.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules.patterns import lazy

_NAME = lazy("[\u3400-\u9fff]+")
_LENGTHS = (3, 4, 2)
"""characters that may have been meant as a name, the likeliest first"""


class Sounds:
    """Names by their sound: characters that are mixed up count as one."""

    def __init__(self, groups: Iterable[str], names: Iterable[str], given: Mapping[str, tuple[str, ...]]):
        self._first = str.maketrans({char: group[0] for group in groups for char in group[1:]})
        self._names = tuple(names)
        self._by_sound: dict[str, tuple[str, ...]] = {}
        forms = [(name, (name,)) for name in self._names] + list(given.items())
        for form, meant in forms:
            sound = form.translate(self._first)
            self._by_sound[sound] = tuple(dict.fromkeys((*self._by_sound.get(sound, ()), *meant)))

    def alike(self, typed: str) -> tuple[str, ...]:
        """Full names of all that sound like what was typed."""
        return self._by_sound.get(typed.translate(self._first), ())

    def near(self, typed: str) -> tuple[str, ...]:
        """Full names one slip away; of names of two characters none: one slip would be half of them."""
        from rapidfuzz import process  # here: a start compares nothing
        from rapidfuzz.distance import OSA

        found = process.extract(typed, self._names, scorer=OSA.distance, score_cutoff=1, limit=None)
        return tuple(name for name, _, _ in found if len(name) > 2)


def may_be_names(plain: str) -> Iterable[tuple[int, tuple[int, ...]]]:
    """Where a name may begin, and how many characters it may have there."""
    for run in _NAME.finditer(plain):
        for start in range(run.start(), run.end() - 1):
            yield start, tuple(n for n in _LENGTHS if start + n <= run.end())
