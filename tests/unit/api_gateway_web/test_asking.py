"""What parameters, cursors and names of bills are read as."""

from datetime import UTC, date, datetime

import pytest
from api_gateway.store.bill_filter import Choice, Position, Sort, SortKey
from api_gateway.web.asking.bill_query import bill_filter, search_text
from api_gateway.web.asking.cursor import (
    decode_offset,
    decode_position,
    encode_offset,
    encode_position,
    question_hash,
)
from api_gateway.web.asking.list_question import list_question, plain_question
from api_gateway.web.asking.parameters import BillParameters
from api_gateway.web.asking.reference import read_reference
from api_gateway.web.asking.texts import InvalidParameter, instant, nearest
from hypothesis import given
from hypothesis import strategies as st

NEWEST = Sort()


def test_values_are_split_negated_and_read() -> None:
    asked = BillParameters(type=["pl,-PEC", "mpv"], number=["1", "-2"], party=["pcdob"], subject=["Educação, Cultura"])
    with pytest.raises(InvalidParameter, match="control"):
        bill_filter(BillParameters(author=["a\x00"]), frozenset())
    found = bill_filter(asked, frozenset())
    assert found.type_code == Choice(("PL", "MPV"), ("PEC",))
    assert found.number == Choice((1,), (2,))
    assert found.party == Choice(("PCDOB",))


def test_codes_of_the_store_are_types_too() -> None:
    assert bill_filter(BillParameters(type=["xpto"]), frozenset({"XPTO"})).type_code.any_of == ("XPTO",)
    with pytest.raises(InvalidParameter, match="XPTO"):
        bill_filter(BillParameters(type=["XPTOO"]), frozenset({"XPTO"}))


@pytest.mark.parametrize(
    ("q", "type_code", "number", "year"),
    [
        ("PL 2630/2020", "PL", 2630, 2020),
        ("pl 2.630/2020", "PL", 2630, 2020),
        ("2630/2020", "", 2630, 2020),
    ],
)
def test_words_that_are_a_label_are_one(q: str, type_code: str, number: int, year: int) -> None:
    label = search_text(q).label
    assert label is not None
    assert (label.type_code, label.number, label.year) == (type_code, number, year)


@pytest.mark.parametrize("q", ["educação", "PL 2630/2020 fake news", "9999999999/2020", "lei 2020"])
def test_other_words_are_no_label(q: str) -> None:
    assert search_text(q).label is None


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


@given(
    st.datetimes(timezones=st.just(UTC)), st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=50)
)
def test_a_cursor_gives_back_its_position(at: datetime, bill_id: str) -> None:
    cursor = encode_position(Position(at, bill_id), "question")
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode_position(cursor, "question", NEWEST) == Position(at, bill_id)
    with pytest.raises(InvalidParameter, match="other parameters"):
        decode_position(cursor, "another", NEWEST)


@pytest.mark.parametrize(
    ("value", "sort"),
    [(date(2026, 1, 2), Sort(SortKey.INTRODUCED_ON)), (0.1 + 0.2, Sort(SortKey.RELEVANCE))],
)
def test_cursors_of_other_orders(value: date | float, sort: Sort) -> None:
    position = Position(value, "camara-1")
    assert decode_position(encode_position(position, "q"), "q", sort) == position
    with pytest.raises(InvalidParameter):
        decode_position(encode_position(position, "q"), "q", NEWEST)


@given(st.binary(max_size=60).map(lambda b: b.decode("latin-1")) | st.text(max_size=60))
def test_anything_else_is_no_cursor(text: str) -> None:
    for decode in (lambda: decode_position(text, "q", NEWEST), lambda: decode_offset(text, "q")):
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
    label = read_reference("PEC 6/2019")[1].label
    assert label is not None
    assert label.type_code == "PEC"


@pytest.mark.parametrize(
    "q",
    ["", "educação", "http://[::1", "https://camara.leg.br.evil.example/x/1", "https://evil.example/?id=1", "x" * 501],
)
def test_what_names_no_bill_is_refused(q: str) -> None:
    with pytest.raises(InvalidParameter):
        read_reference(q)


def test_beginnings_of_words_are_taken_out_of_the_text() -> None:
    found = search_text('Educ* saúde "obra* nova" -lei* or')
    assert found.beginnings == ("educ",)
    assert found.folded.split() == ["saude", '"obra*', 'nova"', "-lei*", "or"]
    with pytest.raises(InvalidParameter, match="3 letters"):
        search_text("ed*")


def test_a_plain_question_is_what_fastapi_reads() -> None:
    question = plain_question(b"type=PL,PEC&year=2020&limit=7&in_progress=true&q=educa%C3%A7%C3%A3o")
    asked = BillParameters(type=["PL,PEC"], year=["2020"], limit=7, in_progress=True, q="educação")
    assert question is not None
    assert question.question == list_question(asked)
    typed = plain_question(b"type=XPTO")
    assert typed is not None
    assert (typed.asked.type, typed.question) == (["XPTO"], None), "a code of the store's has to be looked up"


@pytest.mark.parametrize(
    "query",
    [b"type=PL&type=PEC", b"q=", b"limit=0", b"limit=x", b"chambre=SENADO", b"year=abc", b"cursor=x"],
)
def test_whatever_is_not_plainly_right_is_left_to_fastapi(query: bytes) -> None:
    assert plain_question(query) is None
