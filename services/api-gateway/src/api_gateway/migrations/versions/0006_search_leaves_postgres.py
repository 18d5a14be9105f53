"""search leaves PostgreSQL: drops its vector, its indexes and the indexes with filter columns; bills get an ordinal.

`ordinal` is a small number that never changes: it breaks ties in every sort order of the search index, so that all
copies of the index sort alike. `render_seq` marks rows whose rendered columns were rewritten without a change of the
bill; `change_counter.last_render_seq` is the last number assigned to one.

A contracting migration, made before the first release: the previous code needs the vector. Every step is online: no
lock is held for longer than a change of the catalogue takes.
"""

from alembic import op

from api_gateway.migrations import online

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
contract = True

_INTRODUCED = "(EXTRACT(year FROM introduced_on)::integer)"
_ACTION = "(EXTRACT(year FROM last_action_at AT TIME ZONE 'UTC')::integer)"
_CARRIED = ("introduced_on", "last_action_at", "changed_at", "year", "type_code", "status", "organization", "chamber",
            "in_progress")  # fmt: skip
_ORDERS = {
    "bill_action_idx": ("last_action_at",),
    "bill_introduction_idx": ("introduced_on",),
    "bill_change_idx": ("changed_at",),
    "bill_year_action_idx": ("year", "last_action_at"),
    "bill_year_introduction_idx": ("year", "introduced_on"),
    "bill_year_change_idx": ("year", "changed_at"),
    "bill_introduction_year_action_idx": (_INTRODUCED, "last_action_at"),
    "bill_introduction_year_change_idx": (_INTRODUCED, "changed_at"),
    "bill_action_year_introduction_idx": (_ACTION, "introduced_on"),
    "bill_action_year_change_idx": (_ACTION, "changed_at"),
}
_OTHERS = {
    "bill_type_year_idx": "(type_code, year, last_action_at, id)",
    "bill_search_idx": "USING gin (search) WITH (fastupdate = on, gin_pending_list_limit = 1024)",
}
_DATES = ("introduced_on", "last_action_at", "changed_at")

_NUMBERED = """
WITH batch AS MATERIALIZED (
    SELECT id FROM bill WHERE id > :after AND ordinal IS NULL ORDER BY id LIMIT :rows FOR UPDATE SKIP LOCKED
), numbered AS (
    UPDATE bill SET ordinal = nextval('bill_ordinal_numbers') WHERE id IN (SELECT id FROM batch)
)
SELECT max(id) FROM batch
"""
_LEFT = "SELECT EXISTS (SELECT FROM bill WHERE ordinal IS NULL)"
_IDENTITY = """
DO $$ DECLARE next bigint; BEGIN
    LOCK TABLE bill IN ACCESS EXCLUSIVE MODE;
    next := nextval('bill_ordinal_numbers');
    ALTER TABLE bill ALTER ordinal SET NOT NULL, ALTER ordinal DROP DEFAULT;
    EXECUTE format('ALTER TABLE bill ALTER ordinal ADD GENERATED ALWAYS AS IDENTITY (START WITH %s)', next);
    DROP SEQUENCE bill_ordinal_numbers;
END $$
"""


def upgrade() -> None:
    """Online, except that the worker and the readers of the previous release must have stopped."""
    for name in (*_ORDERS, *_OTHERS):
        online.drop_index(name)
    op.execute("ALTER TABLE bill ADD COLUMN IF NOT EXISTS ordinal bigint, ADD COLUMN IF NOT EXISTS render_seq bigint")
    op.execute("ALTER TABLE change_counter ADD COLUMN IF NOT EXISTS last_render_seq bigint NOT NULL DEFAULT 0")
    op.execute("CREATE SEQUENCE IF NOT EXISTS bill_ordinal_numbers")
    op.execute("ALTER TABLE bill ALTER ordinal SET DEFAULT nextval('bill_ordinal_numbers')")
    online.in_batches(_NUMBERED, _LEFT)
    online.create_index("bill_ordinal_idx", "bill (ordinal)", unique=True)
    online.create_index("bill_render_idx", "bill (render_seq) WHERE render_seq IS NOT NULL")
    # With a validated constraint, SET NOT NULL need not read every row under a lock.
    op.execute(
        "ALTER TABLE bill DROP CONSTRAINT IF EXISTS bill_has_ordinal,"
        " ADD CONSTRAINT bill_has_ordinal CHECK (ordinal IS NOT NULL) NOT VALID"
    )
    online.validate_constraint("bill", "bill_has_ordinal")
    op.execute(_IDENTITY)
    op.execute("ALTER TABLE bill DROP CONSTRAINT bill_has_ordinal")
    op.execute(
        f"ALTER TABLE bill DROP COLUMN search, {', '.join(f'ALTER {date} SET STATISTICS -1' for date in _DATES)}"
    )
    # Free space in each page for new versions of its rows: an update within a page writes no index entry (HOT).
    op.execute("ALTER TABLE bill SET (fillfactor = 90)")
    op.execute("DROP TEXT SEARCH CONFIGURATION legis")


def downgrade() -> None:
    """Restores a schema that the previous code can write; vectors return as bills are written again."""
    op.execute("CREATE TEXT SEARCH CONFIGURATION legis (COPY = pg_catalog.portuguese)")
    op.execute("ALTER TABLE bill ADD COLUMN search tsvector NOT NULL DEFAULT ''")
    op.execute(
        "ALTER TABLE bill ALTER search DROP DEFAULT, ALTER search SET STORAGE EXTERNAL, ALTER search SET STATISTICS 300"
    )
    op.execute(
        f"ALTER TABLE bill RESET (fillfactor), {', '.join(f'ALTER {date} SET STATISTICS 300' for date in _DATES)}"
    )
    op.execute("ALTER TABLE bill DROP COLUMN ordinal, DROP COLUMN render_seq")
    op.execute("ALTER TABLE change_counter DROP COLUMN last_render_seq")
    for name, on in _OTHERS.items():
        online.create_index(name, f"bill {on}")
    for name, leading in _ORDERS.items():
        online.create_index(name, f"bill {_columns(leading)}")


def _columns(leading: tuple[str, ...]) -> str:
    return f"({', '.join((*leading, 'id', *(column for column in _CARRIED if column not in leading)))})"
