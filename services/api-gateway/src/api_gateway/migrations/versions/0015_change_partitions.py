"""the change log in partitions by `seq`, put in place while it is read and written."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ENTRIES = 5_000_000
"""Entries of a partition: some 2 GB. The first partition ends at a multiple of it."""

_ROOM = _ENTRIES // 2
"""Entries that the first partition has room for at least, after those that are there."""

# The bound stands in the constraint's name, where a later attempt finds it: a retry must not check all rows again.
_BOUND = f"""
DO $$
DECLARE bound bigint;
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE oid = 'bill_change'::regclass AND relkind = 'r')
       AND NOT EXISTS (SELECT FROM pg_constraint
                       WHERE conrelid = 'bill_change'::regclass AND conname LIKE 'bill_change_below_%') THEN
        SELECT ((last_seq + {_ROOM}) / {_ENTRIES} + 1) * {_ENTRIES} INTO bound FROM change_counter;
        EXECUTE format('ALTER TABLE bill_change ADD CONSTRAINT bill_change_below_%s CHECK (seq >= 0 AND seq < %s)'
                       ' NOT VALID', bound, bound);
    END IF;
END $$
"""

# Reads every row; readers and writers go on.
_VALIDATE = """
DO $$
DECLARE bounded name;
BEGIN
    SELECT conname INTO bounded FROM pg_constraint
    WHERE conrelid = 'bill_change'::regclass AND conname LIKE 'bill_change_below_%' AND NOT convalidated;
    IF FOUND THEN
        EXECUTE format('ALTER TABLE bill_change VALIDATE CONSTRAINT %I', bounded);
    END IF;
