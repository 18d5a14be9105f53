"""`Legis`: the client for synchronous code; each method returns when its reply has arrived."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Unpack

import httpx2

from legis_client import api_operations as operations
from legis_client import api_types as shapes
from legis_client.api_operations import Position
from legis_client.call_exchange import headers_of_client
from legis_client.etag_cache import EtagCache
from legis_client.retry_policy import RetryPolicy
from legis_client.sync_records import Events, Legislators, Organizations, VoteEvents
from legis_client.sync_transport import Pages, Transport


class Follow:
    """Entries of the change log after a position; `position` is that of the last entry, for the caller to store."""

    def __init__(self, transport: Transport, query: shapes.ListChangesParametersQuery) -> None:
        self._transport = transport
        self._query = query
        self._ends = operations.ends_at_head(query)
        self.position = Position(query.get("after", 0), query.get("epoch"))

    def __iter__(self) -> Iterator[shapes.Change]:
        while True:
            reply = self._transport.send(operations.list_changes(self._query, self.position))
            epoch = reply["page"]["epoch"]
            for change in reply["data"]:
                self.position = Position(change["seq"], epoch)
                yield change
            self.position = Position(reply["page"]["next_after"], epoch)
            if self._ends and not reply["page"]["has_more"]:
                return


class Bills:
    """Operations on bills."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(self, **query: Unpack[shapes.ListBillsParametersQuery]) -> Pages[shapes.BillList, shapes.BillItem]:
        """Bills that match the query; with `fields=` each item has only these fields."""
        return Pages(self._transport, operations.list_bills(query))

    def get(self, bill_id: str, *, as_of: str | None = None) -> shapes.BillDetail:
        """One bill; with `as_of`, as it was known at that instant, day or `seq`. Raises NotFound."""
        return self._transport.send(operations.get_bill(bill_id, as_of))["data"]

    def actions(
        self, bill_id: str, *, kind: str | Sequence[str] | None = None, limit: int | None = None
    ) -> Pages[shapes.ActionList, shapes.Action]:
        """The bill's actions, oldest first; `kind` limits them to one or several kinds of action."""
        return Pages(self._transport, operations.list_actions(bill_id, kind, limit))

    def votes(self, bill_id: str, *, limit: int | None = None) -> Pages[shapes.VoteList, shapes.VoteEventDetail]:
        """The votings on the bill."""
        return Pages(self._transport, operations.list_votes(bill_id, limit))

    def versions(self, bill_id: str, *, limit: int | None = None) -> Pages[shapes.VersionList, shapes.Version]:
        """The changes of the bill since it was first read."""
        return Pages(self._transport, operations.list_versions(bill_id, limit))

    def journey(self, bill_id: str, *, limit: int | None = None) -> Pages[shapes.JourneyReply, shapes.JourneyEntry]:
        """Actions, votings, sessions and documents of the bill in both houses, oldest first."""
        return Pages(self._transport, operations.list_journey(bill_id, limit))

    def similar(self, bill_id: str, *, limit: int | None = None) -> shapes.SimilarBills:
        """Bills whose texts have similar words, most similar first."""
        return self._transport.send(operations.list_similar(bill_id, limit))

    def suggest(self, q: str, *, limit: int | None = None) -> shapes.SuggestionsReply:
        """Completions of `q`: words, labels of bills, and names of sponsors."""
        return self._transport.send(operations.suggest_queries(q, limit))


class Changes:
    """Operations on the change log."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def follow(self, **query: Unpack[shapes.ListChangesParametersQuery]) -> Follow:
        """Every change after `after`, then each new one as it arrives; with `wait=0`, it ends at the head of the log.

        To continue without losing a change, pass `after` and `epoch` of the stored position. Raises Gone if the log
        has been replaced by another one since.
        """
        return Follow(self._transport, query)

    def head(self) -> Position:
        """The end of the change log now: follow from here for new changes only."""
        page = (self._transport.send(operations.list_changes({"wait": 0, "limit": 1}, Position(0))))["page"]
        return Position(page["head"], page["epoch"])


class Sources:
    """Operations on the two chambers' sources."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> shapes.SourceList:
        """Both sources, with their states and their missing data."""
        return self._transport.send(operations.list_sources())

    def history(self, source_id: str, *, limit: int | None = None) -> Pages[shapes.StateHistory, Mapping[str, object]]:
        """The changes of a source's state, newest first."""
        return Pages(self._transport, operations.list_states(source_id, limit))


class Legis:
    """The API at `base_url`. Close it, or use it in a `with` block.

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
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx2.Client(base_url=base_url, headers=headers_of_client(api_key), timeout=timeout)
        self._transport = Transport(self._http, retry or RetryPolicy(), EtagCache(etag_cache), sleep)
        self.bills = Bills(self._transport)
        self.changes = Changes(self._transport)
        self.sources = Sources(self._transport)
        self.events = Events(self._transport)
        self.legislators = Legislators(self._transport)
        self.organizations = Organizations(self._transport)
        self.vote_events = VoteEvents(self._transport)

    def resolve(self, q: str) -> shapes.ResolvedBills:
        """The bills with a name: a label, a LexML URN, an id, or the address of a chamber's page."""
        return self._transport.send(operations.resolve_name(q))

    def reply(self, path: str, **query: Any) -> Any:
        """The whole reply, with `meta`, at a path below `/api/v1/` such as `bills/camara-1`; for newer operations too.
        Parameters that are None are left out.
        """
        return self._transport.send(operations.get_reply(path, query))

    def target(self, path: str, **query: Any) -> str:
        """The path and query string that `reply` requests."""
        return operations.get_reply(path, query).target

    def file(self, path: str, **query: Any) -> AbstractContextManager[httpx2.Response]:
        """A list as a file: `path` is that of the list, such as `bills`, and `format` is `csv`, `ndjson` or `xlsx`. In
        a `with` block, read it by `iter_bytes()`. Raises ConnectionFailed for a file that is cut.
        """
        return self._transport.stream(operations.list_file(path, query))

    def exports(self) -> shapes.ExportList:
        """The exports of all data, newest first, and the one that is being built."""
        return self._transport.send(operations.list_exports())

    def export(self, export_id: str = "latest") -> shapes.ExportManifest:
        """The manifest of one export: its files with SHA-256, its tables with their columns. Raises NotFound."""
        return (self._transport.send(operations.get_export(export_id)))["data"]

    def export_file(
        self, export_id: str, name: str, *, start: int = 0, etag: str | None = None
    ) -> AbstractContextManager[httpx2.Response]:
        """One file of an export, as `file` gives a list. With `start` and the file's ETag only the rest from that byte
        on (status 206), or the whole file (200) where it is another one. Raises NotFound, ConnectionFailed.
        """
        return self._transport.stream(operations.export_file(export_id, name), operations.resume_headers(start, etag))

    def stats(self) -> shapes.StatsReply:
        """Counts over all bills."""
        return self._transport.send(operations.get_stats())

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> "Legis":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
