"""What a bill's page shows, from the replies about it."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from api_gateway.site.api_client import ApiReply
from api_gateway.site.bills.bill_address import bears_alone, label_of, readable
from api_gateway.site.bills.bill_changes import field_change, field_label, last_change
from api_gateway.site.pages.bill_page import BillParts, bill_view, shown_bill
from api_gateway.site.rendering import html_of
from api_gateway.site.visit import Visit, outside
from api_gateway.site.wording import words_of
from hypothesis import given, settings
from hypothesis import strategies as st
from legis.domain.changed_fields import EDITED_FIELDS, MOVED_FIELDS
from legis.languages import Language
from unit.api_gateway_site.conftest import NOW, ORIGINS
from unit.api_gateway_site.replies import bill, entry, evidence, journey, reply, summary

PAGES = frozenset({"/", "/votes/{vote_id}"})
DECIDED = ("text", "destination_text")
HOSTILE = st.text(st.sampled_from("<>&\"'/ {}%=;:()!-\\ab\u2028éscriptonload"), min_size=1, max_size=40)


def _parts(of: dict[str, Any], way: ApiReply | None = None) -> BillParts:
    counts = {"yes": 318, "no": 132, "abstain": 4, "other": 13}
    vote = {
        "id": "camara-vote-1", "house": "CAMARA", "nominal": True, "bills": [], "result": "PASSED",
        "purpose": "PASSAGE", "description": "Aprovado.", "secret": False,
        "organization": None, "date": "2026-11-01", "counts": counts, "counts_published": None,
    }  # fmt: skip
    return BillParts(reply(of), way or journey(), reply([]), reply([vote]), reply([summary(id="camara-2")]))


class _Seen(HTMLParser):
    """Elements with their attributes, and what stands in scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []
        self.text = ""
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self.blocks.append(data)
        else:
            self.text += data


def test_a_plain_bill(visit: Visit) -> None:
    view = bill_view(visit, _parts(bill()))
    assert (view.status.text, view.body) == ("Aguarda parecer", "Comissão de Assuntos Sociais")
    assert view.votings is not None
    assert view.votings.pictured is not None
    assert [(share.text, share.count) for share in view.votings.pictured.row.tally.shares] == [  # type: ignore[union-attr]
        ("Sim", 318), ("Outros", 17), ("Não", 132),
    ]  # fmt: skip
    assert view.json == "https://legis.example/api/v1/bills/camara-1"


def test_what_an_amendment_became(visit: Visit) -> None:
    view = bill_view(visit, _parts(bill(type="PEC", status="ENACTED")))
    assert view.status.text == "Virou emenda à Constituição"


def test_only_open_rapporteurs_are_named(visit: Visit) -> None:
    who = {"name": "Ana", "party": "PT", "state": "SP", "legislator_id": None, "ended_on": None}
    view = bill_view(visit, _parts(bill(rapporteurs=[{**who, "ended_on": "2025-01-01"}, {**who, "name": "Bia"}])))
    assert [one.name for one in view.rapporteurs] == ["Bia"]


def test_the_same_bill_in_the_other_house_is_not_similar(visit: Visit) -> None:
    other = {"id": "camara-2", "source": "senado", "identifier": "PL 1/2024", "rule": "SAME_IDENTIFIER",
             "confidence": 0.9, "evidence_parts": [], "title": None}  # fmt: skip
    view = bill_view(visit, _parts(bill(counterparts=[other])))
    assert view.similar == ()
    assert view.records[1].link.confidence == "90\u00a0%"  # type: ignore[union-attr]


def test_the_path_says_what_is_ahead_only_where_it_is_sure(visit: Visit) -> None:
    stage = {"stage": "COMMITTEE", "step": None, "house": "CAMARA", "start": "2026-01-01", "end": None, "days": 30}
    way = journey(stages=[stage])
    ahead = [step.text for step in bill_view(visit, _parts(bill(), way)).path.steps]  # type: ignore[union-attr]
    assert ahead == ["Comissões, Câmara", "Outra casa", "Sanção", "Lei"]
    request = bill_view(visit, _parts(bill(type="REQ"), way)).path
    ended = bill_view(visit, _parts(bill(in_progress=False), way)).path
    assert [len(one.steps) for one in (request, ended) if one] == [1, 1]


