"""filters as terms of the search vector; wide columns stored outside the row; an index for every sort order.

A contracting migration: it rewrites the table and drops what the previous code used. Made before the first release, so
no process runs that code.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
contract = True

# Rows of half a kilobyte: filters, sort orders and counts read the table; wide columns are read only for bills that are
# shown.
_NARROW = """
ALTER TABLE bill SET (toast_tuple_target = 512,
                      autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02,
                      autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)
"""
_STORAGE = """
ALTER TABLE bill ALTER summary SET STORAGE EXTERNAL, ALTER search SET STORAGE EXTERNAL,
                 ALTER provenance SET STORAGE EXTERNAL, ALTER search SET STATISTICS 300
"""
_INTRODUCED = "(EXTRACT(year FROM introduced_on)::integer)"
_ACTION = "(EXTRACT(year FROM last_action_at AT TIME ZONE 'UTC')::integer)"
_TERMS = """
UPDATE bill SET search = search || array_to_tsvector(array_remove(ARRAY[
    '=type:' || type_code, CASE WHEN type = 'OTHER' THEN '=type:OTHER' END, '=number:' || number, '=year:' || year,
    '=chamber:' || chamber, '=status:' || status, '=in_progress:' || in_progress, '=organization:' || organization
  ]
  || ARRAY(SELECT '=party:' || v FROM unnest(parties) AS v) || ARRAY(SELECT '=state:' || v FROM unnest(states) AS v)
  || ARRAY(SELECT '=subject:' || v FROM unnest(subjects) AS v) || ARRAY(SELECT '=label:' || v FROM unnest(labels) AS v)
  || ARRAY(SELECT '=urn:' || v FROM unnest(urns) AS v)
  || ARRAY(SELECT '=author:' || v FROM unnest(tsvector_to_array(author_search)) AS v), NULL))
"""
_AUTHORS = """
UPDATE bill SET author_search = array_to_tsvector(ARRAY(
    SELECT substr(w, 9) FROM unnest(tsvector_to_array(search)) AS w WHERE w LIKE '=author:%')),
  search = ts_delete(search, ARRAY(SELECT w FROM unnest(tsvector_to_array(search)) AS w WHERE w LIKE '=%'))
"""
_WIDE = "ALTER TABLE bill SET (toast_tuple_target = 4080)"
_USUAL_VACUUM = """
ALTER TABLE bill RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor,
                        autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_cost_delay)
"""
_STORAGE_BEFORE = """
ALTER TABLE bill ALTER summary SET STORAGE MAIN, ALTER search SET STORAGE EXTENDED,
                 ALTER provenance SET STORAGE EXTENDED, ALTER search SET STATISTICS -1
"""
_SHORT_LISTS = "WITH (fastupdate = on, gin_pending_list_limit = 512)"
_BEFORE = {
    "bill_type_idx": "(type_code, last_action_at, id)",
    "bill_year_idx": "(year, last_action_at, id)",
    "bill_type_year_idx": "(type_code, year, number)",
    "bill_number_idx": "(number, year)",
    "bill_status_idx": "(status, last_action_at, id)",
    "bill_source_idx": "(source, last_action_at, id)",
    "bill_organization_idx": "(organization, last_action_at, id)",
    "bill_labels_idx": f"USING gin (labels) {_SHORT_LISTS}",
    "bill_urns_idx": f"USING gin (urns) {_SHORT_LISTS}",
    "bill_parties_idx": f"USING gin (parties) {_SHORT_LISTS}",
    "bill_states_idx": f"USING gin (states) {_SHORT_LISTS}",
    "bill_subjects_idx": f"USING gin (subjects) {_SHORT_LISTS}",
    "bill_author_search_idx": f"USING gin (author_search) {_SHORT_LISTS}",
    "bill_search_idx": f"USING gin (search) {_SHORT_LISTS}",
}
_KEPT = {
    "bill_last_action_idx": "(last_action_at, id)",
    "bill_introduced_idx": "(introduced_on, id)",
    "bill_changed_idx": "(changed_at, id)",
    "bill_legacy_idx": "(legacy_id) WHERE legacy_id IS NOT NULL",
}
"""Dropped before the rewrite and created again after it: while they exist, each rewritten row costs an entry in every
index.
"""
_INDEXES = (
    "CREATE INDEX bill_type_idx ON bill (type_code, last_action_at, id)",
    "CREATE INDEX bill_type_year_idx ON bill (type_code, year, last_action_at, id)",
    "CREATE INDEX bill_status_idx ON bill (status, last_action_at, id)",
    "CREATE INDEX bill_organization_idx ON bill (organization, last_action_at, id)",
    "CREATE INDEX bill_chamber_idx ON bill (chamber, last_action_at, id)",
    "CREATE INDEX bill_year_idx ON bill (year, last_action_at, id)",
    "CREATE INDEX bill_year_introduced_idx ON bill (year, introduced_on, id)",
    "CREATE INDEX bill_year_changed_idx ON bill (year, changed_at, id)",
    f"CREATE INDEX bill_introduced_year_action_idx ON bill ({_INTRODUCED}, last_action_at, id)",
    f"CREATE INDEX bill_introduced_year_changed_idx ON bill ({_INTRODUCED}, changed_at, id)",
    f"CREATE INDEX bill_action_year_introduced_idx ON bill ({_ACTION}, introduced_on, id)",
    f"CREATE INDEX bill_action_year_changed_idx ON bill ({_ACTION}, changed_at, id)",
    # a reader of a GIN index also scans its pending list, so that is kept short; a writer pays little for it
    "CREATE INDEX bill_search_idx ON bill USING gin (search) WITH (fastupdate = on, gin_pending_list_limit = 1024)",
)


def upgrade() -> None:
    """Rewrites the table: takes some minutes for a million bills, during which nothing can read or write it."""
    op.execute("SET LOCAL statement_timeout = 0")
    for name in (*_BEFORE, *_KEPT):
        op.execute(f"DROP INDEX {name}")
    for statement in (_NARROW, _STORAGE, _TERMS, "ALTER TABLE bill DROP COLUMN author_search"):
        op.execute(statement)
    for name, on in _KEPT.items():
        op.execute(f"CREATE INDEX {name} ON bill {on}")
    for statement in _INDEXES:
        op.execute(statement)


def downgrade() -> None:
    """Restores the table; wide columns stay outside the row until the row is written again."""
    op.execute("SET LOCAL statement_timeout = 0")
    for statement in _INDEXES:
        op.execute(f"DROP INDEX {statement.split()[2]}")
    add = "ALTER TABLE bill ADD COLUMN author_search tsvector NOT NULL DEFAULT ''"
    filled = "ALTER TABLE bill ALTER author_search DROP DEFAULT"
    for statement in (add, filled, _AUTHORS, _STORAGE_BEFORE, _WIDE, _USUAL_VACUUM):
        op.execute(statement)
    for name, on in _BEFORE.items():
        op.execute(f"CREATE INDEX {name} ON bill {on}")
