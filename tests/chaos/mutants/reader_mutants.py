"""Mutants of what readers resume by: the stream's place, the feed's pages, the notifier's position, the deltas."""

from dataclasses import replace
from typing import Any


def stream_skips_one(module: str) -> None:
    """A reader that comes back to the stream is sent on from the entry after its last."""
    if module != "api_gateway.web":
        return
    from api_gateway.web.routes import changes

    original = changes.place_of_event

    def place_of_event(text: str) -> Any:
        place = original(text)
        return replace(place, after=(place.after or 0) + 1)

    changes.place_of_event = place_of_event


def feed_skips_one(module: str) -> None:
    """Older pages of the feed begin one entry too low."""
    if module != "api_gateway.web":
        return
    from api_gateway.web.routes import feeds

    original = feeds.feed_page

    async def feed_page(*arguments: Any) -> Any:
        page = await original(*arguments)
        return page if page.next_place is None else replace(page, next_place=page.next_place - 1)

    feeds.feed_page = feed_page


def webhook_moves_first(module: str) -> None:
    """A subscription's position moves past a message that its receiver did not take."""
    if module != "api_gateway.notifier":
        return
    from api_gateway.notifier.lane import Lane

    original = Lane.failed

    def failed(self: Lane, answer: Any, wait: Any) -> None:
        original(self, answer, wait)
        self.succeeded()

    Lane.failed = failed  # type: ignore[method-assign]


def delta_lacks_changes(module: str) -> None:
    """A delta has new rows, and none that differ. The builder is a process of its own, so it runs here in a thread."""
    if module != "api_gateway.exporter":
        return
    import asyncio

    from api_gateway.exporter import app, build
    from api_gateway.exporter.group_hashes import GroupHashes
    from api_gateway.settings import ExporterSettings

    original = GroupHashes.differs

    def differs(self: GroupHashes, ordinal: int, lines: list[bytes]) -> bool:
        known = original(self, ordinal, lines)
        return known and not (self._next is not None and self._next[0] == ordinal)

    async def run_builder(_: asyncio.Event) -> build.BuildEnd:
        return await asyncio.to_thread(build.build, ExporterSettings())

    GroupHashes.differs = differs  # type: ignore[method-assign]
    defaults: dict[str, Any] = app.make_app.__kwdefaults__  # type: ignore[assignment]
    defaults["run"] = run_builder
