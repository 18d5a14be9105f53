"""Entries of the change log that the release before kinds wrote, as they are shown now.

They say UPDATED and REVIVED, and which fields changed but not how. Whether a field had been read before cannot be told
afterwards, so UPDATED is shown as EDITED, whatever changed; REVIVED is CORRECTED. None of them counts as movement.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from legis.domain.change_kind import ChangeKind

SHOWN_AS = {"UPDATED": ChangeKind.EDITED, "REVIVED": ChangeKind.CORRECTED}
_HEAD = 60
"""Bytes within which a document names its subject, if it does."""


def stored_kinds(kinds: Sequence[str]) -> list[str]:
    """The words under which entries of these kinds are stored."""
    return [*kinds, *(old for old, now in SHOWN_AS.items() if now in kinds)]


def as_shown(row: Any) -> bytes:
    """The document of an entry; `row` has its `kind`, `bill_id` and `document`."""
    document: bytes = row["document"]
    old = row["kind"]
    if b'"subject":' not in document[:_HEAD]:
        subject = orjson.dumps({"type": "bill", "id": row["bill_id"]})
        document = document.replace(b'"bill_id":', b'"subject":%b,"bill_id":' % subject, 1)
    if old in SHOWN_AS:
        document = document.replace(b'"kind":"%b"' % old.encode(), b'"kind":"%b"' % SHOWN_AS[old].encode(), 1)
    return document
