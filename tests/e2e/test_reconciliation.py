"""A bill that upstream deletes is marked as removed, after the rule and not before; an empty list removes nothing."""

import time
from datetime import UTC, datetime

import pytest


def removed_at(legis, bill: str) -> object:
    return legis.get(f"/api/v1/bills/{bill}").json()["data"].get("removed_at")


def a_bill(legis, source: str, number: int) -> int:
    """A recent bill that is stored whole."""
    listed = legis.until(
        lambda: [
            row
            for row in legis.get(f"/api/v1/bills?chamber={source.upper()}&sort=-introduced_on&limit=20").json()["data"]
            if row["id"].startswith(f"{source}-") and (row.get("year") or 0) >= datetime.now(UTC).year - 1
        ][number:],
        90,
        "stored bills",
    )
    return int(listed[0]["id"].partition("-")[2])


def compared(legis, source: str) -> int:
    """Lists of years that the worker compared."""
    return sum("year_compared" in line and source in line for line in legis.log("worker").splitlines())


@pytest.mark.timeout(900)
@pytest.mark.parametrize("source", ["camara", "senado"])
def test_deleted_is_removed_by_the_rule_and_revived_on_sight(legis_comparing, source: str) -> None:
    legis = legis_comparing
    bad = a_bill(legis, source, 0)
    legis.until(lambda: compared(legis, source) >= 4, 90, "lists of years compared")

    legis.simulator("/control/delete", {"source": source, "id": bad})
    legis.until(lambda: removed_at(legis, f"{source}-{bad}"), 60, "the deleted bill marked as removed")
    reply = legis.get(f"/api/v1/bills/{source}-{bad}")
    assert reply.status == 200, "removed, never deleted"

    legis.simulator("/control/restore", {"source": source, "id": bad})
    legis.until(lambda: not removed_at(legis, f"{source}-{bad}"), 90, "the bill revived")
    versions = legis.get(f"/api/v1/bills/{source}-{bad}/versions?limit=100").json()["data"]
    kinds = [row["kind"] for row in sorted(versions, key=lambda row: row["version"])]
    assert kinds[kinds.index("REMOVED") :][:2] == ["REMOVED", "CORRECTED"]


@pytest.mark.timeout(900)
def test_empty_lists_remove_nothing(legis_comparing) -> None:
    legis = legis_comparing
    bill = a_bill(legis, "senado", 3)
    legis.simulator("/control/faults", {"source": "senado", "kind": "empty200", "match": "ano=", "seconds": 12})
    time.sleep(14)
    assert not removed_at(legis, f"senado-{bill}")
    assert "removals_refused" not in legis.log("worker")
