"""SQL that compares a year's list with the store. If nothing differs, no row of a bill is written."""

KEEP = """
INSERT INTO year_list_part (window_id, source, year, part, parts, read_seq, fetched_at, selective, upstream_ids,
                            received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING
"""
READY = """
SELECT p.window_id, p.year FROM year_list_part p JOIN ingest_window w ON w.window_id = p.window_id
WHERE w.done_at IS NOT NULL GROUP BY p.window_id, p.year ORDER BY min(p.read_seq), p.year DESC, p.window_id LIMIT $1
"""
TAKE = """
DELETE FROM year_list_part WHERE (window_id, year, part) IN (
    SELECT window_id, year, part FROM year_list_part WHERE window_id = $1 AND year = $2 FOR UPDATE SKIP LOCKED
) RETURNING source, parts, read_seq, fetched_at, selective, upstream_ids
"""
FORGET_PARTS = "DELETE FROM year_list_part WHERE received_at < now() - interval '2 days'"

BEFORE = "SELECT read_seq FROM year_list WHERE source = $1 AND year = $2"
COMPARED = """
INSERT INTO year_list (source, year, read_seq, fetched_at, compared_at, records, missing_here, missing_there)
VALUES ($1, $2, $3, $4, now(), $5, $6, $7)
ON CONFLICT (source, year) DO UPDATE SET read_seq = excluded.read_seq, fetched_at = excluded.fetched_at,
    compared_at = excluded.compared_at, records = excluded.records, missing_here = excluded.missing_here,
    missing_there = excluded.missing_there
"""
KNOWN = "SELECT count(*) FROM bill_sighting WHERE source = $1 AND year = $2"

# A bill can be missing only from a year whose list once had it, and only if it was not read after that list was.
LACKING = """
SELECT s.bill_id FROM bill_sighting s JOIN bill b ON b.id = s.bill_id
WHERE s.source = $1 AND s.year = $2 AND b.removed_at IS NULL AND b.read_seq < $4
  AND NOT EXISTS (SELECT FROM unnest($3::text[]) AS n(upstream_id) WHERE n.upstream_id = b.upstream_id)
ORDER BY s.bill_id
"""
SIGHTED = """
INSERT INTO bill_sighting AS s (bill_id, source, year, misses)
SELECT b.id, b.source, $2::integer, 0
FROM unnest($3::text[]) AS n(upstream_id) JOIN bill b ON b.source = $1 AND b.upstream_id = n.upstream_id
LEFT JOIN bill_sighting old ON old.bill_id = b.id
WHERE old.bill_id IS NULL OR old.year <> $2 OR old.misses > 0
ORDER BY b.id
ON CONFLICT (bill_id) DO UPDATE SET year = excluded.year, misses = 0, first_missed_on = NULL, last_missed_on = NULL,
                                    missed_seq = NULL
"""
MISSED = """
UPDATE bill_sighting SET misses = misses + 1, first_missed_on = COALESCE(first_missed_on, $2), last_missed_on = $2,
                         missed_seq = $3
WHERE bill_id = ANY($1::text[]) AND ($4 OR last_missed_on IS NULL OR last_missed_on < $2)
"""
WITHDRAW = """
DELETE FROM source_question q USING unnest($2::text[]) AS n(upstream_id)
WHERE q.source = $1 AND q.reason = 'missing' AND q.upstream_id = n.upstream_id
"""
RETURNED = """
SELECT b.upstream_id FROM unnest($2::text[]) AS n(upstream_id)
JOIN bill b ON b.source = $1 AND b.upstream_id = n.upstream_id WHERE b.removed_at IS NOT NULL
"""
UNKNOWN = """
SELECT n.upstream_id FROM unnest($2::text[]) AS n(upstream_id)
WHERE NOT EXISTS (SELECT FROM bill b WHERE b.source = $1 AND b.upstream_id = n.upstream_id)
  AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.resolved_at IS NULL AND d.source = $1
                                             AND d.upstream_id = n.upstream_id)
ORDER BY n.upstream_id
"""
SUSPECTS = """
SELECT b.upstream_id FROM bill_sighting s JOIN bill b ON b.id = s.bill_id
WHERE s.source = $1 AND s.misses > 0 AND s.misses >= $2 AND s.last_missed_on - s.first_missed_on >= $3
  AND b.removed_at IS NULL
ORDER BY b.upstream_id
"""
