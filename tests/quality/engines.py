"""The engines that can be asked: a running Legis over HTTP, and the product's index inside this process."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from api_gateway.documents import render
from api_gateway.documents.derive import derive
from api_gateway.indexer.build_writer import BuildWriter
from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.index.folder import Position, open_build
from api_gateway.search.index.index_state import IndexState, newest_state
from api_gateway.search.index_documents import IndexedBill
from api_gateway.search.language.text_query import read_text
from api_gateway.search.relevance import ranked_page
from api_gateway.search.suggestions import correction
from legis.domain.bill import Bill

Search = Callable[[str], list[str]]
"""Gives the ids of the best bills for a text, the best first, at most `BEST`."""

BEST = 20
_SEEN_AT = datetime(2026, 11, 1, tzinfo=UTC)
_PATIENCE = 30.0
_ATTEMPTS = 3


def over_http(base: str) -> Search:
    """Asks a running Legis. An error counts as an empty answer, which is what a reader got; a refusal is waited out."""

    def search(text: str) -> list[str]:
        asked = {"q": text, "sort": "relevance", "limit": BEST, "fields": "id"}
        return _ask(f"{base.rstrip('/')}/api/v1/bills?{urllib.parse.urlencode(asked)}")

    return search


def in_process(bills: Iterable[Bill], folder: Path) -> Search:
    """Builds the product's index of these bills in an empty folder and searches it as `GET /bills?sort=relevance`."""
    state = build_index(bills, folder)

    def search(text: str) -> list[str]:
        asked = BillFilter(text=read_text(text))
        ranked = ranked_page(state, asked, BEST, 0, partial(correction, state))
        return [json.loads(hit.summary)["id"] for hit in ranked.page.hits]

    return search


def build_index(bills: Iterable[Bill], folder: Path) -> IndexState:
    """An index of bills as the indexer makes it; the last in the stream was changed last."""
    writer = BuildWriter.create(folder / "build")
    for number, bill in enumerate(bills, 1):
        writer.add_bills([_indexed(bill, number)])
    writer.commit(Position("quality"))
    writer.finish()
    index = open_build(folder, "build")
    return newest_state(index)


def _indexed(bill: Bill, number: int) -> IndexedBill:
    derived, said = derive(bill, seen_at=_SEEN_AT), render.dump_sparse(bill)
    fields = render.content(bill.id, render.dump_full(said), derived)
    urn = derived.urns.urn_lex
    return IndexedBill(
        id=bill.id, ordinal=number, source=bill.source.value, upstream_id=bill.upstream_id, legacy_id=bill.legacy_id,
        chamber=bill.chamber, type=bill.type, type_code=bill.type_code, number=bill.number, year=bill.year,
        labels=derived.labels, status=derived.status, in_progress=derived.in_progress,
        organization=derived.organization, introduced_on=bill.introduced_on, last_action_at=derived.last_action_at,
        parties=derived.parties,
        states=derived.states, subjects=derived.subjects, urns=[*([urn] if urn else []), *derived.urns.aliases],
        change_seq=number, changed_at=_SEEN_AT, removed=False, record=said,
        summary=render.summary_body(fields, derived) + b"}",
    )  # fmt: skip


def _ask(url: str) -> list[str]:
    for _ in range(_ATTEMPTS):
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as reply:
                return [item["id"] for item in json.load(reply)["data"]]
        except urllib.error.HTTPError as error:
            if error.code != 429:
                return []
            time.sleep(min(float(error.headers.get("Retry-After") or 1), _PATIENCE))
    raise TimeoutError(f"refused {_ATTEMPTS} times: {url}; raise RATE_LIMIT_PER_MINUTE of the system that is measured")
