"""Query parameters of legislators, organizations and votings, as filters of the store."""

from datetime import date
from typing import Any

from legis.domain.parties.party_names import parties_named
from legis.domain.records.organization_record import Classification
from legis.domain.search_text import plain
from legis.domain.vocabulary import Chamber
from legis.domain.voting import VoteOption, VotePurpose, VoteResult
from legis.languages import Text

from api_gateway.search.filtering.filters import STATES
from api_gateway.search.filtering.values import InvalidParameter, calendar_day, clean, one_of, values
from api_gateway.search.index_documents import ROLES
from api_gateway.store.records.reading.record_reader import LegislatorFilter, OrganizationFilter
from api_gateway.store.records.reading.vote_reader import VoteEventFilter
from api_gateway.web.params.record_ids import bill_ids, legislator_of, organization_of
from api_gateway.web.params.record_parameters import (
    LegislatorBillParameters,
    LegislatorParameters,
    OrganizationParameters,
    VoteEventParameters,
)

MAX_WORDS = 8
"""Words of a name that are looked up; no name of a body or person needs more."""

_house, _state = one_of(Chamber), one_of(STATES)
_classification, _purpose, _result = one_of(Classification), one_of(VotePurpose), one_of(VoteResult)
_option, _role = one_of(VoteOption), one_of(ROLES)
_NOMINAL = {"true": True, "false": False, "null": None}
_BACKWARDS = Text("is before `from`; swap the two", "é anterior a `from`; troque os dois")
_NEEDS_LEGISLATOR = Text("needs legislator: whose vote it is", "exige legislator: de quem é o voto")


def legislator_filter(asked: LegislatorParameters, today: date) -> LegislatorFilter:
    """The filter that the parameters describe. Raises InvalidParameter."""
    return LegislatorFilter(
        house=_single("house", asked.house, _house),
        state=_single("state", asked.state, _state),
        party=None if asked.party is None else parties_named(clean("party", asked.party, 40))[0],
        in_office=asked.in_office,
        legislature=asked.legislature,
        name_words=name_words(asked.q),
        organization_id=organization_of("organization", asked.organization),
        member_on=today,
    )


def organization_filter(asked: OrganizationParameters) -> OrganizationFilter:
    """The filter that the parameters describe. Raises InvalidParameter."""
    return OrganizationFilter(
        house=_single("house", asked.house, _house),
        classifications=_all("classification", asked.classification, _classification),
        active=asked.active,
        parent_id=organization_of("parent", asked.parent),
        name_words=name_words(asked.q),
    )


def vote_event_filter(asked: VoteEventParameters) -> VoteEventFilter:
    """The filter that the parameters describe. Raises InvalidParameter."""
    since, until = period(asked.from_day, asked.to_day)
    options = _all("option", asked.option, _option)
    if options and asked.legislator is None:
        raise InvalidParameter("option", _NEEDS_LEGISLATOR)
    return VoteEventFilter(
        house=_single("house", asked.house, _house),
        organization_id=organization_of("organization", asked.organization),
        bill_ids=bill_ids(asked.bill),
        purposes=_all("purpose", asked.purpose, _purpose),
        results=_all("result", asked.result, _result),
        nominal=_NOMINAL.get(asked.nominal or ""),
        nominal_unknown=asked.nominal == "null",
        legislator_id=legislator_of("legislator", asked.legislator),
        options=options,
        since=since,
        until=until,
    )


def roles(asked: LegislatorBillParameters) -> tuple[str, ...]:
    """The requested roles of a legislator in a bill; all of them if none is named. Raises InvalidParameter."""
    return _all("role", asked.role, _role) or ROLES


def period(first: str | None, last: str | None) -> tuple[date | None, date | None]:
    """The days of `from` and `to`. Raises InvalidParameter."""
    since, until = day("from", first), day("to", last)
    if since is not None and until is not None and until < since:
        raise InvalidParameter("to", _BACKWARDS)
    return since, until


def day(name: str, value: str | None) -> date | None:
    """A day, or None where none is given. Raises InvalidParameter."""
    return None if value is None else calendar_day(name, clean(name, value, 40))


def name_words(text: str | None) -> tuple[str, ...]:
    """The words of a name without case and marks, as the store compares them. Raises InvalidParameter."""
    return () if text is None else tuple(plain(clean("q", text, 100)).split()[:MAX_WORDS])


def _single(name: str, value: str | None, read: Any) -> str | None:
    return None if value is None else read(name, clean(name, value, 40))


def _all(name: str, given: tuple[str, ...], read: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(read(name, value) for value in values(name, given)))
