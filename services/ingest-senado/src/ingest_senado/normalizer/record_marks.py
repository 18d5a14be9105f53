"""Fingerprints that separate a repeated reading of a record from one with news."""

from legis.domain.fingerprint import canonical_hash
from legis.domain.records.any_record import AnyRecord

_VOLATILE = {"state_at"}


def record_mark(record: AnyRecord) -> str:
    """SHA-256 in hex over what the record claims, without the moment of reading.

    Claims with a default value count too: an empty list that is claimed is another reading than one that is not.
    """
    return canonical_hash(record.model_dump(mode="json", exclude_unset=True, exclude=_VOLATILE))
