"""The judged queries: their file says what it means, and the bills it names exist."""

from pathlib import Path

import pytest
from legis.domain.bill import Bill
from quality.judged import judge_by_rules, plain, read_queries
from quality.recordings import read_bills, why_missing
from quality.scores import load


def _written(folder: Path, text: str) -> Path:
    path = folder / "queries.toml"
    path.write_text('[[query]]\ntext = "x"\ncategory = "c"\nwhy = "w"\n' + text)
    return path


def test_the_file_is_well_formed_and_large_enough() -> None:
    queries = read_queries()
    assert len(queries) >= 40
    assert len({query.category for query in queries}) >= 10
    assert all(query.why and query.text == query.text.strip() for query in queries)
    assert sum(query.unique is not None for query in queries) >= 15
    assert "lei orgânica da previdência social" in {query.text for query in queries if query.unique}
    ids = {bill for query in queries for bill in query.grades}
    assert not [bill for bill in ids if not bill.removeprefix("camara-").isdigit()]


LATER = ["saúde pública", "segurança pública", "drogas", "doença grave"]
"""Judged after the version of before was gone; the page says that it was not asked."""


def test_every_query_has_its_figures_of_before() -> None:
    assert [query.text for query in read_queries()] == [*load(), *LATER]


@pytest.mark.parametrize(
    "text",
    [
        "",
        'grade_3 = ["camara-1"]\ngrade_2 = ["camara-1"]',
        'unique = "camara-1"\ngrade_1 = ["camara-1"]',
        'grade_4 = ["camara-1"]',
        "[[query.rule]]\ngrade = 1",
        "[[query.rule]]\ngrade = 0\ntitle = 'a'",
        "[[query.rule]]\ngrade = 1\nabstract = 'a'",
    ],
)
def test_what_would_go_unnoticed_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^x: "):
        read_queries(_written(tmp_path, text))


def test_a_rule_judges_by_all_of_its_patterns_and_an_id_stands_above_it(tmp_path: Path) -> None:
    text = 'grade_1 = ["camara-2"]\n[[query.rule]]\ngrade = 3\ntitle = "acao"\nkeywords = "lei"\n'
    bills = [
        Bill(source="camara", upstream_id="1", title="Dá AÇÃO", keywords=("LEI",)),
        Bill(source="camara", upstream_id="2", title="Dá AÇÃO", keywords=("LEI",)),
        Bill(source="camara", upstream_id="3", title="Dá AÇÃO"),
    ]
    assert judge_by_rules(read_queries(_written(tmp_path, text)), bills)[0].grades == {"camara-1": 3, "camara-2": 1}


def test_plain_text_has_no_accents_and_no_capitals() -> None:
    assert plain("Disposições À ÓRGÃO") == "disposicoes a orgao"


def test_every_judged_bill_is_among_the_recordings() -> None:
    if missing := why_missing():
        pytest.skip(missing)
    named = {bill for query in read_queries() for bill in query.grades}
    ids = {bill.removeprefix("camara-") for bill in named}
    assert named == {bill.id for bill in read_bills(wanted=ids)}
