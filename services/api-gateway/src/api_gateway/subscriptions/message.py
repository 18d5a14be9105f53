"""The body of a webhook's message: one change of one bill, as JSON below 20 kB."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

MOST_BYTES = 20_000
"""Upper bound of the Standard Webhooks specification for a payload."""

CHANGED = "bill.changed"
PING = "webhook.ping"


def message_id(epoch: str, public_id: str, seq: int) -> str:
    """The message's id: derived, so that every resend has the same, also after a crash. `epoch` names the log."""
    return f"evt_{epoch[:8]}_{public_id.removeprefix('sub_')}_{seq}"


def change_message(entry: bytes, bill: bytes | None, changed_at: datetime, public_id: str) -> bytes:
    """The message about an entry of the change log, with the bill's list item as it is now (None: it is not stored).

    Of an entry that is too long, the old and new values are left out, and `truncated` says so.
    """
    change: dict[str, Any] = orjson.loads(entry)
    data = {"subscription_id": public_id, "change": change, "bill": None if bill is None else orjson.loads(bill)}
    body = _body(CHANGED, changed_at, data)
    if len(body) <= MOST_BYTES:
        return body
    names = [{"field": one["field"], "kind": one.get("kind")} for one in change.get("changes", ())]
    data["change"] = {**change, "changes": names, "truncated": True}
    body = _body(CHANGED, changed_at, data)
    return body if len(body) <= MOST_BYTES else _body(CHANGED, changed_at, {**data, "bill": None})


def ping_message(public_id: str, at: datetime) -> bytes:
    """The message by which an owner tests a webhook."""
    return _body(PING, at, {"subscription_id": public_id, "test": True})


def _body(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"type": kind, "timestamp": at, "data": data}, option=orjson.OPT_UTC_Z)
