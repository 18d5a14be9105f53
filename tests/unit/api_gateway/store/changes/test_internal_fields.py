"""Entries and old values that earlier releases stored are shown in today's form: no internal fields, and all ids."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from api_gateway.store.changes.change_reader import PastChange
from api_gateway.store.changes.legacy_entries import as_shown
from api_gateway.web.responses.past.fold_back import fold_back

HINTS = {"field": "counterpart_hints", "old": [], "new": [{"rule": "EXPLICIT_URI"}]}
TITLE = {"field": "title", "old": None, "new": 'says "field":"counterpart_hints"'}


def entry(changes: list[dict[str, Any]], kind: str = "EDITED") -> dict[str, Any]:
    document = {"seq": 1, "subject": {"type": "bill", "id": "senado-1"}, "bill_id": "senado-1", "kind": kind}
    return {"kind": kind, "bill_id": "senado-1", "document": orjson.dumps({**document, "changes": changes})}


@pytest.mark.parametrize(("stored", "shown"), [([HINTS, TITLE], [TITLE]), ([HINTS], []), ([TITLE], [TITLE]), ([], [])])
def test_an_entry_shows_no_change_of_an_internal_field(
    stored: list[dict[str, Any]], shown: list[dict[str, Any]]
) -> None:
    found = orjson.loads(as_shown(entry(stored)))
    assert found["changes"] == shown
    assert (found["seq"], found["kind"]) == (1, "EDITED")


def test_an_entry_of_before_kinds_does_neither() -> None:
    found = orjson.loads(as_shown(entry([HINTS, TITLE], "UPDATED")))
    assert (found["kind"], found["changes"]) == ("EDITED", [TITLE])


def test_an_organization_in_an_older_history_change_gets_its_id() -> None:
    body = {"code": "46", "acronym": "CCJ"}
    action = {"date": None, "organization": body, "text": 'says "organization":{'}
    stored = [{"field": "actions", "old": [], "new": [action, {"organization": None}]}, TITLE]
    (actions, title) = orjson.loads(as_shown(entry(stored)))["changes"]
    assert actions["new"] == [{**action, "organization": {"id": "senado-org-46", **body}}, {"organization": None}]
    assert title == TITLE
    again = as_shown(entry([actions, title]))
    assert again == entry([actions, title])["document"], "an entry with ids is shown as it is"


def test_a_past_state_shows_no_internal_field() -> None:
    then, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    changes = [
        PastChange(2, 2, "EDITED", later, orjson.dumps({"title": "Old", "counterpart_hints": []})),
        PastChange(1, 1, "CREATED", then, b""),
    ]
    found = fold_back(orjson.dumps({"title": "New"}), changes, then)
    assert found is not None
    assert found["title"] == "Old"
    assert "counterpart_hints" not in found
