"""What parameters, cursors and names of bills are read as."""

from datetime import UTC, datetime
from typing import Any

import pytest
from api_gateway.search.filtering.bill_filter import Sort, SortKey
from api_gateway.search.filtering.nearest_word import nearest
from api_gateway.search.filtering.values import InvalidParameter, instant, no_value
from api_gateway.search.language.labels import LabelQuery
from api_gateway.search.resolve import Reference
from api_gateway.web.params.bill_reference import read_reference
from api_gateway.web.params.cursor import decode_offset, decode_place, encode_offset, encode_place, question_hash
from api_gateway.web.params.input_errors import input_errors
from api_gateway.web.params.list_request import bill_sort, chosen_facets, chosen_fields
from api_gateway.web.params.parameters import BillParameters
from api_gateway.web.params.record_parameters import AgreementParameters, LegislatorParameters
from api_gateway.web.params.subscription_params import ReplayRequest, SubscriptionChange, SubscriptionRequest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.vocabulary import BillStatus
from legis.languages import Text
from pydantic import BaseModel, ValidationError


def test_an_order_is_read_and_relevance_needs_words() -> None:
    assert bill_sort(BillParameters()) == Sort(SortKey.LAST_ACTION_AT, descending=True)
    assert bill_sort(BillParameters(sort="introduced_on")) == Sort(SortKey.INTRODUCED_ON, descending=False)
    assert bill_sort(BillParameters(sort="relevance", q="lei")).key is SortKey.RELEVANCE
    for wrong in (BillParameters(sort="relevance"), BillParameters(sort="-relevance", q="lei")):
        with pytest.raises(InvalidParameter):
            bill_sort(wrong)


def test_fields_and_facets_are_each_there_once() -> None:
    assert chosen_fields(BillParameters(fields=["title,id", "title"])) == ("id", "title")
    assert chosen_fields(BillParameters()) == ()
    assert chosen_facets(BillParameters(facets=["year,party", "year"])) == ("year", "party")
    with pytest.raises(InvalidParameter, match="did you mean party"):
        chosen_facets(BillParameters(facets=["partys"]))


def test_days_are_brasilias_and_instants_exact() -> None:
    assert instant("x", "2026-11-23") == datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert instant("x", "2026-11-23", day_end=True) == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert instant("x", "2018-12-01") == datetime(2018, 12, 1, 2, tzinfo=UTC)  # summer time then
    assert instant("x", "2026-11-23T12:00:00Z", day_end=True) == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert instant("x", "2026-11-23T12:00:00 03:00") == datetime(2026, 11, 23, 9, tzinfo=UTC)  # `+` as it arrives
    for wrong in ("2026-11-31", "2026", "2026-11-23T12:00:00", "9999-12-31T23:59:59-23:59", "now"):
        with pytest.raises(InvalidParameter):
            instant("x", wrong)


def test_the_nearest_word_is_found() -> None:
    assert nearest("chambr", ["q", "chamber", "type"]) == "chamber"
    assert nearest("x", []) is None


@given(st.integers(0, 2**63 - 2))
def test_a_cursor_gives_back_its_place(place: int) -> None:
    cursor = encode_place(place, "question")
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_place(cursor, "question") == place
    with pytest.raises(InvalidParameter, match="other parameters"):
        decode_place(cursor, "another")


@pytest.mark.parametrize("place", [-1, 2**63 - 1, 2**63, True, 1.5, "1"])
def test_no_other_place_comes_out_of_a_cursor(place: int) -> None:
    with pytest.raises(InvalidParameter):
        decode_place(encode_place(place, "q"), "q")


@given(st.binary(max_size=60).map(lambda b: b.decode("latin-1")) | st.text(max_size=60))
def test_anything_else_is_no_cursor(text: str) -> None:
    for decode in (lambda: decode_place(text, "q"), lambda: decode_offset(text, "q")):
        with pytest.raises(InvalidParameter):
            decode()


def test_offsets_are_bound_too() -> None:
    assert decode_offset(encode_offset(40, "q"), "q") == 40
    with pytest.raises(InvalidParameter):
        decode_offset(encode_offset(-1, "q"), "q")


