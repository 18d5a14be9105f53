"""Which questions are asked again: what is asked once only is not worth remembering."""

from collections.abc import Hashable


class CacheAdmission:
    """Knows the last `most` things seen, or up to twice as many, by their hash: two that share one are taken as one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._new: set[int] = set()
        self._old: set[int] = set()

    def again(self, thing: Hashable) -> bool:
        """Notes it; whether it was seen before."""
        seen = hash(thing)
        if seen in self._new:
            return True
        if len(self._new) >= self._most:
            self._old, self._new = self._new, set()
        self._new.add(seen)
        return seen in self._old