@pytest.mark.parametrize("language", list(Language))
def test_a_changed_field_is_named_in_words(language: Language) -> None:
    words = words_of(language)
    assert not [name for name in (*MOVED_FIELDS, *EDITED_FIELDS) if "_" in field_label(words, name)]
    assert field_label(words, "unheard_of") == "unheard_of"


def test_a_part_that_the_api_did_not_give_is_said(visit: Visit) -> None:
    parts = BillParts(reply(bill()), None, None, None, None)
    html = html_of(visit, shown_bill(visit, parts), PAGES)
    assert html.count("Não conseguimos buscar esta parte agora.") == 5


def test_missing_values_are_said_to_be_missing(visit: Visit) -> None:
    html = html_of(visit, shown_bill(visit, _parts(bill(title=None, sponsorships=[], documents=[]))), PAGES)
    assert html.count("A fonte não informa") >= 4


@pytest.mark.parametrize("language", list(Language))
@settings(max_examples=25)
@given(text=HOSTILE)
def test_no_stored_text_becomes_markup(language: Language, text: str) -> None:
    """Every text that a source may write, in every place at once: the page has the same elements as with plain text."""
    visit = Visit(language, "/bills/camara-1", NOW, ORIGINS)
    plain, hostile = (_Seen(html_of(visit, shown_bill(visit, _filled(one)), PAGES)) for one in ("plain", text))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert [sorted(attributes) for _, attributes in hostile.elements] == [sorted(one) for _, one in plain.elements]
    assert json.loads(hostile.blocks[0])["abstract"] == text
    assert hostile.text.count(text) >= plain.text.count("plain") - 2  # titles are cut in some places


@settings(max_examples=25)
@given(text=HOSTILE)
def test_no_identifier_becomes_markup_in_the_head(text: str) -> None:
    visit = Visit(Language.PORTUGUESE, "/bills/camara-1", NOW, ORIGINS)
    plain, hostile = (_Seen(html_of(visit, shown_bill(visit, _filled(one, one)), PAGES)) for one in ("ab", text))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    shared = {one.get("property"): one.get("content") for tag, one in hostile.elements if tag == "meta"}
    assert shared["og:title"] == f"{text}: Aguarda parecer na Câmara".strip()
    assert shared["og:description"] == text
    assert json.loads(hostile.blocks[0])["name"] == f"{text}, {text}"


def _filled(text: str, identifier: str = "PL 1432/2024") -> BillParts:
    who = {"name": text, "party": text, "state": text, "legislator_id": text, "kind": "LEGISLATOR", "ended_on": None}
    body = {"id": "x", "acronym": text, "name": text}
    of = bill(
        identifier=identifier, abstract=text + text, keywords=[text], decision=dict.fromkeys(DECIDED, text),
        related_bills=[{"kind": "JOINED_TO", "upstream_id": None, "identifier": text, "url": None, "title": text}],
        title=text, nickname=text, type_text=text, status_text=text, organization=body, sponsorships=[who] * 5,
        rapporteurs=[who], subjects=[{"code": "1", "name": text}], regime_text=text, urn_lex=text,
        other_identifiers=[text], enactment={"title": text}, url="https://a.b/?x=" + text,
        documents=[{"url": "https://a.b/" + text, "title": text, "kind": "OTHER", "kind_text": text,
                    "media_type": None, "published_on": None}],
        counterparts=[{"id": text, "source": "senado", "identifier": text, "rule": text, "confidence": 0.5,
                       **evidence(text), "title": text}],
        next_event={"id": text, "start": "2026-12-01T12:00:00Z", "status": "CONFIRMED", "organization_name": text,
                    "location": text},
    )  # fmt: skip
    change = {"field": "title", "old": text, "new": text}
    version = {"kind": "EDITED", "changes": [change], "changed_at": "2026-11-01T00:00:00Z", "version": 2}
    way = journey(entry(text=text, organization=body, type="VOTE_EVENT", id=text))
    found = [summary(id=text, title=text, identifier=text, nickname=text)]
    return replace(_parts(of, way), versions=reply([version]), similar=reply(found))


