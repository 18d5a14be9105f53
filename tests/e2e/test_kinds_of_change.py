"""Through the real line: what is read of a bill that does not move is never told as movement."""

from collections import Counter
from typing import Any

from e2e.test_change_is_served import quiet, whole_backfill_stored

_ENTRIES = "SELECT bill_id, kind, fields FROM bill_change ORDER BY seq"
_ONLY_FILE_ROWS = """
SELECT upstream_id FROM bill WHERE source = 'camara' AND id = ANY($1::text[])
AND NOT jsonb_exists(convert_from(provenance, 'UTF8')::jsonb, 'DETAIL') ORDER BY id LIMIT $2
"""
_ASK = """
INSERT INTO source_question (source, upstream_id, reason, after_seq, asked_at)
SELECT 'camara', id, 'replay', 0, now() FROM unnest($1::text[]) AS n(id) ON CONFLICT DO NOTHING
"""
DETAILS = 15


def still(legis: Any) -> set[str]:
    """Bills that nothing has happened to since the chambers began to move."""
    found = set()
    for source in ("camara", "senado"):
        bills = legis.simulator(f"/truth/bills?source={source}&limit=10000")["bills"]
        found |= {f"{source}-{bill['id']}" for bill in bills if not bill["revision"] and not bill["deleted"]}
    return found


def entries(legis: Any) -> dict[str, list[tuple[str, list[str]]]]:
    """Kinds and fields of each bill's entries but those of its agenda, which moves without the bill. Oldest first."""
    log: dict[str, list[tuple[str, list[str]]]] = {}
    for bill_id, kind, fields in legis.query(_ENTRIES):
        if fields != ["agenda"]:
            log.setdefault(bill_id, []).append((kind, fields))
    return log


def test_a_backfilled_bill_is_created_and_then_at_most_read(legis) -> None:
    legis.simulator("/control/freeze", {"frozen": True})
    try:
        legis.until(lambda: whole_backfill_stored(legis), 90, "the whole backfill stored")
        legis.until(lambda: quiet(legis), 60, "the system quiet")
        _details_follow(legis)
        log, unmoved = entries(legis), still(legis)
        told = Counter(kind for bill_id in unmoved for kind, _ in log[bill_id])
        assert len(unmoved) > 100
        assert set(told) == {"CREATED", "READ"}, told
        assert told["CREATED"] == len(unmoved)
        for bill_id in unmoved:
            (_, _), *later = log[bill_id]
            assert len(later) <= 1, (bill_id, later)
        by_source = Counter(bill_id.partition("-")[0] for bill_id in unmoved if len(log[bill_id]) > 1)
        assert by_source["camara"] >= DETAILS
        assert by_source["senado"] >= DETAILS
    finally:
        legis.simulator("/control/freeze", {"frozen": False})


def _details_follow(legis: Any) -> None:
    """Details of bills of which only a row of a yearly file was read, asked for as the store asks."""
    ids = [row[0] for row in legis.query(_ONLY_FILE_ROWS, sorted(still(legis)), DETAILS)]
    assert len(ids) == DETAILS
    legis.query(_ASK, ids)
    wanted = [f"camara-{one}" for one in ids]
    read = "SELECT count(DISTINCT bill_id) FROM bill_change WHERE kind = 'READ' AND bill_id = ANY($1::text[])"
    legis.until(lambda: legis.query(read, wanted) == [(DETAILS,)], 60, "the details read")
