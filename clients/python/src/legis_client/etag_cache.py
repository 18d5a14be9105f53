"""A cache of replies with their ETags, so that unchanged replies are not sent again."""

from collections import OrderedDict
from typing import NamedTuple


class KeptReply(NamedTuple):
    """The ETag and body of a cached reply."""

    etag: str
    body: bytes


class EtagCache:
    """The last replies, by address. If there are more than `size`, the least recently used one is dropped."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, KeptReply] = OrderedDict()

    def get(self, target: str) -> KeptReply | None:
        """The cached reply of an address; None if there is none."""
        if target in self._kept:
            self._kept.move_to_end(target)
        return self._kept.get(target)

    def keep(self, target: str, etag: str | None, body: bytes) -> None:
        """Caches a reply if it has an ETag."""
        if etag is None:
            return
        self._kept[target] = KeptReply(etag, body)
        self._kept.move_to_end(target)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
