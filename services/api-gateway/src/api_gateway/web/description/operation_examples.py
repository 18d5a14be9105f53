"""One sensible request for each operation: what "Try it out" of /docs begins with.

Swagger UI fills in every `example` of a parameter, and 25 filters at once match nothing. So only the parameters of the
chosen request have `example`; all others show theirs as `examples` of the schema, which no page fills in.
"""

from collections.abc import Mapping
from typing import Any

import orjson

SAMPLE_ID, SAMPLE_NAME = "camara-2256735", "PL 2630/2020"
SAMPLE_LEGISLATOR, SAMPLE_ORGANIZATION = "camara-deputy-204534", "camara-org-2003"
SAMPLE_VOTE_EVENT, SAMPLE_EVENT = "camara-vote-2256735-87", "camara-event-70123"
"""Example ids in the document under version control; the served document has ids of records that are stored."""

_CHOSEN: dict[str, dict[str, Any]] = {
    "listBills": {"q": "educação", "limit": 5},
    "suggestQueries": {"q": "educ"},
    "listSimilarBills": {"limit": 5},
    "listEvents": {"from": "2020-01-01", "limit": 5},
    "listBillEvents": {"limit": 5},
    "getCalendar": {"house": "CAMARA"},
    "getSearchCalendar": {"type": ["PL"]},
    "listLegislators": {"limit": 5},
    "listLegislatorBills": {"limit": 5},
    "listLegislatorVotes": {"limit": 5},
    "listOrganizations": {"limit": 5},
    "listOrganizationMembers": {"limit": 5},
    "listVoteEvents": {"limit": 5},
    "getAgreement": {"a": "party-pt", "b": "party-pl"},
    "resolveBill": {"q": SAMPLE_NAME},
    "listChanges": {"after": 0, "limit": 5},
    "streamChanges": {"after": 0},
    "getBillsFeed": {"limit": 10},
}
"""By operation: the optional parameters of its example. Those of the path are always in it."""

_BODIES: dict[str, dict[str, Any]] = {
    "createSubscription": {
        "channel": "WEBHOOK",
        "target": "https://hooks.org.br/legis",
        "search": {"q": "saúde", "type": ["PL", "PEC"], "kind": ["MOVED"]},
        "name": "Saúde",
    },
    "changeSubscription": {"state": "PAUSED"},
    "replaySubscription": {"after_seq": 0},
}
"""By operation: the body of its example. Of a subscription's fields only those that go together."""


def show_examples(operation: dict[str, Any]) -> None:
    """Gives the chosen parameters, and no others, an `example`; and the body one."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = _BODIES[operation["operationId"]]
    chosen = _CHOSEN.get(operation["operationId"], {})
    for parameter in operation.get("parameters", []):
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] == "path":
            parameter["example"] = schema.pop("examples")[0]
        elif name in chosen:
            parameter["example"] = chosen[name]


def with_stored(document: bytes, samples: Mapping[str, str]) -> bytes:
    """The serialised document with stored records in its requests; `samples` has them by what stands for them."""
    for sample, stored in samples.items():
        document = document.replace(_example(sample), _example(stored))
    return document


def _example(value: str) -> bytes:
    return b'"example":%b' % orjson.dumps(value)
