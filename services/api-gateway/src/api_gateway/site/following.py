"""Ways to be told of news about a search or a bill: e-mail, feed, calendar, webhook."""

from dataclasses import dataclass

import orjson

from api_gateway.site.api_filters import takes_list
from api_gateway.site.visit import Pairs, Visit

FORM_PATH = "/follow"
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class FollowView:
    """The ways. `search` are the fields that the form sends along; `calendar` is None where there is none."""

    action: str
    search: Pairs
    atom: str
    calendar: str | None
    webhook: str


def follow_search(visit: Visit, search: Pairs, calendar: str | None = None) -> FollowView:
    """The ways to follow a search, which is in the parameters of `/bills`. `calendar`: the address of a calendar, where
    there is one for what is followed.
    """
    body = orjson.dumps(
        {"channel": "WEBHOOK", "target": "https://example.org/legis", "search": search_document(search)}
    ).decode()
    command = (
        f"curl -X POST {visit.full_api('/api/v1/subscriptions')} -H 'Authorization: Bearer YOUR_KEY' "
        f"-H 'Content-Type: application/json' -d '{body.replace(chr(39), chr(92) + 'u0027')}'"
    )
    atom = visit.full_api("/api/v1/feeds/bills.atom", search)
    return FollowView(visit.url(FORM_PATH), search, atom, calendar, command)


def search_document(search: Pairs) -> dict[str, object]:
    """The search as subscriptions hold it: lists as lists, truth as truth."""
    found: dict[str, object] = {}
    for name, value in search:
        if takes_list(name):
            found.setdefault(name, [])
            kept = found[name]
            assert isinstance(kept, list)
            kept.append(value)
        else:
            found[name] = _TRUTHS.get(value, value)
    return found
