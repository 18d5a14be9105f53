"""Fields of the search index, as Tantivy is told of them.

A change of a field, of `search.language.analysis` or of what `search.documents` puts into a field is a new schema:
raise `SCHEMA_VERSION`, and the indexer builds the new index in a folder of its own beside the old one (a test holds a
fingerprint of all three).
"""

from tantivy import Schema, SchemaBuilder

SCHEMA_VERSION = 3

TOKENS = "whitespace"
"""Tantivy's own tokenizer: `search.language.analysis` has made tokens of the text, joined by blanks."""

RAW_FAST = ("type_code", "status", "chamber", "party", "state", "subject", "organization", "author_name")
"""Single values that are filtered by and counted."""

RAW = (
    "kind",
    "source",
    "type",
    "legislator_id",
    "rapporteur_id",
    "labels",
    "urns",
    "exact",
    "upstream_id",
    "legacy_id",
)
"""Single values that are only filtered by."""

ORDERS = ("introduced", "acted", "changed")
"""The three orders, each a whole number that no two bills share (`search.orders`)."""

BILL = "bill"
REMOVED = "removed"
POSITION = "position"
"""What documents are there, by the field `kind`: bills, bills that their source no longer has, and the one document
that says how far the index has come."""


def slot_field(order: str) -> str:
    """The field of the slots of several sizes that an order is cut into (`search.orders`)."""
    return f"{order}_slot"


def build_schema() -> Schema:
    """The schema. Stored are the id, the rendered summary, the texts that highlights are made from, and positions."""
    schema = SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in RAW:
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in RAW_FAST:
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("words", "names", "rapporteur_names"):
        schema.add_text_field(name, tokenizer_name=TOKENS, index_option="position")
    for name in ("regime", "surface", "spelling"):
        schema.add_text_field(name, tokenizer_name=TOKENS, index_option="basic")
    schema.add_integer_field("number", indexed=True)
    schema.add_integer_field("year", indexed=True, fast=True)
    schema.add_integer_field("introduced_month", fast=True)
    schema.add_boolean_field("in_progress", indexed=True)
    for name in ORDERS:
        schema.add_integer_field(name, fast=True)
        schema.add_integer_field(slot_field(name), indexed=True)
    schema.add_integer_field("changed_at", fast=True)
    schema.add_bytes_field("summary", stored=True)
    schema.add_bytes_field("texts", stored=True)
    schema.add_bytes_field("position", stored=True)
    return schema.build()