def test_a_page_may_change_its_size_but_not_its_question() -> None:
    one = question_hash("/a", BillParameters(type=["PL"], limit=1, cursor="x"))
    assert one == question_hash("/a", BillParameters(type=["PL"], limit=5))
    assert one != question_hash("/a", BillParameters(type=["PEC"]))
    assert one != question_hash("/b", BillParameters(type=["PL"]))


@pytest.mark.parametrize(
    ("q", "kind", "source", "upstream_id"),
    [
        ("https://www.camara.leg.br/proposicoesWeb/fichadetramitacao?idProposicao=2256735", "URL", "camara", "2256735"),
        ("www.camara.leg.br/propostas-legislativas/2256735", "URL", "camara", "2256735"),
        ("camara.leg.br/propostas-legislativas/2256735", "URL", "camara", "2256735"),
        ("Camara.leg.br/proposicoesWeb/fichadetramitacao?idProposicao=2256735", "URL", "camara", "2256735"),
        ("www25.senado.leg.br/web/atividade/materias/-/materia/141944", "URL", "senado", "141944"),
        ("https://dadosabertos.camara.leg.br/api/v2/proposicoes/2256735/autores", "URL", "camara", "2256735"),
        ("https://www25.senado.leg.br/web/atividade/materias/-/materia/141944", "URL", "senado", "141944"),
        ("https://legis.senado.leg.br/dadosabertos/materia/141944", "URL", "senado", "141944"),
        ("https://legis.senado.leg.br/dadosabertos/processo/7914763?v=1", "URL", "senado", "7914763"),
        ("141944", "UPSTREAM_ID", None, "141944"),
    ],
)
def test_pages_of_the_houses_are_read(q: str, kind: str, source: str | None, upstream_id: str) -> None:
    found, reference = read_reference(q)
    assert (found, reference.source, reference.upstream_id) == (kind, source, upstream_id)


def test_other_names_are_read() -> None:
    assert read_reference("URN:LEX:br:x")[1].urn == "urn:lex:br:x"
    assert read_reference("https://www.lexml.gov.br/urn/urn:lex:br:x;1")[1].urn == "urn:lex:br:x;1"
    assert read_reference("CAMARA-12")[1].id == "camara-12"
    assert read_reference("PEC 6/2019")[1].label == LabelQuery(keys=("PEC 6/2019",))
    assert read_reference("2630/2020")[1].label == LabelQuery(number=2630, year=2020)
    assert read_reference("Lei nº 8.069/90") == ("LAW", Reference(law="LEI 8069/1990"))
    assert read_reference("urn:lex:br:federal:lei:1990-07-13;8069") == ("LAW", Reference(law="LEI 8069/1990"))
    assert (
        read_reference("https://www.lexml.gov.br/urn/urn:lex:br:federal:lei:1990-07-13;8069")[1].law == "LEI 8069/1990"
    )
    suffixed = read_reference("PL 458/2021 (Substitutivo-CD)")[1].label
    assert suffixed == LabelQuery(keys=("PL 458/2021 (SUBSTITUTIVO-CD)",))


@pytest.mark.parametrize(
    "base", ["", "https://legis.example", "legis.example", "HTTP://127.0.0.1:5006", "api.example/v"]
)
def test_our_own_pages_are_read(base: str) -> None:
    own = ("https://legis.example/", "http://127.0.0.1:5006", "https://api.example/v", "")
    label = Reference(label=LabelQuery(keys=("PL 2630/2020",), also=("PLS 2630/2020", "PLC 2630/2020")))
    for path in ("/pl/2630/2020", "/en/pl/2.630/2020/", "/PL/2630/2020?lang=en#texto"):
        assert read_reference(base + path, own) == ("URL", label)
    for path in ("/bills/camara-2256735", "/en/bills/camara-2256735/", "/api/v1/bills/camara-2256735/actions"):
        assert read_reference(base + path, own) == ("URL", Reference(id="camara-2256735"))
    assert read_reference(f"{base}/lei/14.811/2024", own) == ("URL", Reference(law="LEI 14811/2024"))
    for path in ("/", "/agenda", "/bills/foo", "/pl/2630", "/votes/camara-vote-1-2"):
        with pytest.raises(InvalidParameter):
            read_reference(base + path, own)


