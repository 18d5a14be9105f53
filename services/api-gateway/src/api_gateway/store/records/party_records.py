"""The parties as organizations of both houses: no house publishes them whole, so the product's own table is stored."""

from collections.abc import Iterator
from datetime import UTC, datetime

from legis.domain.bill import Provenance
from legis.domain.parties.party_table import PARTIES, Party, party_record_id
from legis.domain.records.organization_record import (
    Classification,
    OrganizationRecord,
    SuccessionKind,
    Successor,
)
from legis.domain.records.record import DatedName
from legis.domain.vocabulary import ReadingPart, Source

from api_gateway.store.database.connections import Pool
from api_gateway.store.record_state.observed_record import RecordItem
from api_gateway.store.records.record_writer import RecordBatch, store_records

_SEEN = datetime(2026, 11, 28, tzinfo=UTC)
"""Day on which the table was reviewed."""

TABLE_VERSION = 1
"""Read sequence of the table: to be raised with every change of `PARTIES`."""


async def store_parties(pool: Pool) -> None:
    """Stores the parties, once for each version of their table. Raises StoreUnavailable."""
    await store_records(pool, RecordBatch(items=tuple(party_items())))


def party_items() -> Iterator[RecordItem]:
    """A reading of each party."""
    provenance = Provenance(
        url="legis.domain.parties.party_table", fetched_at=_SEEN, payload_sha256="0" * 64, parser_version="parties-1"
    )
    for party in PARTIES:
        # the source only labels metrics; the record itself has none
        yield RecordItem(Source.CAMARA, party_record(party), TABLE_VERSION, provenance, ReadingPart.LIST, None)


def party_record(party: Party) -> OrganizationRecord:
    """A party as an organization, with its names over time and the party that it merged into."""
    starts = [since for _, since in party.names]
    names = tuple(
        DatedName(name=acronym, acronym=acronym, start_date=since, end_date=end)
        for (acronym, since), end in zip(party.names, [*starts[1:], party.until], strict=True)
    )
    merged = party.into and Successor(id=party_record_id(party.into), kind=SuccessionKind.MERGED, date=party.until)
    return OrganizationRecord(
        id=party_record_id(party.key),
        source=None,
        upstream_id=party.key,
        classification=Classification.PARTY,
        acronym=party.names[-1][0],
        name=party.spellings[0] if party.spellings else party.names[-1][0],
        other_names=names,
        founding_date=starts[0],
        dissolution_date=party.until,
        active=party.until is None,
        successors=(merged,) if merged else (),
    )
