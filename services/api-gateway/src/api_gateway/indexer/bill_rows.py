"""Converts rows of the table `bill` to bills of the index."""

from typing import Any

import orjson

from api_gateway.search.index_documents import IndexedBill


def indexed_bill(row: Any) -> IndexedBill:
    """The bill of one row, with the columns that `store.changes.index_feed` selects."""
    return IndexedBill(
        id=row["id"],
        ordinal=row["ordinal"],
        source=row["source"],
        upstream_id=row["upstream_id"],
        legacy_id=row["legacy_id"],
        chamber=row["chamber"],
        type=row["type"],
        type_code=row["type_code"],
        number=row["number"],
        year=row["year"],
        labels=row["labels"],
        status=row["status"],
        in_progress=row["in_progress"],
        organization=row["organization"],
        introduced_on=row["introduced_on"],
        last_action_at=row["last_action_at"],
        parties=row["parties"],
        states=row["states"],
        subjects=row["subjects"],
        urns=row["urns"],
        first_days=orjson.loads(row["first_days"] or "{}"),
        change_seq=row["change_seq"],
        changed_at=row["changed_at"],
        removed=row["removed_at"] is not None,
        record=orjson.loads(row["record"]),
        summary=row["summary"],
    )
