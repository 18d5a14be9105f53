"""Rows of an export, as the API serves them."""

from collections.abc import Iterator
from typing import Any, cast

import orjson
from api_gateway.documents.models import Counterpart
from api_gateway.exporter.row_groups import row_groups
from api_gateway.exports.resources import ResourceName
from api_gateway.store.exports.export_snapshot import ExportSnapshot

LINK = {
    "id": "senado-141944", "source": "senado", "identifier": "PL 2630/2020", "title": None, "rule": "EXPLICIT_URI",
    "confidence": 1, "evidence": ["both are PL 2630/2020"],
}  # fmt: skip


class _Snapshot:
    def bills(self) -> Iterator[tuple[int, str, bytes, list[dict[str, Any]] | None]]:
        yield 1, "camara-1", b'{"id":"camara-1"}', [LINK]
        yield 2, "camara-2", b'{"id":"camara-2"}', None


def test_a_bill_has_its_counterparts_with_every_field_of_the_api() -> None:
    linked, alone = row_groups(cast(ExportSnapshot, _Snapshot()), ResourceName.BILLS)
    (counterpart,) = orjson.loads(linked.lines[0])["counterparts"]
    assert list(counterpart) == list(Counterpart.model_fields)
    (part,) = counterpart["evidence_parts"]
    assert (part["kind"], part["value"]) == ("SAME_NUMBER", "PL 2630/2020")
    assert orjson.loads(alone.lines[0])["counterparts"] == []
