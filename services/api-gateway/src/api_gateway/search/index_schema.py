"""Schema of the search index: the fields as Tantivy defines them.

A change of a field, of `search.language.analysis` or of what `search.index_documents` puts into a field is a new
schema: increment `SCHEMA_VERSION`, and the indexer builds the new index in its own folder next to the old one. A test
compares a fingerprint of all three.
"""

from tantivy import Schema, SchemaBuilder

from api_gateway.search.bill_times import DAYS_FIELDS

SCHEMA_VERSION = 7

TOKENS = "whitespace"
"""Tantivy's whitespace tokenizer: `search.language.analysis` has made the tokens already, joined by blanks."""

RAW_FAST = ("type_code", "status", "chamber", "party", "state", "subject", "organization", "author_name")
"""Single values to filter by and to count."""

RAW = (
    "kind",
    "source",
    "type",
    "legislator_id",
    "rapporteur_id",
    "legislator_role",
    "labels",
    "urns",
    "exact",
    "upstream_id",
    "legacy_id",
    "law",
)
"""Single values to filter by."""

COUNTED = ("law_month", *DAYS_FIELDS.values())
"""Whole numbers that are only counted: the month of a law's signature as 202611, and the days from the presentation to
each stage of the path.
"""

ORDERS = ("introduced", "acted", "changed")
"""The three sort orders. In each, every bill has a different whole number (`search.orders`)."""

BILL = "bill"
REMOVED = "removed"
POSITION = "position"
"""Values of the field `kind`: bills, bills that their source no longer has, and the one document with the position of
the index.
"""


def slot_field(order: str) -> str:
    """The field with the slot terms of a sort order (`search.orders`)."""
    return f"{order}_slot"


def build_schema() -> Schema:
    """The schema. Stored fields are the id, the rendered summary, the texts for highlights, and the position of the
    index.
    """
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
    for name in COUNTED:
        schema.add_integer_field(name, fast=True)
    schema.add_boolean_field("in_progress", indexed=True)
    for name in ORDERS:
        schema.add_integer_field(name, fast=True)
        schema.add_integer_field(slot_field(name), indexed=True)
    schema.add_integer_field("changed_at", fast=True)
    schema.add_bytes_field("summary", stored=True)
    schema.add_bytes_field("texts", stored=True)
    schema.add_bytes_field("position", stored=True)
    return schema.build()
