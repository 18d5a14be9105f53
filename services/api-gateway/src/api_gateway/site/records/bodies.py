"""Organizations of the API: committees, plenaries, boards, parties, as rows and as the head of their pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import Label

PARTY = "PARTY"
GROUPS = frozenset({PARTY, "BLOC", "FEDERATION"})
"""Classifications of bodies that legislators belong to: they hold no meetings and votings, and no bill lies there."""


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body in a list. `state` is None where it is active: only the exception is said."""

    address: str
    acronym: str | None
    name: str
    house: Label | None
    kind: Label
    state: Label | None


@dataclass(frozen=True, slots=True)
class BodyHead:
    """The head of the pages of one body, with the links between them. Days are None where they are not told; `meets` is
    False for parties, blocs and federations.
    """

    id: str
    row: BodyRow
    meets: bool
    members_now: int
    founded: str | None
    dissolved: str | None
    former_names: tuple[str, ...]
    parent: str | None
    successors: tuple[tuple[str, str, str | None], ...]
    tabs: tuple[tuple[str, str, int | None, bool], ...]
    json: str
    official: str | None
    flags: tuple[str, ...]
    removed: bool


def body_row(visit: Visit, one: Mapping[str, Any]) -> BodyRow:
    """The row of one item of a list of organizations."""
    words = visit.words
    return BodyRow(
        visit.url(f"/committees/{one['id']}"),
        one.get("acronym"),
        one.get("name") or one.get("acronym") or words.t("bodies.no_name"),
        words.label("Chamber", one["house"]) if one.get("house") else None,
        words.label("Classification", one["classification"]),
        _state(visit, one.get("active")),
    )


def body_head(visit: Visit, one: Mapping[str, Any], tab: str) -> BodyHead:
    """The head, from the item of `/organizations/{id}`; `tab` is the page that is shown: table, members or votes."""
    words, path = visit.words, f"/committees/{one['id']}"
    meets = one["classification"] not in GROUPS
    tabs = (
        (words.t("bodies.tab_table"), visit.url(path), None, tab == "table"),
        (words.t("bodies.tab_members"), visit.url(f"{path}/members"), one["members_now"], tab == "members"),
        *(((words.t("bodies.tab_votes"), visit.url("/votes", [("organization", one["id"])]), None, False),) * meets),
    )
    row = body_row(visit, one)
    return BodyHead(
        one["id"],
        row,
        meets,
        one["members_now"],
        one.get("founding_date"),
        one.get("dissolution_date"),
        tuple(dict.fromkeys(name["name"] for name in one["other_names"] if name.get("name") not in (None, row.name))),
        visit.url(f"/committees/{one['parent_id']}") if one.get("parent_id") else None,
        tuple(
            (visit.url(f"/committees/{then['id']}"), words.label("SuccessionKind", then["kind"]).text, then.get("date"))
            for then in one["successors"]
        ),
        tabs,
        visit.full_api(f"/api/v1/organizations/{one['id']}"),
        outside(one.get("url")),
        tuple(dict.fromkeys(words.label("QualityFlagCode", flag["code"]).text for flag in one["flags"])),
        bool(one.get("removed_at")),
    )


def _state(visit: Visit, active: bool | None) -> Label | None:
    if active:
        return None
    key, shape = ("bodies.closed", "stop") if active is False else ("bodies.active_unknown", "unk")
    return Label("CLOSED" if active is False else "UNKNOWN", visit.words.t(key), shape=shape)
