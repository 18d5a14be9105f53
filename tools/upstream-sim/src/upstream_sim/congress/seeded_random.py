"""Deterministic random numbers: the same key always gives the same sequence, on every machine and in
any order of use.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_WIDE = 64
_LOW_WATER = 1 << 48


class SeededRandom:
    """A random number generator that depends only on its key (numbers and strings)."""

    __slots__ = ("_bits", "_key")

    def __init__(self, *key: int | str) -> None:
        self._key = repr(key).encode()
        self._bits = int.from_bytes(blake2b(self._key, digest_size=_WIDE).digest(), "little")

    def below(self, limit: int) -> int:
        """A random whole number in [0, limit)."""
        if self._bits < _LOW_WATER:
            self._key += b"+"
            self._bits = int.from_bytes(blake2b(self._key, digest_size=_WIDE).digest(), "little")
        self._bits, rest = divmod(self._bits, limit)
        return rest

    def chance(self, probability: float) -> bool:
        """True with that probability, with a resolution of one in a hundred thousand."""
        return self.below(100_000) < probability * 100_000

    def pick(self, items: Sequence[T]) -> T:
        """One item, all equally likely."""
        return items[self.below(len(items))]

    def pick_common(self, items: Sequence[T]) -> T:
        """One item, early ones much likelier, like the frequencies of words in a language."""
        share = self.below(10_000) / 10_000
        return items[int(len(items) * share * share)]
