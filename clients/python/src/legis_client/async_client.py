"""`AsyncLegis`: the client for asyncio, with the same methods as `Legis`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Unpack

import httpx2

from legis_client import api_operations as operations
from legis_client import api_types as shapes
from legis_client.api_operations import Position
from legis_client.async_records import AsyncEvents, AsyncLegislators, AsyncOrganizations, AsyncVoteEvents
from legis_client.async_transport import AsyncPages, AsyncTransport
from legis_client.call_exchange import headers_of_client
from legis_client.etag_cache import EtagCache
from legis_client.retry_policy import RetryPolicy


class AsyncFollow:
    """Entries of the change log after a position; `position` is that of the last entry, for the caller to store."""

    def __init__(self, transport: AsyncTransport, query: shapes.ListChangesParametersQuery) -> None:
        self._transport = transport
        self._query = query
        self._ends = operations.ends_at_head(query)
        self.position = Position(query.get("after", 0), query.get("epoch"))

    async def __aiter__(self) -> AsyncIterator[shapes.Change]:
        while True:
            reply = await self._transport.send(operations.list_changes(self._query, self.position))
            epoch = reply["page"]["epoch"]
            for change in reply["data"]:
                self.position = Position(change["seq"], epoch)
                yield change
            self.position = Position(reply["page"]["next_after"], epoch)
            if self._ends and not reply["page"]["has_more"]:
                return


class AsyncBills:
    """Operations on bills."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def search(self, **query: Unpack[shapes.ListBillsParametersQuery]) -> AsyncPages[shapes.BillList, shapes.BillItem]:
        """Bills that match the query; with `fields=` each item has only these fields."""
        return AsyncPages(self._transport, operations.list_bills(query))

    async def get(self, bill_id: str, *, as_of: str | None = None) -> shapes.BillDetail:
        """One bill; with `as_of`, as it was known at that instant, day or `seq`. Raises NotFound."""
        return (await self._transport.send(operations.get_bill(bill_id, as_of)))["data"]

    def actions(
        self, bill_id: str, *, kind: str | Sequence[str] | None = None, limit: int | None = None
    ) -> AsyncPages[shapes.ActionList, shapes.Action]:
        """The bill's actions, oldest first; `kind` limits them to one or several kinds of action."""
        return AsyncPages(self._transport, operations.list_actions(bill_id, kind, limit))

    def votes(self, bill_id: str, *, limit: int | None = None) -> AsyncPages[shapes.VoteList, shapes.VoteEventDetail]:
        """The votings on the bill."""
        return AsyncPages(self._transport, operations.list_votes(bill_id, limit))

    def versions(self, bill_id: str, *, limit: int | None = None) -> AsyncPages[shapes.VersionList, shapes.Version]:
        """The changes of the bill since it was first read."""
        return AsyncPages(self._transport, operations.list_versions(bill_id, limit))

    def journey(
        self, bill_id: str, *, limit: int | None = None
    ) -> AsyncPages[shapes.JourneyReply, shapes.JourneyEntry]:
        """Actions, votings, sessions and documents of the bill in both houses, oldest first."""
        return AsyncPages(self._transport, operations.list_journey(bill_id, limit))

    async def similar(self, bill_id: str, *, limit: int | None = None) -> shapes.SimilarBills:
        """Bills whose texts have similar words, most similar first."""
        return await self._transport.send(operations.list_similar(bill_id, limit))

    async def suggest(self, q: str, *, limit: int | None = None) -> shapes.SuggestionsReply:
        """Completions of `q`: words, labels of bills, and names of sponsors."""
        return await self._transport.send(operations.suggest_queries(q, limit))


