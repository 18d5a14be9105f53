"""Bills as they were before and after entries of the change log, for filters on changes.

The present document of a bill is taken back step by step, with the old values that each entry stores.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from legis.domain.parties.party_names import party_keys

from api_gateway.documents.derive import filter_keys, organization_key, subject_keys
from api_gateway.search.index_documents import IndexedBill

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EntryStates:
    """An entry of the change log, and the bill before and after it; None if the bill did not exist then."""

    seq: int
    before: IndexedBill | None
    after: IndexedBill | None


def states_of(entries: Sequence[Any], bills: Sequence[Any], later: Sequence[Any]) -> list[EntryStates]:
    """The states before and after each entry, in the order of the entries.

    `bills` are the present rows of their bills. `later` are all entries of these bills that come after or between the
    given ones, newest version first; it may contain the given ones too. Both are as `store.change_reader` loads them.
    """
    by_bill: defaultdict[str, list[Any]] = defaultdict(list)
    for entry in reversed(entries):
        by_bill[entry["bill_id"]].append(entry)
    undone: defaultdict[str, list[Any]] = defaultdict(list)
    for entry in later:
        undone[entry["bill_id"]].append(entry)
    rows = {row["id"]: row for row in bills}
    found: dict[int, EntryStates] = {}
    for bill_id, own in by_bill.items():
        if (row := rows.get(bill_id)) is not None:
            found |= {one.seq: one for one in _folded(row, own, undone[bill_id])}
    return [found.get(entry["seq"], EntryStates(entry["seq"], None, None)) for entry in entries]


def _folded(row: Any, own: Sequence[Any], later: Sequence[Any]) -> Iterator[EntryStates]:
    """The states of one bill around its own entries, newest first."""
    asked = {entry["version"]: entry["seq"] for entry in own}
    every = {entry["version"]: entry for entry in (*later, *own)}
    # an entry with a higher version than the bill's was written after the bill was read
    steps = [every[version] for version in sorted(every, reverse=True) if version <= row["version"]]
    document: dict[str, Any] = orjson.loads(row["document"])
    removed = row["removed_at"] is not None
    for place, entry in enumerate(steps):
        wanted = entry["version"] in asked
        after = past_bill(row, document, removed, entry["changed_at"]) if wanted else None
        document, removed = undone(document, removed, entry)
        if wanted:
            at = steps[place + 1]["changed_at"] if place + 1 < len(steps) else _LONG_AGO
            before = None if entry["kind"] == "CREATED" else past_bill(row, document, removed, at)
            yield EntryStates(asked[entry["version"]], before, after)


def undone(document: dict[str, Any], removed: bool, entry: Any) -> tuple[dict[str, Any], bool]:
    """A document, and whether the bill was removed, before one entry of the log."""
    before = orjson.loads(entry["before"] or b"{}")
    if entry["kind"] == "REMOVED":
        removed = False
    elif before.get("removed_at") or entry["kind"] == "REVIVED":  # REVIVED is from before kinds existed
        removed = True
    return {**document, **before}, removed


def past_bill(row: Any, document: Mapping[str, Any], removed: bool, changed_at: datetime) -> IndexedBill:
    """A past state, from the bill's present row and the document of then; without a list item and `seq`."""
    sponsors, body = document["sponsorships"], document["organization"] or {}
    urn = document["urn_lex"]
    return IndexedBill(
        id=row["id"],
        ordinal=row["ordinal"],
        source=document["source"],
        upstream_id=row["upstream_id"],
        legacy_id=row["legacy_id"],
        chamber=document["chamber"],
        type=document["type"],
        type_code=document["type_code"],
        number=document["number"],
        year=document["year"],
        labels=row["labels"],
        status=document["status"],
        in_progress=document["in_progress"],
        organization=organization_key(body.get("acronym")),
        introduced_on=_day(document["introduced_on"]),
        last_action_at=_instant(document["last_action_at"]),
        parties=party_keys(one["party"] for one in sponsors),
        states=filter_keys(one["state"] for one in sponsors),
        subjects=subject_keys(one["name"] for one in document["subjects"]),
        urns=[*([urn] if urn else []), *document["urn_aliases"]],
        change_seq=0,
        changed_at=changed_at,
        removed=removed,
        record=document,
        summary=b"",
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
