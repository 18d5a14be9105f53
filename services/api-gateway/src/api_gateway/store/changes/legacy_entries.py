"""Older entries of the change log, converted to today's form when they are read.

Entries from before kinds of change existed have the kinds UPDATED and REVIVED and the names of the changed fields.
Whether a field had been read before is not known any more, so UPDATED becomes EDITED, whatever changed; REVIVED becomes
CORRECTED. None of them counts as movement. Older ones also tell changes of the internal field, which are not shown, and
organizations in changes of histories without our id of them.
"""

import re
from collections.abc import Sequence
from typing import Any

import orjson
from legis.domain.change_kind import ChangeKind
from legis.domain.changed_fields import HISTORIES

from api_gateway.documents.reference_ids import with_reference_ids
from api_gateway.documents.render import INTERNAL_FIELD

SHOWN_AS = {"UPDATED": ChangeKind.EDITED, "REVIVED": ChangeKind.CORRECTED}
_INTERNAL = b'"field":"%b"' % INTERNAL_FIELD.encode()
_NO_ID = re.compile(rb'"organization":\{(?!"id")')
"""An organization without our id, which is the first field of one that has it."""

_HEAD = 60
"""Bytes at the beginning of a document that contain its subject, if it has one."""


def stored_kinds(kinds: Sequence[str]) -> list[str]:
    """The kinds under which entries of these kinds may be stored, legacy ones included."""
    return [*kinds, *(old for old, now in SHOWN_AS.items() if now in kinds)]


def as_shown(row: Any) -> bytes:
    """The document of an entry in today's form. `row` has its `kind`, `bill_id` and `document`."""
    document: bytes = row["document"]
    old = row["kind"]
    if b'"subject":' not in document[:_HEAD]:
        subject = orjson.dumps({"type": "bill", "id": row["bill_id"]})
        document = document.replace(b'"bill_id":', b'"subject":%b,"bill_id":' % subject, 1)
    if old in SHOWN_AS:
        document = document.replace(b'"kind":"%b"' % old.encode(), b'"kind":"%b"' % SHOWN_AS[old].encode(), 1)
    if _INTERNAL in document:
        document = _public(document)
    return _with_ids(row["bill_id"], document) if _NO_ID.search(document) else document


def _public(document: bytes) -> bytes:
    """The entry without changes of the internal field."""
    entry = orjson.loads(document)
    entry["changes"] = [change for change in entry["changes"] if change["field"] != INTERNAL_FIELD]
    return orjson.dumps(entry)


def _with_ids(bill_id: str, document: bytes) -> bytes:
    """The entry with the ids of organizations in changes of histories."""
    entry, source = orjson.loads(document), bill_id.partition("-")[0]
    for change in entry["changes"]:
        if change["field"] in HISTORIES:
            for side in ("old", "new"):
                change[side] = [with_reference_ids(source, item) for item in change[side] or ()]
    return orjson.dumps(entry)