def test_only_addresses_of_the_web_become_links() -> None:
    assert outside("https://a.b") == "https://a.b"
    assert outside("javascript:alert(1)") is None
    assert outside(None) is None


def test_the_last_change_is_the_newest_news(visit: Visit) -> None:
    status = {"field": "status", "old": "AWAITING_RAPPORTEUR", "new": "AWAITING_OPINION", "kind": "MOVED"}
    versions = [
        {"kind": "READ", "changes": [{"field": "title", "old": None, "new": "x"}], "changed_at": "3", "version": 3},
        {
            "kind": "MOVED",
            "changes": [{"field": "url", "old": "a", "new": "b"}, status],
            "changed_at": "2",
            "version": 2,
        },
    ]
    found = last_change(visit, versions)
    assert found is not None
    assert (found.version, found.changes[0].field) == (2, "Situação")
    assert (found.changes[0].old, found.changes[0].new) == ("Aguarda relatoria", "Aguarda parecer")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("in_progress", False, "Não"),
        ("status_on", "2026-11-27", "27 nov 2026"),
        ("rapporteurs", [{"name": "Ana", "party": "PL", "ended_on": "2026-11-27"}], "Ana, PL, até 27 nov 2026"),
        ("agenda", [{"start": "2026-12-01T12:00:00Z", "organization_name": "CAS"}], "1º dez 2026, 9h, CAS"),
        ("actions", [{"description": "a"}, {"description": "b"}], "2 registros"),
        ("documents", [], None),
        ("title", "x" * 200, "x" * 160 + " […]"),
        ("rapporteurs", [{"name": "Ana", "party": "PT", "state": "SP"}], "Ana, PT-SP"),
    ],
)
def test_a_value_in_words(visit: Visit, field: str, value: Any, said: str | None) -> None:
    assert field_change(visit, {"field": field, "old": None, "new": value}).new == said


def test_readable_addresses() -> None:
    assert readable(bill()) == "/pl/1432/2024"
    assert readable(bill(identifier="PL 1432/2024 (Substitutivo)")) is None
    assert readable(bill(number=None)) is None
    assert label_of("pl", "15", "2022") == "PL 15/2022"
    for wrong in (("../x", "1", "2024"), ("pl", "0", "2024"), ("pl", "1", "24"), ("pl", "1e3", "2024")):
        assert label_of(*wrong) is None


def test_a_number_of_two_unrelated_bills_leads_to_none_alone() -> None:
    other = summary(id="senado-9")
    assert bears_alone(bill(), [summary(), summary(id="senado-9", identifier="PL 9/2024")])
    assert not bears_alone(bill(), [summary(), other])
    assert bears_alone(bill(counterparts=[{"id": "senado-9"}]), [summary(), other])


@pytest.mark.parametrize(("flags", "said"), [((), "history_none"), (("NOT_READ_WHOLE",), "not_read")])
def test_an_empty_history_that_was_not_read_is_not_said_to_be_empty(
    visit: Visit, flags: tuple[str, ...], said: str
) -> None:
    warned = bill(quality_flags=[{"code": code, "field": "actions", "detail": None} for code in flags])
    parts = replace(_parts(warned, journey()), votes=reply([]))
    text = _Seen(html_of(visit, shown_bill(visit, parts), PAGES)).text
    assert (visit.words.t(f"bill.{said}") in text, visit.words.t("bill.votes_none") in text) == (True, not flags)
    assert (visit.words.t("bill.history_none") in text) is not bool(flags)


@pytest.mark.parametrize("unread", [False, True])
def test_steps_of_the_other_house_that_were_not_read_are_said_to_be_missing(visit: Visit, unread: bool) -> None:
    flags = [{"code": "NOT_READ_WHOLE", "field": "actions", "detail": None}] if unread else []
    parts = replace(_parts(bill(), journey(entry())), other=reply(bill(id="senado-1", quality_flags=flags)))
    text = _Seen(html_of(visit, shown_bill(visit, parts), PAGES)).text
    assert (visit.words.t("bill.partly_read") in text) == unread