def test_a_body_behind_a_label_is_read_with_and_without_its_hyphen() -> None:
    keys = {"REQ 5/2022 CE", "REQ 5/2022 - CE"}
    for written in ("REQ 5/2022 CE", "req 5/2022 – ce", "REQ 5/2022-CE", "REQ nº 5, de 2022 - CE"):
        label = read_reference(written)[1].label
        assert label is not None
        assert keys <= set(label.keys), written


@pytest.mark.parametrize(
    "q",
    [
        "",
        "educação",
        "legis.example/pl/2630/2020",
        "https://legis.example/pl/2630/2020",
        "http://[::1",
        "https://camara.leg.br.evil.example/x/1",
        "https://evil.example/?id=1",
        "x" * 501,
    ],
)
def test_what_names_no_bill_is_refused(q: str) -> None:
    with pytest.raises(InvalidParameter):
        read_reference(q)


def test_a_word_of_a_few_is_taken_in_any_spelling() -> None:
    asked = AgreementParameters.model_validate({"a": "party-pt", "b": "party-pl", "house": "câmara", "options": "ALL"})
    assert (asked.house, asked.options) == ("CAMARA", "all")


@pytest.mark.parametrize(
    ("given", "en", "pt"),
    [
        (
            {"house": "camera"},
            "'camera' is no value of it; did you mean CAMARA? Allowed: CAMARA, SENADO",
            "'camera' não é um valor aceito; você quis dizer CAMARA? Valores: CAMARA, SENADO",
        ),
        (
            {"options": "none"},
            "'none' is no value of it. Allowed: choices, all",
            "'none' não é um valor aceito. Valores: choices, all",
        ),
    ],
)
def test_a_word_that_is_none_of_a_few_is_answered_with_them(given: dict[str, str], en: str, pt: str) -> None:
    assert refusal(AgreementParameters, {"a": "party-pt", "b": "party-pl", **given}) == Text(en, pt)


def test_a_status_that_resembles_none_is_answered_with_all_of_them() -> None:
    told = no_value("pauta", sorted(BillStatus))
    assert all(status in told.pt for status in BillStatus)


def test_a_yes_in_words_is_answered_with_the_two_that_count() -> None:
    assert refusal(BillParameters, {"in_progress": "quiçá"}) == Text("must be true or false", "deve ser true ou false")


@pytest.mark.parametrize(
    ("model", "given", "en", "pt"),
    [
        (AgreementParameters, {"a": "party-pt"}, "is required", "é obrigatório"),
        (BillParameters, {"limit": "x"}, "must be a whole number", "deve ser um número inteiro"),
        (BillParameters, {"limit": "0"}, "must be at least 1", "deve ser no mínimo 1"),
        (BillParameters, {"limit": "101"}, "must be at most 100", "deve ser no máximo 100"),
        (BillParameters, {"limit": "9" * 5000}, "is a number that is too large", "é um número grande demais"),
        (LegislatorParameters, {"q": "a" * 101}, "is longer than 100 characters", "tem mais de 100 caracteres"),
        (
            BillParameters,
            {"type": ["PL"] * 101},
            "has 101 values; at most 100 are taken",
            "tem 101 valores; são aceitos no máximo 100",
        ),
        (ReplayRequest, {"after_seq": "x"}, "must be a whole number", "deve ser um número inteiro"),
        (ReplayRequest, [], "must be an object", "deve ser um objeto"),
        (SubscriptionChange, {}, "needs state or frequency", "exige state ou frequency"),
        (
            SubscriptionRequest,
            {"channel": "EMAIL", "target": "a@b.example", "name": "a\0"},
            "holds the control character U+0000",
            "contém o caractere de controle U+0000",
        ),
    ],
)
def test_a_wrong_value_is_told_in_our_words_in_both_languages(
    model: type[BaseModel], given: Any, en: str, pt: str
) -> None:
    assert refusal(model, given) == Text(en, pt)


def refusal(model: type[BaseModel], given: Any) -> Text:
    """What the only error of these parameters says."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given)
    errors = [{**one, "loc": ("query", *one["loc"])} for one in refused.value.errors()]
    (told,) = input_errors(RequestValidationError(errors), [])
    text: Text = told["detail"]
    return text