END $$
"""

# The table is renamed and its name given to the parent in one transaction, under a lock: nobody ever misses the name,
# and statements that waited, or were prepared before, find the parent. Attaching reads no row, because the constraint
# proves the bounds, and takes the old indexes over.
_SWAP = """
DO $$
DECLARE bound text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = 'bill_change'::regclass AND relkind = 'r') THEN
        RETURN;
    END IF;
    LOCK TABLE bill_change IN ACCESS EXCLUSIVE MODE;
    SELECT substring(conname FROM '[0-9]+$') INTO STRICT bound FROM pg_constraint
    WHERE conrelid = 'bill_change'::regclass AND conname LIKE 'bill_change_below_%';
    ALTER TABLE bill_change RENAME TO bill_change_p0;
    ALTER INDEX bill_change_pkey RENAME TO bill_change_p0_pkey;
    ALTER INDEX bill_change_bill_id_version_key RENAME TO bill_change_p0_bill_id_version_key;
    ALTER INDEX bill_change_movement_idx RENAME TO bill_change_p0_movement_idx;
    ALTER INDEX bill_change_changed_idx RENAME TO bill_change_p0_changed_idx;
    ALTER INDEX bill_change_left_idx RENAME TO bill_change_p0_left_idx;
    CREATE TABLE bill_change (LIKE bill_change_p0 INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (seq);
    ALTER TABLE bill_change ADD CONSTRAINT bill_change_pkey PRIMARY KEY (seq);
    CREATE INDEX bill_change_movement_idx ON bill_change (seq) WHERE movement;
    CREATE INDEX bill_change_changed_idx ON bill_change (changed_at);
    CREATE INDEX bill_change_left_idx ON bill_change (seq)
        WHERE kind = 'REMOVED' OR fields && ARRAY['chamber', 'type', 'type_code', 'number', 'year'];
    EXECUTE format('ALTER TABLE bill_change ATTACH PARTITION bill_change_p0 FOR VALUES FROM (0) TO (%s)', bound);
    EXECUTE format('ALTER TABLE bill_change_p0 DROP CONSTRAINT bill_change_below_%s', bound);
END $$
"""

_VIEW = r"""
CREATE OR REPLACE VIEW change_partition AS
SELECT c.relname AS name,
       substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \(''?([0-9]+)')::bigint AS first_seq,
       substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''?([0-9]+)')::bigint AS end_seq
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'bill_change'::regclass AND NOT i.inhdetachpending
"""

# Runs with the rights of the owner, who alone may make tables. It makes nothing where enough partitions are ahead, so a
# caller can do no more harm than choose their size. A table is made first and then attached: that waits for neither
# readers nor writers, while `PARTITION OF` would lock them out.
_MAKE = """
CREATE OR REPLACE FUNCTION make_change_partitions(entries bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    head bigint;
    ahead integer;
    top bigint;
    made text;
BEGIN
    IF entries IS NULL OR entries < 1 THEN
        RAISE EXCEPTION 'a partition of the change log has at least one entry';
    END IF;
    LOCK TABLE ONLY bill_change IN SHARE UPDATE EXCLUSIVE MODE; -- one caller at a time
    LOOP
        SELECT last_seq INTO STRICT head FROM change_counter;
        SELECT count(*) FILTER (WHERE first_seq > head), max(end_seq) INTO ahead, top FROM change_partition;
        EXIT WHEN ahead >= 2;
        top := coalesce(top, head + 1);
        made := 'bill_change_p' || top;
        EXECUTE format('CREATE TABLE %I (LIKE bill_change INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING INDEXES,'
                       ' UNIQUE (bill_id, version))', made);
        EXECUTE format('ALTER TABLE bill_change ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       made, top, top + entries);
    END LOOP;
    RETURN ahead;
END $$
"""


def upgrade() -> None:
    """Puts the log into partitions, and makes the next two. The statements of the previous release stay as they are,
    and it needs no more partitions for as long as releases overlap. Each step may be repeated.
    """
    op.execute("ALTER TABLE change_counter ADD COLUMN IF NOT EXISTS oldest_seq bigint NOT NULL DEFAULT 1")
    with op.get_context().autocommit_block():
        op.execute(_BOUND)
        op.execute("SET statement_timeout = 0")
        op.execute(_VALIDATE)
        op.execute("RESET statement_timeout")
    for statement in (_SWAP, _VIEW, _MAKE):
        op.execute(statement)
    op.execute("REVOKE ALL ON FUNCTION make_change_partitions(bigint) FROM PUBLIC")
    op.execute(f"SELECT make_change_partitions({_ENTRIES})")
    with op.get_context().autocommit_block():
        op.execute("ANALYZE bill_change")  # autovacuum does it for partitions only, not for their parent


def downgrade() -> None:
    """Copies all entries into one table again, under a lock."""
    for statement in (
        "LOCK TABLE bill_change IN ACCESS EXCLUSIVE MODE",
        "CREATE TABLE bill_change_whole (LIKE bill_change INCLUDING DEFAULTS INCLUDING STORAGE)",
        "INSERT INTO bill_change_whole SELECT * FROM bill_change",
        "DROP FUNCTION make_change_partitions(bigint)",
        "DROP VIEW change_partition",
        "DROP TABLE bill_change",
        "ALTER TABLE bill_change_whole RENAME TO bill_change",
        "ALTER TABLE bill_change ADD CONSTRAINT bill_change_pkey PRIMARY KEY (seq)",
        "ALTER TABLE bill_change ADD CONSTRAINT bill_change_bill_id_version_key UNIQUE (bill_id, version)",
        "CREATE INDEX bill_change_movement_idx ON bill_change (seq) WHERE movement",
        "CREATE INDEX bill_change_changed_idx ON bill_change (changed_at)",
        "CREATE INDEX bill_change_left_idx ON bill_change (seq)"
        " WHERE kind = 'REMOVED' OR fields && ARRAY['chamber', 'type', 'type_code', 'number', 'year']",
        "ALTER TABLE change_counter DROP COLUMN oldest_seq",
    ):
        op.execute(statement)
