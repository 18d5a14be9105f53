"""Every `organization` object of a document has our id, made from its source and the source's code."""

import orjson
from api_gateway.documents.reference_ids import entry_with_reference_ids, organization_id, with_reference_ids

BODY = {"code": "2003", "acronym": "CCJC", "name": None, "chamber": None}


def test_a_code_makes_the_id_and_an_acronym_only_that_of_a_plenary() -> None:
    assert organization_id("camara", "2003", "CCJC") == "camara-org-2003"
    assert organization_id("senado", None, "plen") == "senado-org-1998"
    assert organization_id("camara", None, "CCJC") is None
    assert organization_id(None, "2003", None) is None


def test_all_organizations_of_a_bill_get_their_ids() -> None:
    bill = {"organization": BODY, "latest_action": {"organization": BODY}, "rapporteurs": [{"organization": BODY}, {}]}
    shown = with_reference_ids("camara", bill)
    one = {"id": "camara-org-2003", **BODY}
    assert shown == {
        "organization": one,
        "latest_action": {"organization": one},
        "rapporteurs": [{"organization": one}, {}],
    }
    assert "id" not in BODY


def test_an_entry_of_a_history_gets_it_too() -> None:
    entry = orjson.dumps({"date": None, "organization": BODY}).decode()
    assert orjson.loads(entry_with_reference_ids("senado", entry))["organization"]["id"] == "senado-org-2003"
    assert entry_with_reference_ids("senado", '{"organization":null}') == b'{"organization":null}'
