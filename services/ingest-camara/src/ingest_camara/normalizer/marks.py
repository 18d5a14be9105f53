"""Fingerprints that separate a repeated reading of a bill from a reading with news."""

from collections.abc import Sequence

from legis.domain.bill import Bill
from legis.domain.fingerprint import canonical_hash, fingerprint, raw_hash

from ingest_camara.normalizer.bill_status import row_standing
from ingest_camara.wire.voting_records import Voting

ROW_FIELDS = frozenset(
    {
        "type_code",
        "type_variant_code",
        "type_text",
        "number_text",
        "year",
        "title",
        "abstract",
        "keywords",
        "introduced_on",
        "introduced_at",
        "status",
        "status_basis",
        "status_reason",
        "status_text",
        "regime_text",
        "latest_action",
        "rapporteurs",
        "related_bills",
        "counterpart_hints",
        "documents",
    }
)
"""Fields that a row of a yearly file and a detail both show, with equal values for equal facts."""

_PEOPLE = ("sponsorships", "subjects")


def detail_mark(bill: Bill) -> str:
    """Fingerprint of all fields of a detail without its sub-resources."""
    return fingerprint(bill)


def row_mark(bill: Bill) -> str:
    """Fingerprint of the fields of a yearly file's row: computed from such a row, or predicted from a detail."""
    if bill.actions:  # the status of a row comes from its last entry, that of a detail from its whole history
        bill = bill.model_copy(update=row_standing(bill))
    return fingerprint(bill, ROW_FIELDS)


def file_mark(bill: Bill) -> str:
    """`row_mark`, a colon, and the mark of the two files joined to the row, which a detail cannot predict."""
    joined = [name for name in _PEOPLE if name in bill.model_fields_set]
    people = canonical_hash(bill.model_dump(mode="json", include=set(joined)))[:16] if joined else ""
    return f"{row_mark(bill)}:{people}"


def same_row(known: str | None, mark: str) -> bool:
    """Whether two marks have the same part for the row itself."""
    return known is not None and known.partition(":")[0] == mark.partition(":")[0]


def votings_mark(votings: Sequence[Voting]) -> str:
    """Fingerprint of a bill's list of votings; while it is unchanged, members' votes need not be read again."""
    return raw_hash(sorted((voting.model_dump(mode="json") for voting in votings), key=lambda v: str(v["id"])))
