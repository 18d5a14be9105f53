"""The HTML of the pages of records: both languages, every text escaped, light enough."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from api_gateway.site.app import ROUTES
from api_gateway.site.pages.records.agenda_page import agenda_view
from api_gateway.site.pages.records.agreement_page import agreement_view
from api_gateway.site.pages.records.changes_page import Stretch, changes_view
from api_gateway.site.pages.records.committee_members_page import members_view
from api_gateway.site.pages.records.committee_page import committee_view
from api_gateway.site.pages.records.committees_page import committees_view
from api_gateway.site.pages.records.legislator_page import legislator_view, shown_legislator
from api_gateway.site.pages.records.legislator_votes_page import legislator_votes_view
from api_gateway.site.pages.records.legislators_page import legislators_view
from api_gateway.site.pages.records.meeting_page import meeting_view, shown_meeting
from api_gateway.site.pages.records.vote_page import shown_vote, vote_view
from api_gateway.site.pages.records.votes_page import votes_view
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.visit import Visit
from hypothesis import given, settings
from hypothesis import strategies as st
from legis.languages import Language
from unit.api_gateway_site.conftest import NOW, ORIGINS
from unit.api_gateway_site.records.record_replies import (
    body,
    change,
    event,
    item,
    legislator,
    membership,
    vote,
    votes,
    voting,
)
from unit.api_gateway_site.replies import evidence, reply, summary

PAGES = frozenset(route.path for route in ROUTES)
MOST_NODES = 1500
HOSTILE = st.text(st.sampled_from("<>&\"'/ {}%=;:()!-\\ab\u2028éscriptonload"), min_size=1, max_size=40)
Poison = Callable[[Any], Any]
TEXTS = frozenset(
    {"name", "civil_name", "description", "title", "text", "label", "acronym", "role", "end_reason", "party",
     "party_text", "state", "identifier", "location", "rapporteur", "outcome_text", "status_text", "option_text",
     "classification_text", "note", "url", "old", "new", "legislator_name", "nickname", "subject_identifier"}
)  # fmt: skip
"""Members of replies whose value is anything that a house wrote."""


def _views(visit: Visit, poison: Poison) -> list[tuple[str, Any]]:
    """Every template of these pages with a view of replies that have every part."""
    stays = [
        membership(kind, role="R", end_date=end)
        for kind in ("TERM", "PARTY", "COMMITTEE", "LEAVE")
        for end in (None, "2020-01-01")
    ]
    same = [{"id": "senado-senator-1", "rule": "NEW_RULE", **evidence("x")}]
    flags = [{"code": "PARTY_UNRESOLVED", "field": "party", "detail": None}]
    person = legislator(
        memberships=stays, same_person=same, flags=flags, other_names=[{"name": "A"}], death_date="2020-01-01"
    )
    members = [vote("YES"), vote("NO", party=None, who=None), vote("ABSENT", party="XYZ"), vote("NEW")]
    advice = [{"label": "PT", "kind": "PARTY", "option": "YES", "option_text": "Sim", "party_ids": []}]
    whole = voting(votes=members, orientations=advice, flags=[{"code": "DATE_SUSPECT", "detail": None}], secret=True,
                   url="https://x.test", subject_identifier="PEC 1/2026", duplicate_of="camara-vote-2")  # fmt: skip
    items = [item(n, text="T", rapporteur="R", rapporteur_id="camara-deputy-1", outcome="APPROVED", outcome_text="O",
                  vote_event_id="camara-vote-1") for n in range(8)]  # fmt: skip
    met = event(agenda=items, status="MOVED", moved_to="camara-event-2", moved_from="camara-event-0", url="https://x.test",
                media=[{"url": "https://x.test", "note": "N"}], description="D", flags=flags)  # fmt: skip
    org = body(other_names=[{"name": "Antes"}], parent_id="camara-org-2", founding_date="1990-01-01", url="https://x.test",
               successors=[{"id": "party-x", "kind": "MERGED", "date": None}], flags=flags, active=None)  # fmt: skip
    told = {"a": {"name": "A"}, "b": {"name": "PT"}, "same": 42, "common": 64, "rate": 0.6, "one_sided": {"count": 3},
            "definition": "https://x.test"}  # fmt: skip
    person, whole, met, org, bill = (poison(one) for one in (person, whole, met, org, summary()))
    bills, page = reply([bill], page={"count": {"value": 1}}), {"next_cursor": "c", "next": "/n"}
    own = reply([{"option": "YES", "party": "P", "vote_event": whole}], page=page)
    seats = reply(poison(stays), page=page)
    entries = (poison(change(1)), change(2, kind="CREATED", changes=[]))
    return [
        ("vote.html", vote_view(visit, whole, bills)),
        ("votes.html", votes_view(visit, reply([whole], page=page))),
        ("legislators.html", legislators_view(visit, reply([person], page=page))),
        ("legislator.html", legislator_view(visit, person, own, bills)),
        ("legislator_votes.html", legislator_votes_view(visit, reply(person), own)),
        ("agreement.html", agreement_view(visit, reply(person), reply(told), "PT")),
        ("committees.html", committees_view(visit, reply([org], page=page))),
        ("committee.html", committee_view(visit, org, bills, reply([{**met, "start": "2026-12-01T10:00:00Z"}, met]))),
        ("committee_members.html", members_view(visit, org, seats, seats)),
        ("agenda.html", agenda_view(visit, date(2026, 11, 23), [reply([met], page={})])),
        ("meeting.html", meeting_view(visit, met)),
        ("changes.html", changes_view(visit, Stretch(entries, 0, {"camara-1": bill["title"]}, ()))),
    ]  # fmt: skip


class _Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _visit(language: Language) -> Visit:
    return Visit(language, "/x", NOW, ORIGINS)


def _html(visit: Visit, template: str, view: Any) -> str:
    return html_of(visit, Shown(template, view, "T", (reply([]),)), PAGES)


def _whole_pages(visit: Visit, text: str) -> list[Shown]:
    """Pages with the title and the description that they have themselves, made of the texts of a house."""
    who = {"acronym": text, "name": None, "id": "x"}
    named = [{"id": "camara-1", "role": "AFFECTED", "identifier": text}]
    voted = voting(plenary=False, organization=who, bills=named, result_text=text, subject_identifier=text)
    own = reply([{"option": "YES", "party": text, "vote_event": voted}], page={})
    return [
        shown_vote(visit, reply(voted), reply([summary(identifier=text, title=text)])),
        shown_legislator(visit, reply(legislator(name=text, party=text, state=text)), own, None),
        shown_meeting(visit, reply(event(organizations=[{**who, "name": text}], name=text))),
    ]


@settings(max_examples=10, deadline=None)
@given(text=HOSTILE)
def test_titles_of_pages_and_of_shared_links_are_text(text: str) -> None:
    visit = _visit(Language.PORTUGUESE)
    for plain, hostile in zip(_whole_pages(visit, "ab"), _whole_pages(visit, text), strict=True):
        expected, seen = (_Seen(html_of(visit, one, PAGES)) for one in (plain, hostile))
        head = seen.elements[: [tag for tag, _ in seen.elements].index("body")]
        assert [tag for tag, _ in head] == [tag for tag, _ in expected.elements[: len(head)]], hostile.template
        shared = {one.get("property") or one.get("name"): one.get("content") for tag, one in head if tag == "meta"}
        assert (shared["og:title"], shared["og:description"]) == (hostile.title, hostile.description)
        assert text in hostile.title
        assert not [tag for tag, a in seen.elements if any(name.startswith("on") for name in a)]


def test_a_legislature_is_an_ordinal_of_the_language() -> None:
    for language, told in ((Language.PORTUGUESE, "56ª, 57ª"), (Language.ENGLISH, "56th, 57th")):
        page = shown_legislator(_visit(language), reply(legislator()), None, None)
        assert told in _Seen(html_of(_visit(language), page, PAGES)).text


def test_a_meeting_without_a_time_says_so() -> None:
    visit = _visit(Language.PORTUGUESE)
    view = agenda_view(visit, date(2026, 11, 23), [reply([event()], page={})])
    days = [replace(day, meetings=tuple(replace(one, start=None) for one in day.meetings)) for day in view.days]
    text = _Seen(_html(visit, "agenda.html", replace(view, days=tuple(days)))).text
    assert ("?" in text, "Horário não informado" in text) == (False, True)


def _same(value: Any) -> Any:
    return value


def _poisoned(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {
            key: text
            if key in TEXTS and isinstance(inner, str)
            else [text]
            if key == "evidence"
            else _poisoned(inner, text)
            for key, inner in value.items()
        }
    return [_poisoned(inner, text) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("language", list(Language))
def test_every_page_is_made_in_both_languages(language: Language) -> None:
    visit = _visit(language)
    for template, view in _views(visit, _same):
        seen = _Seen(_html(visit, template, view))
        headings = [tag for tag, _ in seen.elements if tag in ("h1", "h2", "h3")]
        assert headings.count("h1") == 1, template
        ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), template
        assert not [tag for tag, attributes in seen.elements if "style" in attributes], template
        assert all("None" not in (attributes.get("href") or "") for _, attributes in seen.elements), template
        assert "{" not in seen.text.replace("{number}", ""), template


def _empty(visit: Visit) -> list[tuple[str, Any]]:
    nothing = reply([], page={})
    bare = voting(
        counts=None, counts_published=None, organization=None, bills=[], description=None, date=None, at=None,
        nominal=None, event_id=None,
    )  # fmt: skip
    stranger = legislator(party=None, state=None, counts={"votes": 0})
    return [
        ("vote.html", vote_view(visit, bare)),
        ("votes.html", votes_view(visit, nothing)),
        ("legislators.html", legislators_view(visit, nothing)),
        ("legislator.html", legislator_view(visit, stranger, nothing, nothing)),
        ("legislator.html", legislator_view(visit, legislator(), None, None)),
        ("legislator_votes.html", legislator_votes_view(visit, reply(legislator()), nothing)),
        ("agreement.html", agreement_view(visit, reply(legislator()), None, "")),
        ("committees.html", committees_view(visit, nothing)),
        ("committee.html", committee_view(visit, body(name=None, acronym=None), None, None)),
        ("committee.html", committee_view(visit, body(), nothing, nothing)),
        ("committee_members.html", members_view(visit, body(), nothing, nothing)),
        ("agenda.html", agenda_view(visit, date(2026, 11, 23), [nothing])),
        ("meeting.html", meeting_view(visit, event(organizations=[], name=None, start=None, location=None))),
        ("changes.html", changes_view(visit, Stretch((), 0, {}, ()))),
    ]  # fmt: skip


@pytest.mark.parametrize("language", list(Language))
def test_what_is_missing_is_said(language: Language) -> None:
    visit = _visit(language)
    for template, view in _empty(visit):
        seen = _Seen(_html(visit, template, view))
        assert "None" not in seen.text, template


@settings(max_examples=10, deadline=None)
@given(text=HOSTILE)
def test_no_stored_text_becomes_markup(text: str) -> None:
    visit = _visit(Language.PORTUGUESE)
    for template, view in _views(visit, lambda one: _poisoned(one, f"<{text}>")):
        seen = _Seen(_html(visit, template, view))
        assert not [tag for tag, attributes in seen.elements if any(name.startswith("on") for name in attributes)]
        assert not [1 for tag, a in seen.elements if (a.get("href") or "").lower().startswith(("javascript:", "data:"))]
        assert {tag for tag, _ in seen.elements} <= _plain()[template], template


@cache
def _plain() -> dict[str, set[str]]:
    """The elements of each page whose texts are plain."""
    visit = _visit(Language.PORTUGUESE)
    views = _views(visit, lambda one: _poisoned(one, "ab"))
    return {template: _tags(_html(visit, template, view)) for template, view in views}


def _tags(html: str) -> set[str]:
    return {tag for tag, _ in _Seen(html).elements} | {"a", "span", "b"}


def test_a_voting_of_the_whole_house_stays_light() -> None:
    visit = _visit(Language.PORTUGUESE)
    parties = [f"P{number}" for number in range(22)]
    members = votes(YES=318, NO=132, ABSTAIN=4, OBSTRUCTION=12, PRESIDING=1, ABSENT=46)
    members = [{**one, "party": parties[place % len(parties)]} for place, one in enumerate(members)]
    html = _html(visit, "vote.html", vote_view(visit, voting(votes=members)))
    assert len(members) == 513
    assert len(_Seen(html).elements) <= MOST_NODES
    assert (
        sum((attributes.get("href") or "").startswith("/legislators/") for _, attributes in _Seen(html).elements) >= 513
    )


def test_the_fullest_pages_of_the_agenda_stay_light() -> None:
    visit = _visit(Language.PORTUGUESE)
    events = [event(n, start=f"2026-11-{23 + n % 5}T13:00:00Z", agenda=[item(m) for m in range(30)]) for n in range(60)]
    html = _html(visit, "agenda.html", agenda_view(visit, date(2026, 11, 23), [reply(events, page={})]))
    assert len(_Seen(html).elements) <= MOST_NODES


def test_an_empty_stretch_of_changes_is_said_once() -> None:
    older = Visit(Language.PORTUGUESE, "/changes", NOW, ORIGINS, (("before", "5"),))
    html = _html(older, "changes.html", changes_view(older, Stretch((), 0, {}, ())))
    assert html.count(older.words.t("changes.none")) == 1
    today = Visit(Language.PORTUGUESE, "/changes", NOW, ORIGINS)
    empty = _html(today, "changes.html", changes_view(today, Stretch((), 0, {}, ())))
    assert empty.count(today.words.t("changes.none_today")) == 1


def test_changes_of_another_year_have_it() -> None:
    visit = Visit(Language.PORTUGUESE, "/changes", NOW, ORIGINS)
    log = (change(1, changed_at="2025-11-28T14:00:00Z"), change(2, changed_at="2026-11-27T14:00:00Z"))
    html = _html(visit, "changes.html", changes_view(visit, Stretch(log, 0, {}, ())))
    assert ">Sexta, 28 nov 2025<" in html
    assert ">Sexta, 27 nov<" in html
