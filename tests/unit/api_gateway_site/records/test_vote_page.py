"""What a voting's page shows, from the API's item."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest
from api_gateway.site.pages.records.vote_page import vote_view
from api_gateway.site.pages.records.votes_page import votes_view
from api_gateway.site.records.member_votes import chart, party_votes
from api_gateway.site.records.party_marks import party_colour
from api_gateway.site.records.vote_facts import needed
from api_gateway.site.records.vote_sentence import vote_sentence
from api_gateway.site.rendering import Shown, html_of
from api_gateway.site.visit import Visit
from unit.api_gateway_site.records.record_replies import counts, vote, votes, voting
from unit.api_gateway_site.replies import reply, summary

_WITHOUT_NAMES = (
    "A casa decidiu sem registrar o voto de cada um.",
    "A fonte não informa como cada um votou.",
    "A casa publica o total, mas ainda não o voto de cada parlamentar.",
)
COMMITTEE = {"id": "senado-org-1", "code": "1", "acronym": "CAE", "name": "Comissão", "chamber": "SENADO"}


@pytest.mark.parametrize(
    ("changed", "portuguese", "english"),
    [
        ({}, "Por 318 a 126, a Câmara aprova o PL 14/2020", "By 318 to 126, the Câmara passes PL 14/2020"),
        ({"house": "SENADO", "turn": 2}, "o Senado aprova o PL 14/2020 em 2º turno", "passes PL 14/2020 on reading 2"),
        ({"result": "FAILED", "counts_published": counts(126, 318)}, "Por 318 a 126, a Câmara rejeita", "rejects"),
        (
            {"result": "FAILED", "counts_published": counts(240, 159)},
            "Com 240 sim e 159 não, a Câmara rejeita",
            "With 240 yes and 159 no, the Câmara rejects",
        ),
        ({"purpose": "URGENCY"}, "aprova um pedido de urgência (PL 14/2020)", "a request for urgency (PL 14/2020)"),
        ({"purpose": "SEPARATE_VOTE", "result": "KEPT"}, "a Câmara mantém um trecho", "the Câmara keeps a part"),
        (
            {"plenary": False, "organization": COMMITTEE, "result": "UNKNOWN"},
            "a comissão CAE vota o PL 14/2020; a casa não publica o resultado",
            "the committee CAE votes on PL 14/2020; the house does not publish the result",
        ),
        (
            {"plenary": False, "organization": {"id": "x", "acronym": None, "name": "Comissão de Finanças"}},
            "a Comissão de Finanças aprova",
            "the Comissão de Finanças passes",
        ),
        (
            {"plenary": False, "organization": {"id": "x", "acronym": "MESA", "name": "Mesa Diretora"}},
            "a Mesa Diretora aprova",
            "the Mesa Diretora passes",
        ),
        ({"plenary": False, "organization": {"acronym": "MESA", "name": None}}, "a Mesa aprova", "the Mesa passes"),
        (
            {"plenary": False, "organization": {"acronym": "CFT", "name": None}},
            "a comissão CFT aprova",
            "committee CFT",
        ),
        (
            {"plenary": False, "organization": {"acronym": "CEDP", "name": "Conselho de Ética"}},
            "o Conselho de Ética aprova",
            "the Conselho de Ética passes",
        ),
        ({"counts": None, "counts_published": None}, "A Câmara aprova o PL 14/2020", "The Câmara passes PL 14/2020"),
        ({"purpose": "NOT_A_VOTE"}, "Registro sem votação", "An entry without a vote"),
        ({"purpose": "NEW_KIND", "bills": []}, "a Câmara aprova uma proposta", "the Câmara passes a motion"),
        ({"subject_identifier": "PEC 3/2025"}, "aprova a PEC 3/2025", "passes PEC 3/2025"),
    ],
)
def test_the_sentence(
    visit: Visit, english_visit: Visit, changed: dict[str, Any], portuguese: str, english: str
) -> None:
    assert portuguese in vote_sentence(visit, voting(**changed))
    assert english in vote_sentence(english_visit, voting(**changed))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"subject_identifier": "PEC 1/2026"}, 308),
        ({"subject_identifier": "PEC 1/2026", "house": "SENADO", "counts_published": counts(49, 30)}, 49),
        ({"subject_identifier": "PLP 1/2026", "counts_published": counts(257, 30)}, 257),
        ({"subject_identifier": "PLP 1/2026", "house": "SENADO", "counts_published": counts(41, 30)}, 41),
        ({"subject_identifier": "PEC 1/2026", "result": "FAILED", "counts_published": counts(300, 100)}, 308),
        ({"subject_identifier": "PEC 1/2026", "counts_published": counts(300, 100)}, None),  # the record contradicts it
        ({"subject_identifier": "PEC 1/2026", "purpose": "URGENCY"}, None),
        ({"subject_identifier": "PEC 1/2026", "plenary": False, "organization": COMMITTEE}, None),
        ({"subject_identifier": "PEC 1/2026", "house": "CONGRESSO"}, None),
        ({}, None),
    ],
)
def test_the_majority_is_told_only_where_it_is_known(changed: dict[str, Any], expected: int | None) -> None:
    assert needed(voting(**changed)) == expected


def test_the_picture_has_every_vote_and_its_title_every_number(visit: Visit) -> None:
    found = votes(YES=318, NO=132, ABSTAIN=4, OBSTRUCTION=12, PRESIDING=1, ABSENT=46)
    view = vote_view(visit, voting(votes=found))
    assert view.chart is not None
    assert view.chart.picture is not None
    assert sum(path.count for path in view.chart.picture.paths) == 513
    assert (view.chart.yes, view.chart.no) == (318, 132)
    for told in ("513", "Sim 318", "Não 132", "Abstenção 4", "Obstrução 12", "Preside 1", "Ausente 46"):
        assert told in view.chart_title
    assert not view.unlisted


def test_members_stand_by_party_and_option(visit: Visit) -> None:
    found = [
        vote("NO", name="Bia", party="PL", who=None),
        vote("YES", name="Zé", party="PL"),
        vote("YES", name="Ana", party="PL"),
        vote("NEW", name="Ivo", party=None),
        vote("YES", name="Eva", party="PT"),
    ]
    first, second, last = party_votes(visit, found)
    assert (first.party, first.count, first.colour) == ("PL", 3, party_colour("PL"))
    assert [(group.option.code, [member.text for member in group.members]) for group in first.groups] == [
        ("YES", ["Ana SP", "Zé SP"]),
        ("NO", ["Bia SP"]),
    ]
    assert first.groups[1].members[0].address is None, "whom the source does not name has no page"
    assert first.groups[0].members[0].address == "/legislators/camara-deputy-1"
    assert second.party == "PT"
    assert (last.party, last.colour, last.groups[0].option.shape) == (None, None, "abst")
    assert [share.width for share in first.shares] == [667, 333]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nominal": False}, "A casa decidiu sem registrar o voto de cada um."),
        ({"nominal": None}, "A fonte não informa como cada um votou."),
        ({"nominal": True}, "A casa publica o total, mas ainda não o voto de cada parlamentar."),
        ({"nominal": True, "counts": None, "counts_published": None}, "A fonte não informa como cada um votou."),
        (
            {"nominal": None, "flags": [{"code": "VOTES_MISSING", "detail": None}]},
            "A casa publica o total, mas ainda não o voto de cada parlamentar.",
        ),
        ({"nominal": None, "result": "NO_VOTE"}, None),
        ({"nominal": False, "purpose": "NOT_A_VOTE", "result": "NO_VOTE"}, None),
    ],
)
def test_without_votes_the_page_says_why_only_as_far_as_it_is_known(
    visit: Visit, changed: dict[str, Any], said: str | None
) -> None:
    view = vote_view(visit, voting(**changed))
    assert (view.chart, view.parties) == (None, ())
    html = html_of(visit, Shown("vote.html", view, "T", (reply([]),)), frozenset())
    assert [text for text in _WITHOUT_NAMES if text in html] == ([said] if said else [])


def test_a_voting_without_votes_has_no_picture(visit: Visit) -> None:
    assert chart(visit, [], None) is None


def test_totals_that_differ_are_both_shown(visit: Visit) -> None:
    view = vote_view(visit, voting(counts_published=counts(327, 120), counts=counts(337, 120)))
    assert view.differ
    assert [(row.text, row.published, row.counted) for row in view.numbers][:2] == [
        ("Sim", 327, 337),
        ("Não", 120, 120),
    ]
    assert not vote_view(visit, voting()).differ
    only = vote_view(visit, voting(counts_published=None))
    assert (only.differ, only.numbers[0].published, only.numbers[0].counted) == (False, None, 318)


def test_flags_are_said_in_plain_words(visit: Visit) -> None:
    flags = [{"code": code, "detail": None} for code in ("VOTES_OF_ANOTHER", "DUPLICATE", "DATE_SUSPECT")]
    view = vote_view(visit, voting(flags=flags, duplicate_of="camara-vote-2"))
    assert view.of_another
    assert (view.duplicated, view.duplicate) == (True, "/votes/camara-vote-2")
    assert view.flags == ("a data publicada parece errada",)


def test_a_bill_gets_its_number_and_title_from_its_own_record(visit: Visit) -> None:
    unnamed = [{"id": "camara-1", "role": "AFFECTED", "identifier": None}]
    view = vote_view(visit, voting(bills=unnamed), reply([summary(identifier="PEC 9/2024")]))
    assert (view.bills[0].text, view.bills[0].title) == ("PEC 9/2024", "Institui o Programa Nacional de Telessaúde.")
    assert view.sentence.endswith("aprova a PEC 9/2024")
    alone = vote_view(visit, voting(bills=unnamed))
    assert (alone.bills[0].text, alone.bills[0].title) == ("projeto que ainda não lemos", None)


def test_leaders_stand_by_what_they_asked_for(visit: Visit) -> None:
    told = [
        {"label": label, "kind": "PARTY", "party_ids": [], "option": option, "option_text": None}
        for label, option in (("PT", "YES"), ("PL", "NO"), ("Governo", "YES"))
    ]
    view = vote_view(visit, voting(orientations=told))
    assert [(one.option.text, one.who) for one in view.advice] == [("Sim", ("PT", "Governo")), ("Não", ("PL",))]


def test_the_file_is_named_by_its_bill(visit: Visit, english_visit: Visit) -> None:
    view = vote_view(visit, voting(), reply([summary()]))
    assert view.csv == "/api/v1/bills/camara-1/votes?format=csv&dialect=excel-pt"
    assert view.csv_bill == "o PL 14/2020"
    assert vote_view(english_visit, voting()).csv_bill == "PL 14/2020"
    assert vote_view(visit, voting(bills=[])).csv is None
    unread = voting(bills=[{"id": "camara-1", "role": "AFFECTED", "identifier": None}])
    assert vote_view(visit, unread).csv is None, "a bill that is not there has no file"


def test_the_result_is_quoted_where_it_says_more_than_the_label(visit: Visit) -> None:
    told = vote_view(visit, voting(result_text="Aprovado com emendas"))
    assert told.result_text == "Aprovado com emendas"
    assert vote_view(visit, voting(result_text="Aprovado.")).result_text is None


def test_an_address_that_is_none_of_the_web_is_no_link(visit: Visit) -> None:
    assert vote_view(visit, voting(url="javascript:alert(1)")).official is None


def test_the_list_has_the_filters_of_its_address(visit: Visit) -> None:
    chosen = Visit(
        visit.language,
        "/votes",
        visit.now,
        visit.origins,
        (("house", "SENADO"), ("organization", "x"), ("cursor", "c")),
    )
    view = votes_view(chosen, reply([voting()], page={"next_cursor": "d"}))
    assert [one.value for one in view.houses if one.selected] == ["SENADO"]
    assert view.kept == (("organization", "x"),)
    assert view.pager.next == "/votes?house=SENADO&organization=x&cursor=d"
    assert view.pager.first == "/votes?house=SENADO&organization=x"
    assert view.csv == "/api/v1/vote-events?house=SENADO&organization=x&format=csv&dialect=excel-pt"
    assert view.rows[0].sentence.startswith("Por 318 a 126")


def test_party_colours_are_colours_with_a_source() -> None:
    text = (files("api_gateway.site.records") / "party_colours.toml").read_text("utf-8")
    assert "Source:" in text
    assert "reviewed on" in text
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in tomllib.loads(text).values())
    assert party_colour("PMDB") is None, "a name that is no more may belong to several parties"
    assert party_colour(None) is None
