"""names of sponsors as pairs of words: a search for a person no longer finds two others who share the name; labels in
an index of their own, which has no list of pending entries: the worker looks for each label of each new bill.

A contraction: code before it finds people by single words, which stay, but writes no pairs.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from api_gateway.store.terms import names_searched, term

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
contract = True

_BATCH = 2000
_SPONSORS_SEARCHED = 600
_SEPARATOR = "\x1f"
_READ = sa.text("SELECT id, convert_from(record, 'UTF8') FROM bill WHERE id > :after ORDER BY id LIMIT :batch")
_ADD = sa.text(r"""
UPDATE bill SET search = search || array_to_tsvector(string_to_array(n.terms, E'\x1f'))
FROM unnest(:ids, :terms) AS n(id, terms) WHERE bill.id = n.id
""").bindparams(sa.bindparam("ids", type_=sa.ARRAY(sa.Text)), sa.bindparam("terms", type_=sa.ARRAY(sa.Text)))
_LABELS = "CREATE INDEX bill_labels_idx ON bill USING gin (labels) WITH (fastupdate = off)"
_TAKE_AWAY = """
UPDATE bill SET search = ts_delete(search, ARRAY(
    SELECT w FROM unnest(tsvector_to_array(search)) AS w WHERE w LIKE '=author:% %'))
"""


def upgrade() -> None:
    """Some minutes for a million bills, in one transaction."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute(_LABELS)
    if context.is_offline_mode():
        op.execute("-- pairs of words are made by code: this step cannot be written out as SQL")
        return
    connection = op.get_bind()
    for found in _batches(connection):
        pairs = [(key, _pairs(record)) for key, record in found]
        named = [(key, _SEPARATOR.join(terms)) for key, terms in pairs if terms]
        connection.execute(_ADD, {"ids": [key for key, _ in named], "terms": [terms for _, terms in named]})


def downgrade() -> None:
    """Takes the pairs away; single words were there before."""
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute(_TAKE_AWAY)
    op.execute("DROP INDEX bill_labels_idx")


def _batches(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    after = ""
    while found := connection.execute(_READ, {"after": after, "batch": _BATCH}).all():
        yield found
        after = found[-1][0]


def _pairs(record: str) -> list[str]:
    sponsors = json.loads(record).get("sponsorships", [])[:_SPONSORS_SEARCHED]
    names = [sponsor["name"] for sponsor in sponsors if sponsor.get("name")]
    return [term("author", wanted) for wanted in names_searched(names) if " " in wanted]
