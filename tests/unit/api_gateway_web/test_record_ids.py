"""Parameters that are ids: what can be no id is named, with how to find the id."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from api_gateway.search.filtering.values import InvalidParameter
from api_gateway.web.params.event_params import CalendarParameters, EventParameters, calendar_filter, event_filter
from api_gateway.web.params.record_filters import legislator_filter, organization_filter, vote_event_filter
from api_gateway.web.params.record_parameters import LegislatorParameters, OrganizationParameters, VoteEventParameters
from legis.languages import Text

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def votings(**asked: Any) -> Any:
    return vote_event_filter(VoteEventParameters(**asked))


def events(**asked: Any) -> Any:
    return event_filter(EventParameters(**asked), NOW)


def calendar(**asked: Any) -> Any:
    return calendar_filter(CalendarParameters(**asked), NOW)


def legislators(**asked: Any) -> Any:
    return legislator_filter(LegislatorParameters(**asked), date(2026, 11, 28))


def organizations(**asked: Any) -> Any:
    return organization_filter(OrganizationParameters(**asked))


@pytest.mark.parametrize("read", [votings, events, calendar, legislators])
@pytest.mark.parametrize("value", ["CCJC", "2003", "camara-2003", "org-2003", "camara-org-"])
def test_what_is_no_id_of_an_organization_is_named(read: Any, value: str) -> None:
    with pytest.raises(InvalidParameter, match="camara-org-2003; /api/v1/organizations") as found:
        read(organization=value)
    assert found.value.name == "organization"
    assert isinstance(found.value.text, Text)
    assert found.value.text.pt == (
        f"'{value}' não é o id de um órgão, que tem a forma camara-org-2003; /api/v1/organizations?q= o encontra"
    )


@pytest.mark.parametrize("read", [votings, events, calendar])
def test_what_is_no_id_of_a_bill_is_named(read: Any) -> None:
    with pytest.raises(InvalidParameter, match=r"'PL 25/2022' is not the id of a bill.*/api/v1/resolve"):
        read(bill=("camara-1,PL 25/2022",))
    assert read(bill=("camara-1,senado-2", "camara-1")).bill_ids == ("camara-1", "senado-2")


def test_what_is_no_id_of_a_legislator_or_parent_is_named() -> None:
    with pytest.raises(InvalidParameter, match="'foo' is not the id of a legislator"):
        votings(legislator="foo")
    with pytest.raises(InvalidParameter, match="'foo' is not the id of an organization") as found:
        organizations(parent="foo")
    assert found.value.name == "parent"


@pytest.mark.parametrize("value", ["camara-org-180", "senado-org-bloc-7", "camara-org-bloc-584", "party-pl-1985"])
def test_every_kind_of_organization_has_its_id(value: str) -> None:
    assert votings(organization=value).organization_id == value
    assert organizations(parent=value).parent_id == value


@pytest.mark.parametrize("value", ["camara-deputy-204534", "senado-senator-5012"])
def test_legislators_of_both_houses_have_their_id(value: str) -> None:
    assert votings(legislator=value).legislator_id == value
