"""bills tell the first day of each stage of their path, for the time that stages take."""

from alembic import op

from api_gateway.migrations import online

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# The rule of `legis.domain.proceedings.path_stages.first_days`. Bills of an unknown presentation tell nothing.
_STAGES = """
SELECT CASE WHEN a.kind IN ('APPROVED', 'REJECTED') THEN 'VOTED' ELSE a.kind END AS stage, min(a.day) AS day
FROM bill_history h CROSS JOIN unnest(h.items) AS i(item)
CROSS JOIN LATERAL (SELECT i.item::json ->> 'kind' AS kind, (i.item::json ->> 'date')::date AS day) AS a
WHERE h.bill_id = b.id AND h.field = 'actions' AND b.introduced_on > '1000-01-01'
  AND a.day BETWEEN b.introduced_on AND current_date + 7
  AND a.kind IN ('REFERRED', 'RAPPORTEUR_DESIGNATED', 'OPINION', 'VOTED', 'APPROVED', 'REJECTED',
                 'SENT_TO_OTHER_CHAMBER', 'SENT_FOR_SANCTION')
GROUP BY 1
"""
_FILL = f"""
WITH batch AS MATERIALIZED (
    SELECT id FROM bill WHERE id > :after AND first_days IS NULL ORDER BY id LIMIT :rows FOR UPDATE SKIP LOCKED
), filled AS (
    UPDATE bill AS b
    SET first_days = (SELECT coalesce(jsonb_object_agg(s.stage, s.day), jsonb_build_object()) FROM ({_STAGES}) AS s)
    WHERE b.id IN (SELECT id FROM batch)
)
SELECT max(id) FROM batch
"""
_LEFT = "SELECT EXISTS (SELECT FROM bill WHERE first_days IS NULL)"


def upgrade() -> None:
    """Adds a column and fills it in batches. The previous release does not write it: the stages of bills that it stores
    meanwhile are counted once they are stored again.
    """
    op.execute("ALTER TABLE bill ADD COLUMN IF NOT EXISTS first_days jsonb")
    online.in_batches(_FILL, _LEFT)


def downgrade() -> None:
    """Drops the column; it is made from the actions."""
    op.execute("ALTER TABLE bill DROP COLUMN first_days")
