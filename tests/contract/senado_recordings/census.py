"""The Senado's recordings, with a count of what became of each of their fields."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from ingest_senado.client.record_api import Service
from ingest_senado.legacy.legacy_bill_records import unwrap
from ingest_senado.normalizer.notes import Sighting
from ingest_senado.wire.json_records import Record, split_rows, whole
from ingest_senado.wire.legacy_envelopes import rows_under
from ingest_senado.wire.private_fields import without_private
from ingest_senado.wire.wire_model import WireModel
from legis.domain.bill import Bill
from legis.domain.records.any_record import AnyRecord, dump_claims, load_record
from legis.events import BillObserved, Walk, WindowRef, decode, encode
from material_folder import RECORDINGS

W = TypeVar("W", bound=WireModel)

ROOT = RECORDINGS / "senado"
SEEN = Sighting(datetime(2026, 11, 23, tzinfo=UTC))
beside = pytest.mark.skipif(not ROOT.is_dir(), reason="recordings of the Senado are not beside this checkout")


def files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).glob("*.json"))
    assert found, f"no recordings in {folder}"
    return found


def rows(folder: str) -> Iterator[Record]:
    for path in files(folder):
        yield from split_rows(path.read_bytes())


def payloads(folder: str, root: str, pattern: str = "*.json") -> Iterator[tuple[str, dict[str, Any]]]:
    found = sorted((ROOT / folder).glob(pattern))
    assert found
    for path in found:
        yield path.name, unwrap(whole(path.read_bytes()).value, root)


class Census:
    """Counts what became of each field, by where it stood."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.records = 0
        self.mapped: Counter[str] = Counter()
        self.carried: Counter[str] = Counter()
        self.implied: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def add(self, node: WireModel, where: str = "") -> None:
        self.records += not where
        for name in type(node).model_fields:
            value = getattr(node, name)
            if value not in (None, ()):
                self.mapped[where + name] += 1
            for child in value if isinstance(value, tuple) else (value,):
                if isinstance(child, WireModel):
                    self.add(child, f"{where}{name}.")
        for name in node.model_extra or {}:
            kinds = ((type(node).carried, self.carried), (type(node).implied, self.implied))
            next((counter for names, counter in kinds if name in names), self.unknown)[where + name] += 1

    def report(self) -> None:
        counts = ", ".join(
            f"{len(c)} fields {word}"
            for c, word in (
                (self.mapped, "mapped"), (self.carried, "kept as extras"), (self.implied, "implied elsewhere"),
            )
        )  # fmt: skip
        print(f"{self.title}: {self.records} records, none refused; {counts}; unknown: {dict(self.unknown) or 'none'}")
        assert self.records
        assert not self.unknown


def stored_as_it_is(bill: Bill) -> Bill:
    """The bill after the way over the stream, which takes no characters or values that cannot be stored."""
    event = BillObserved.model_validate(
        {
            "source": bill.source, "published_at": SEEN.fetched_at, "read_seq": 1, "part": "DETAIL",
            "window": WindowRef(window_id="w", walk=Walk.BACKFILL, index=0), "bill": bill,
            "provenance": {"url": "http://x/", "fetched_at": SEEN.fetched_at, "payload_sha256": "0",
                           "parser_version": "t"},
        }
    )  # fmt: skip
    back = decode(encode(event))
    assert isinstance(back, BillObserved)
    return back.bill


def listed(name: str) -> Any:
    """A recorded answer without what is private, as the client hands it on."""
    (path,) = ROOT.glob(name)
    return without_private(json.loads(path.read_bytes()))


def read_records(name: str, service: Service, model: type[W], *, root: str | None = None) -> list[W]:
    """The rows of a recorded answer, none of them with a field that is neither mapped nor named."""
    body, census = listed(name), Census(name)
    nodes = rows_under(body, root or service.root or "", *service.inside) if service.root else body
    rows = [model.model_validate(node) for node in nodes]
    for row in rows:
        census.add(row)
    census.report()
    return rows


def stored(records: Sequence[AnyRecord]) -> list[AnyRecord]:
    """The records, which come back from the way over the stream as they were."""
    found = list(records)
    for record in found:
        assert load_record(dump_claims(record)) == record
    return found
