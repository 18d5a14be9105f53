"""Best first: what was named, what is the title, all words, then most of them; and words that were meant."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import pytest
from api_gateway.search.filtering.bill_filter import BillFilter
from api_gateway.search.filtering.filters import read_filter
from api_gateway.search.index.index_state import IndexState
from api_gateway.search.index_documents import IndexedBill
from api_gateway.search.language.text_query import read_text
from api_gateway.search.relevance import MAX_OFFSET, Ranked, ranked_page
from api_gateway.search.resolve import Reference, resolved_ids
from api_gateway.search.results import count, facets
from api_gateway.search.similar import similar_bills
from api_gateway.search.statistics import load_stats
from api_gateway.search.suggestions import correction, looser_text, suggest, suggested_text
from api_gateway.web.params.bill_reference import read_reference

StateOf = Callable[..., IndexState]


@pytest.fixture(scope="module")
def state(indexed: Callable[..., IndexedBill], state_of: StateOf) -> IndexState:
    sponsors = [{"name": "Ana Lima", "legislator_id": "5"}]
    return state_of([
        indexed(1, title="Institui a Política Nacional de Educação Digital nas escolas."),
        indexed(2, title="Altera a Lei nº 8.112/90 quanto à educação básica."),
        indexed(3, title="Dispõe sobre a educação digital e dá outras providências."),
        indexed(4, title="Educação digital e educação digital inclusiva", sponsorships=sponsors),
        indexed(5, title="Merenda escolar", type_code="PLS", abstract="Educação."),
        indexed(6, title="Merenda nas férias", number=5, labels=["PL 5/2024"]),
        indexed(7, title="Merenda removida", removed=True, urns=["urn:lex:br;x:y:z;1"]),
        indexed(8, title="Cria o dia da saúde", type_code="PL", year=1975, number=1234, labels=["PL 1234/1975"]),
    ])  # fmt: skip


def ranked(state: IndexState, q: str, limit: int = 20, offset: int = 0, **more: Any) -> Ranked:
    correct = partial(correction, state)
    return ranked_page(state, read_filter({"q": q, **more}), limit, offset, correct)


def ids(found: Ranked) -> list[int]:
    return [int(orjson.loads(hit.summary)["id"].partition("-")[2]) for hit in found.page.hits]


def test_a_title_that_is_the_query_comes_first_whatever_formula_is_around_it(state: IndexState) -> None:
    assert ids(ranked(state, "a educação digital"))[0] == 3


def test_a_label_comes_first_and_what_it_may_also_mean_behind_it(state: IndexState) -> None:
    assert ids(ranked(state, "pl 5/2024"))[:2] == [6, 5]
    assert ids(ranked(state, "PL 1234/75"))[:1] == [8]
    assert ids(ranked(state, "5/2024"))[:2] == [6, 5]


def test_all_words_come_before_most_of_them(state: IndexState) -> None:
    found = ranked(state, "educação digital escolas")
    assert ids(found)[0] == 1
    assert set(ids(found)[1:4]) == {3, 4, 5}, "two of three"
    assert found.relevance.matched == "any", "a short page is filled with what has any of them"
    assert ids(found)[4:] == [2]
    assert count(state, found.query) == len(ids(found)), "count and page are of the same matches"


def test_where_none_has_most_words_any_of_them_does(state: IndexState) -> None:
    found = ranked(state, "saúde merenda férias lei")
    assert found.relevance.matched == "any"
    assert set(ids(found)) >= {6}
    assert ranked(state, "digital -digital").page.hits == []


def test_filters_hold_in_every_tier(state: IndexState) -> None:
    for q in ("educação digital escolas", "pl 5/2024", "a educação digital"):
        assert set(ids(ranked(state, q, type=["PLS"]))) <= {5}


def test_an_unknown_word_is_taken_for_the_likeliest_known_one(state: IndexState) -> None:
    found = ranked(state, "edukação dijital")
    assert dict(found.relevance.corrected) == {"edukação": "educação", "dijital": "digital"}
    assert found.relevance.text.written == "educação digital"
    assert {3, 4} <= set(ids(found))
    assert ranked(state, "xyzw").relevance.corrected == ()


def test_pages_fit_together_and_end(state: IndexState) -> None:
    whole = ids(ranked(state, "educação"))
    parts: list[int] = []
    offset: int | None = 0
    while offset is not None:
        found = ranked(state, "educação", limit=2, offset=offset)
        parts += ids(found)
        offset = found.page.last if found.page.more else None
    assert parts == whole
    assert not ranked(state, "educação", limit=2, offset=MAX_OFFSET).page.hits


def test_words_in_a_row_come_first(indexed: Callable[..., IndexedBill], state_of: StateOf) -> None:
    state = state_of([
        indexed(1, title="Digital é a forma da nova educação"), indexed(2, title="Trata da nova educação digital já")
    ])  # fmt: skip
    assert ids(ranked(state, "educação digital")) == [2, 1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("edukação", "educação"), ("merenad", "merenda"), ("digittal", "digital"), ("xyzwvu", None), ("abc", None)],
)
def test_words_that_were_likely_meant(state: IndexState, written: str, meant: str | None) -> None:
    assert correction(state, written) == meant


def test_a_query_is_suggested_with_known_words(state: IndexState) -> None:
    assert suggested_text(state, read_text("a  edukação digital!")) == "a  educação digital!"
    assert suggested_text(state, read_text("educação digital")) is None


@pytest.mark.parametrize(
    ("q", "suggested"),
    [
        ('"edukação  básica"', '"educação  básica"'),
        ("edukaca*", "educação*"),
        ("MERENDA14", None),
        ("Merenda5", "Merenda 5"),
        ("pl5", "pl 5"),
        ("remédio", None),
        ("educação -xyzeducação", None),
    ],
)
def test_what_was_written_is_corrected_and_nothing_else(state: IndexState, q: str, suggested: str | None) -> None:
    assert suggested_text(state, read_text(q)) == suggested


def test_a_misspelt_phrase_is_found(state: IndexState) -> None:
    found = ranked(state, '"edukação básica"')
    assert dict(found.relevance.corrected) == {"edukação": "educação"}
    assert ids(found) == [2]


def test_synonyms_are_never_corrected(state: IndexState) -> None:
    for q in ("maconha", "cachorro", "agrotóxico"):  # neither these words nor their synonyms are in the index
        assert suggested_text(state, read_text(q)) is None
        assert ranked(state, q).relevance.corrected == ()


@pytest.mark.parametrize(
    ("q", "suggested"),
    [
        ('"digital educação"', "digital educação"),
        ("educação digital saúde", "educação digital"),
        ("xyzw merenda escolar", "merenda escolar"),
        ("merenda OU -merenda", None),
        ("xyzw", None),
        ('"xyzw merenda"', None),
    ],
)
def test_where_nothing_is_found_a_looser_text_is_suggested(state: IndexState, q: str, suggested: str | None) -> None:
    assert looser_text(state, read_filter({"q": q})) == suggested


@pytest.mark.parametrize(
    ("q", "suggested"),
    [
        ("PL 999999/2024", None),
        ("2630/1999", None),
        ("lei 16.858/2024", None),
        ("camara-19469", None),
        ("urn:lex:br:camara.deputados:projeto.lei;pl:2024;999", None),
        ("https://www.camara.leg.br/propostas-legislativas/999", None),
        ("19469 câmara-lei", "câmara-lei"),
        ("decreto 19.469/2024", "decreto 2024"),
        ("decreto - 19469, 2024", "decreto 2024"),
        ("lei, decreto/saneamento", "lei, decreto"),
        ("covid-19 2024", "covid 2024"),  # reads like a label, of a type that no bill has
    ],
)
def test_a_looser_text_is_no_part_of_a_name_of_a_bill(
    indexed: Callable[..., IndexedBill], state_of: StateOf, q: str, suggested: str | None
) -> None:
    title = "PL, lei, decreto e covid na Câmara: urn lex br deputados projeto https www propostas, 2024"
    assert looser_text(state_of([indexed(1, title=title)]), read_filter({"q": q})) == suggested


def test_a_looser_text_is_only_suggested_where_it_finds_something(state: IndexState) -> None:
    assert looser_text(state, read_filter({"q": "educação digital saúde", "year": ["1975"]})) is None


def test_a_synonym_does_not_find_other_words_of_its_stem(
    indexed: Callable[..., IndexedBill], state_of: StateOf
) -> None:
    state = state_of([
        indexed(1, title="Saúde pública"), indexed(2, title="Proíbe a publicidade de cigarros"),
        indexed(3, title="Propaganda eleitoral"), indexed(4, title="Publicidades enganosas"),
    ])  # fmt: skip
    assert set(ids(ranked(state, "propaganda"))) == {2, 3, 4}
    assert 3 not in ids(ranked(state, "pública"))


def test_a_list_by_relevance_tells_that_it_is_cut(indexed: Callable[..., IndexedBill], state_of: StateOf) -> None:
    bills = [indexed(number, title="Merenda") for number in range(1, MAX_OFFSET + 2)]
    whole, cut = state_of(bills[:-1]), state_of(bills)
    assert (ranked(whole, "merenda").relevance.cut, ranked(cut, "merenda").relevance.cut) == (False, True)
    last = ranked(cut, "merenda", limit=30, offset=MAX_OFFSET - 10)
    assert (len(last.page.hits), last.page.last, last.page.more) == (10, MAX_OFFSET, False)


def test_labels_are_completed_in_many_spellings(state: IndexState) -> None:
    for beginning in ("pl12", "PL nº 12", "P.L. 1.2", "projeto de lei 12", "1234/75", "pl-1234-75"):
        assert "PL 1234/1975" in suggest(state, beginning, 5).labels
    assert suggest(state, "pl 5", 5).labels == ["PL 5/2024", "PLS 5/2024"]


def test_what_was_typed_is_completed(state: IndexState) -> None:
    assert suggest(state, "política educ", 5).words == ["política educação"]
    assert suggest(state, "EDUCAÇ", 5).words == ["educação"]
    assert suggest(state, "pl 1", 5).labels == ["PL 1/2024", "PL 1234/1975"]
    assert suggest(state, "pl 1.2", 5).labels == ["PL 1234/1975"]
    assert suggest(state, "ana li", 5).names == ["Ana Lima"]
    assert suggest(state, "lima an", 5).names == ["Ana Lima"]
    nothing = suggest(state, "?!", 5)
    assert (nothing.words, nothing.labels, nothing.names) == ([], [], [])


def test_similar_bills_share_words_and_are_none_that_was_removed(state: IndexState) -> None:
    found = similar_bills(state, "camara-3", 3)
    assert found is not None
    assert [orjson.loads(one)["id"] for one in found][:1] == ["camara-4"]
    alike = similar_bills(state, "camara-6", 10)
    assert alike is not None
    assert "camara-7" not in [orjson.loads(one)["id"] for one in alike]
    assert "camara-6" not in [orjson.loads(one)["id"] for one in alike]
    assert similar_bills(state, "camara-404", 3) is None
    assert similar_bills(state, "camara-7", 3) is not None, "a removed bill is still a bill"


def test_counts_are_exact_and_without_removed_bills(state: IndexState) -> None:
    stats = load_stats(state)
    assert stats.total == 7
    assert stats.counts["type"] == [("PL", 6), ("PLS", 1)]
    assert stats.counts["year"] == [(2024, 6), (1975, 1)]
    found = facets(state, state.compiler.filter(BillFilter()).query, ["year", "type"])
    assert found.counted == 7
    assert found.values == {"year": [(2024, 6), (1975, 1)], "type": [("PL", 6), ("PLS", 1)]}


@pytest.mark.parametrize(
    ("q", "wanted"),
    [
        ("PL 5/2024", ["camara-6", "camara-5"]),
        ("pls-5-2024", ["camara-5", "camara-6"]),
        ("projeto de lei nº 1.234, de 1975", ["camara-8"]),
        ("PL 1234/75", ["camara-8"]),
        ("camara-7", ["camara-7"]),
        ("7", ["camara-7"]),
        ("urn:lex:br;x:y:z;1@v", ["camara-7"]),
        ("camara-404", []),
        ("https://www.camara.leg.br/propostas-legislativas/7", ["camara-7"]),
        ("https://www25.senado.leg.br/web/atividade/materias/-/materia/7", []),
    ],
)
def test_a_name_stands_for_these_bills(state: IndexState, q: str, wanted: list[str]) -> None:
    reference: Reference = read_reference(q)[1]
    assert resolved_ids(state, reference) == wanted
