"""`/developers`: the first five minutes with the API, guides, problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from legis.service.problem_types import PROBLEM_TYPES

from api_gateway.site.api_client import Api, ApiReply, if_there, together
from api_gateway.site.error_pages import NoPage
from api_gateway.site.page_routes import PageRoute
from api_gateway.site.rendering import Shown
from api_gateway.site.texts.guides import NAMES, guide
from api_gateway.site.texts.markdown_text import Rendered
from api_gateway.site.visit import Pairs, Visit

SEARCH: Pairs = (("q", "saúde"), ("in_progress", "true"), ("fields", "identifier,title,status"), ("limit", "1"))
CHANGES: Pairs = (("after", "0"), ("kind", "MOVED"), ("limit", "1"))
_BILL = ("id", "identifier", "title", "status")
_CHANGE = ("seq", "kind", "changed_at", "identifier", "changes")
_SOURCE = ("source", "state", "lag_seconds")
MOST_LINES = 14
"""Of a reply that is shown; the rest is cut, and the cut is marked."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the quickstart: the command, the address that opens it, and the reply of just now (None: away)."""

    title: str
    text: str
    command: str
    address: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class TextView:
    """A page of one text."""

    title: str
    lead: str
    text: Rendered
    others: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A kind of problem."""

    name: str
    status: int
    title: str
    text: str
    address: str


async def show_developers(visit: Visit, api: Api) -> Shown:
    """The landing page, with replies of just now."""
    bills, changes, sources = await together(
        if_there(api.get("/api/v1/bills", SEARCH)),
        if_there(api.get("/api/v1/changes", CHANGES)),
        if_there(api.get("/api/v1/sources")),
    )
    t = visit.words.t
    steps = steps_of(visit, bills, changes, sources)
    view = {"steps": steps, "guides": _others(visit, "")}
    return Shown("developers.html", view, t("developers.page_title"), (bills,), t("developers.description"))


def steps_of(
    visit: Visit, bills: ApiReply | None, changes: ApiReply | None, sources: ApiReply | None
) -> tuple[Step, ...]:
    """The quickstart; a reply that the API did not give is left out, and the page says so."""
    found = bills.data[0]["id"] if bills is not None and bills.data else "camara-2256735"
    return (
        _step(visit, "find", "/api/v1/bills", SEARCH, _excerpt(bills, _BILL)),
        _step(visit, "open", f"/api/v1/bills/{found}", (), ""),
        _step(visit, "follow", "/api/v1/changes", CHANGES, _excerpt(changes, _CHANGE)),
        _step(visit, "trust", "/api/v1/sources", (), _excerpt(sources, _SOURCE)),
    )


async def show_guide(visit: Visit, api: Api) -> Shown:
    """A guide."""
    name = visit.params["name"]
    if name not in NAMES:
        raise NoPage()
    t = visit.words.t
    title, lead = t(f"developers.{name}"), t(f"developers.{name}_lead")
    return Shown(
        "developers_text.html", TextView(title, lead, guide(visit, name), _others(visit, name)), title, (), lead
    )


async def show_problems(visit: Visit, api: Api) -> Shown:
    """Every kind of problem that the API tells of."""
    problems = tuple(
        ShownProblem(
            one.name, one.status, one.title.told(visit.language), one.text.told(visit.language), visit.api(one.uri)
        )
        for one in PROBLEM_TYPES
    )
    title, lead = visit.words.t("developers.problems"), visit.words.t("developers.problems_lead")
    return Shown("problems.html", {"title": title, "lead": lead, "problems": problems}, title, (), lead)


def _step(visit: Visit, words: str, path: str, query: Pairs, reply: str | None) -> Step:
    t = visit.words.t
    title, text = t(f"developers.step_{words}"), t(f"developers.step_{words}_text")
    return Step(title, text, f"curl '{visit.full_api(path, query)}'", visit.api(path, query), reply)


def _excerpt(reply: ApiReply | None, names: Sequence[str]) -> str | None:
    """The items of a list with some of their fields, as the API gave them; `…` stands for what is left out."""
    if reply is None:
        return None
    shown: list[Mapping[str, Any]] = [{name: one[name] for name in names if name in one} for one in reply.data]
    lines = orjson.dumps({"data": shown}, option=orjson.OPT_INDENT_2).decode().splitlines()
    return "\n".join(lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "  …"])


def _others(visit: Visit, current: str) -> tuple[tuple[str, str, bool], ...]:
    """Name of each guide, for its address and words, and whether it is the one shown."""
    return tuple((visit.url(f"/developers/{name}"), name, name == current) for name in NAMES)


ROUTES = (
    PageRoute("/developers", show_developers),
    PageRoute("/developers/problems", show_problems),
    PageRoute("/developers/{name}", show_guide),
)