class AsyncChanges:
    """Operations on the change log."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def follow(self, **query: Unpack[shapes.ListChangesParametersQuery]) -> AsyncFollow:
        """Every change after `after`, then each new one as it arrives; with `wait=0`, it ends at the head of the log.

        To continue without losing a change, pass `after` and `epoch` of the stored position. Raises Gone if the log
        has been replaced by another one since.
        """
        return AsyncFollow(self._transport, query)

    async def head(self) -> Position:
        """The end of the change log now: follow from here for new changes only."""
        page = (await self._transport.send(operations.list_changes({"wait": 0, "limit": 1}, Position(0))))["page"]
        return Position(page["head"], page["epoch"])


class AsyncSources:
    """Operations on the two chambers' sources."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(self) -> shapes.SourceList:
        """Both sources, with their states and their missing data."""
        return await self._transport.send(operations.list_sources())

    def history(
        self, source_id: str, *, limit: int | None = None
    ) -> AsyncPages[shapes.StateHistory, Mapping[str, object]]:
        """The changes of a source's state, newest first."""
        return AsyncPages(self._transport, operations.list_states(source_id, limit))


class AsyncLegis:
    """The API at `base_url`. Close it, or use it in an `async with` block.

    `etag_cache` is the number of replies cached for requests with `If-None-Match`; 0 disables the cache. `timeout` is
    in seconds and must be longer than the `wait` of `changes.follow`. `sleep` waits between retries.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        retry: RetryPolicy | None = None,
        etag_cache: int = 0,
        timeout: float = 60.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = httpx2.AsyncClient(base_url=base_url, headers=headers_of_client(api_key), timeout=timeout)
        self._transport = AsyncTransport(self._http, retry or RetryPolicy(), EtagCache(etag_cache), sleep)
        self.bills = AsyncBills(self._transport)
        self.changes = AsyncChanges(self._transport)
        self.sources = AsyncSources(self._transport)
        self.events = AsyncEvents(self._transport)
        self.legislators = AsyncLegislators(self._transport)
        self.organizations = AsyncOrganizations(self._transport)
        self.vote_events = AsyncVoteEvents(self._transport)

    async def resolve(self, q: str) -> shapes.ResolvedBills:
        """The bills with a name: a label, a LexML URN, an id, or the address of a chamber's page."""
        return await self._transport.send(operations.resolve_name(q))

    async def reply(self, path: str, **query: Any) -> Any:
        """The whole reply, with `meta`, at a path below `/api/v1/` such as `bills/camara-1`; for newer operations too.
        Parameters that are None are left out.
        """
        return await self._transport.send(operations.get_reply(path, query))

    def target(self, path: str, **query: Any) -> str:
        """The path and query string that `reply` requests."""
        return operations.get_reply(path, query).target

    def file(self, path: str, **query: Any) -> AbstractAsyncContextManager[httpx2.Response]:
        """A list as a file: `path` is that of the list, such as `bills`, and `format` is `csv`, `ndjson` or `xlsx`. In
        a `async with` block, read it by `aiter_bytes()`. Raises ConnectionFailed for a file that is cut.
        """
        return self._transport.stream(operations.list_file(path, query))

    async def exports(self) -> shapes.ExportList:
        """The exports of all data, newest first, and the one that is being built."""
        return await self._transport.send(operations.list_exports())

    async def export(self, export_id: str = "latest") -> shapes.ExportManifest:
        """The manifest of one export: its files with SHA-256, its tables with their columns. Raises NotFound."""
        return (await self._transport.send(operations.get_export(export_id)))["data"]

    def export_file(
        self, export_id: str, name: str, *, start: int = 0, etag: str | None = None
    ) -> AbstractAsyncContextManager[httpx2.Response]:
        """One file of an export, as `file` gives a list. With `start` and the file's ETag only the rest from that byte
        on (status 206), or the whole file (200) where it is another one. Raises NotFound, ConnectionFailed.
        """
        return self._transport.stream(operations.export_file(export_id, name), operations.resume_headers(start, etag))

    async def stats(self) -> shapes.StatsReply:
        """Counts over all bills."""
        return await self._transport.send(operations.get_stats())

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> "AsyncLegis":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
