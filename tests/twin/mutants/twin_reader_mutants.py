"""Defects in how readers keep their positions, and in what the product tells those who come back."""

from dataclasses import replace
from typing import Any

from api_gateway.exporter import group_hashes
from api_gateway.notifier import lane
from api_gateway.store.changes import change_reader
from api_gateway.web.routes import changes, feeds

Patches = tuple[tuple[Any, str, Any], ...]

_FAILED = lane.Lane.failed
_BEHIND = change_reader._behind
_PLACE_OF_EVENT = changes.place_of_event
_EVENT = changes._event
_FEED_PAGE = feeds.feed_page
_DIFFERS = group_hashes.GroupHashes.differs


def _moves_anyway(self: lane.Lane, answer: Any, wait: Any) -> None:
    """The position moves before the message was taken."""
    _FAILED(self, answer, wait)
    self.succeeded()


async def _reaches_the_head(*arguments: Any) -> Any:
    """A full page tells the end of the log as the place to go on from."""
    found = await _BEHIND(*arguments)
    return replace(found, reached=found.position.head)


def _one_further(text: str) -> Any:
    """A reader of the stream that comes back is sent on from the entry after its last."""
    place = _PLACE_OF_EVENT(text)
    return replace(place, after=(place.after or 0) + 1)


def _id_of_the_next(epoch: str, seq: int, name: bytes, data: bytes) -> bytes:
    """An event has the id of the one after it."""
    return _EVENT(epoch, seq + (name == b"change"), name, data)


async def _older_by_one_more(*arguments: Any) -> Any:
    """The next page of the feed begins one entry too low."""
    page = await _FEED_PAGE(*arguments)
    return page if page.next_place is None else replace(page, next_place=page.next_place - 1)


def _new_rows_alone(self: Any, ordinal: int, lines: list[bytes]) -> bool:
    """A delta has new rows, and none that differ."""
    differs = _DIFFERS(self, ordinal, lines)
    known = self._next is not None and self._next[0] == ordinal
    return differs and not known


READERS: tuple[tuple[str, Patches], ...] = (
    ("readers: a cursor moves before its delivery", ((lane.Lane, "failed", _moves_anyway),)),
    ("readers: a full page skips what follows", ((change_reader, "_behind", _reaches_the_head),)),
    ("readers: a stream resumes one entry too far", ((changes, "place_of_event", _one_further),)),
    ("readers: an event has the id of the next", ((changes, "_event", _id_of_the_next),)),
    ("readers: older pages of the feed skip an entry", ((feeds, "feed_page", _older_by_one_more),)),
    ("readers: a delta lacks rows that differ", ((group_hashes.GroupHashes, "differs", _new_rows_alone),)),
)
