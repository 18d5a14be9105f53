"""Replies kept with their ETag, so that an unchanged one is not sent again."""

from collections import OrderedDict
from typing import NamedTuple


class KeptReply(NamedTuple):
    """A reply's ETag and body."""

    etag: str
    body: bytes


class EtagCache:
    """The last replies, by address; of more than `size` the one that was not used for longest is dropped."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, KeptReply] = OrderedDict()

    def get(self, target: str) -> KeptReply | None:
        """The kept reply of an address."""
        if target in self._kept:
            self._kept.move_to_end(target)
        return self._kept.get(target)

    def keep(self, target: str, etag: str | None, body: bytes) -> None:
        """Keeps a reply that has an ETag."""
        if etag is None:
            return
        self._kept[target] = KeptReply(etag, body)
        self._kept.move_to_end(target)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
