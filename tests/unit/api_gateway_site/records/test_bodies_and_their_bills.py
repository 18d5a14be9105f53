"""Which bills, meetings and votes the page of a body has: of a committee, a board of Congress, a party, a bloc."""

import pytest
from api_gateway.site.pages.records.committee_members_page import members_view
from api_gateway.site.pages.records.committee_page import committee_view
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.visit import Visit
from unit.api_gateway_site.records.record_replies import body
from unit.api_gateway_site.replies import reply, summary


def test_the_search_for_bills_is_that_of_the_api(visit: Visit) -> None:
    link = "/api/v1/bills?organization=Mesa%20&chamber=CONGRESSO"
    board = body(house="CONGRESSO", acronym="Mesa", classification="BOARD", links={"bills": link})
    assert committee_view(visit, board, None, None).all_bills == (
        "/?organization=Mesa+&chamber=CONGRESSO&in_progress=true"
    )


def test_a_party_has_its_members_bills_and_no_meetings(visit: Visit) -> None:
    party = body(id="party-pl", links={"bills": "/api/v1/bills?party=PL"}, house=None, classification="PARTY")
    view = committee_view(visit, party, reply([summary()], page={"count": {"value": 607}}), None)
    assert (view.has_bills, view.all_bills, view.head.meets) == (True, "/?party=PL", False)
    assert [text for text, *_ in view.head.tabs] == ["Projetos", "Membros"]
    html = html_of(visit, Shown("committee.html", view, "T"), {"/"})
    assert "Projetos de parlamentares do partido" in html
    for said in ("estão lá", "Decisões", "reuni", "events.ics", "/votes"):
        assert said not in html.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("kind", ["BLOC", "FEDERATION"])
def test_bills_do_not_lie_with_a_bloc(visit: Visit, kind: str) -> None:
    view = committee_view(visit, body(classification=kind), None, None)
    assert (view.has_bills, view.head.meets, len(view.head.tabs)) == (False, False, 2)


def test_a_party_without_members_is_no_committee_of_february(visit: Visit) -> None:
    none = reply([], page={})
    view = members_view(visit, body(classification="PARTY"), none, none)
    html = html_of(visit, Shown("committee_members.html", view, "T"), {"/"})
    assert "Nenhum membro publicado agora." in html
    assert "fevereiro" not in html
