"""Mutants of the indexer, and of what web does with the index."""

from dataclasses import replace
from typing import Any


def _indexer(module: str) -> bool:
    return module == "api_gateway.indexer"


def _web(module: str) -> bool:
    return module == "api_gateway.web"


def position_first(module: str) -> None:
    """The position is committed before the data that it stands for."""
    if not _indexer(module):
        return
    import asyncio

    from api_gateway.indexer.follow import Follower

    original = Follower._put

    async def put(self: Follower, position: Any) -> Any:
        head = await self._feed.head(position.seq)
        if head.last_seq > position.seq:
            changed = await self._feed.changed(position.seq, 1000)
            last = changed.last
            assert last is not None
            ahead = replace(
                position, seq=last.seq, bill_id=last.bill_id, version=last.version, changed_at=last.changed_at
            )
            self._writer.commit(ahead)
            await asyncio.sleep(0.2)
        return await original(self, position)

    Follower._put = put  # type: ignore[method-assign]


def _without(check: str) -> Any:
    """The comparison of the log without one of its parts."""
    from api_gateway.indexer.follow import Follower

    original = Follower._compare

    def compare(self: Follower, position: Any, head: Any) -> None:
        if check == "epoch":
            position = replace(position, epoch=head.epoch)
        if check == "entry":
            entry = head.entry
            told = (entry.bill_id, entry.version, entry.changed_at) if entry else (None, None, None)
            position = replace(position, bill_id=told[0], version=told[1], changed_at=told[2])
        original(self, position, head)

    return compare


def epoch_not_compared(module: str) -> None:
    """The indexer goes on in a database of another epoch where the log fits."""
    if not _indexer(module):
        return
    from api_gateway.indexer.follow import Follower

    Follower._compare = _without("epoch")  # type: ignore[method-assign]


def entry_not_compared(module: str) -> None:
    """The indexer goes by the number alone: which entry has it does not matter."""
    if not _indexer(module):
        return
    from api_gateway.indexer.follow import Follower

    Follower._compare = _without("entry")  # type: ignore[method-assign]


def sums_not_checked(module: str) -> None:
    """Nobody looks at what is in the files."""
    if not _indexer(module):
        return
    from api_gateway.indexer.checksums import Checksums

    Checksums.check = lambda self: None  # type: ignore[method-assign]


def old_documents_stay(module: str) -> None:
    """A changed bill is added, and what it was is not deleted."""
    if not _indexer(module):
        return
    from api_gateway.indexer.build_writer import BuildWriter

    BuildWriter.put = BuildWriter.add  # type: ignore[method-assign]


def removed_ignored(module: str) -> None:
    """A bill that its source no longer has is indexed as if it were there."""
    if not _indexer(module):
        return
    from api_gateway.indexer import build_writer

    original = build_writer.bill_document
    build_writer.bill_document = lambda bill: original(replace(bill, removed=False))


def render_ignored(module: str) -> None:
    """A bill that is rendered again without a change is not followed."""
    if not _indexer(module):
        return
    from api_gateway.store.changes.index_feed import IndexFeed

    async def none(self: IndexFeed, after: int, limit: int) -> Any:
        return []

    IndexFeed.rerendered = none  # type: ignore[method-assign]


def swaps_half_built(module: str) -> None:
    """A build is served before it is whole."""
    if not _indexer(module):
        return
    from api_gateway.indexer import rebuild
    from api_gateway.search.index.folder import set_current_build

    original = rebuild._fill

    async def fill(writer: Any, feed: Any, stop: Any) -> int:
        writer.commit(rebuild.position_at(await rebuild._steady_head(feed)))
        set_current_build(writer.path.parent, writer.path.name)
        return await original(writer, feed, stop)

    rebuild._fill = fill


def never_reloads(module: str) -> None:
    """Web goes on with the first commit that it saw of a build."""
    if not _web(module):
        return
    from api_gateway.search.index.live import LiveIndex

    original = LiveIndex._newest

    def newest(self: LiveIndex) -> Any:
        found = original(self)
        return found if found is None or self._stamp is None or found[0] != self._stamp[0] else self._stamp

    LiveIndex._newest = newest  # type: ignore[method-assign]


def any_epoch(module: str) -> None:
    """Web answers from an index of whatever epoch."""
    if not _web(module):
        return
    from api_gateway.search.index.live import LiveIndex

    original = LiveIndex.require
    LiveIndex.require = lambda self, epoch: original(self, None)  # type: ignore[method-assign]


def only_after(module: str) -> None:
    """A filter on changes asks what a bill is after each, not what it was before."""
    if not _web(module):
        return
    from api_gateway.search import percolator

    original = percolator.states_of

    def states_of(entries: Any, bills: Any, later: Any) -> Any:
        return [replace(one, before=None) for one in original(entries, bills, later)]

    percolator.states_of = states_of
