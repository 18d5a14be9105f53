import csv
import io
from datetime import date
from typing import Any

import pytest
from api_gateway.site.pages.stats_page import COUNTS, csv_of
from api_gateway.site.stats.months import Comparison, comparison, window
from api_gateway.site.stats.stats_view import MOST_BARS, MOST_MORE, stats_view
from api_gateway.site.subject_words import subject
from api_gateway.site.visit import Visit

TODAY = date(2026, 11, 28)
LAW = {"bills": 3, "first_quarter": 10, "median": 90, "third_quarter": 400}


def stats(**changed: Any) -> dict[str, Any]:
    """What `/api/v1/stats` says of few bills."""
    counts: dict[str, Any] = {
        "total": 200,
        "computed_at": "2026-11-28T14:59:00Z",
        "type": [{"value": "PL", "count": 150}, {"value": "XPTO", "count": 50}],
        "status": [{"value": "IN_COMMITTEE", "count": 200}],
        "year": [{"value": 2026, "count": 200}],
        "chamber": [{"value": "CAMARA", "count": 200}],
        "month": [
            {"value": "2026-11", "count": 9},
            {"value": "2026-10", "count": 30},
            {"value": "2025-10", "count": 20},
        ],
        "party": [{"value": f"P{number}", "count": 40 - number} for number in range(20)],
        "state": [{"value": "SP", "count": 40}],
        "subject": [{"value": "seguranca-publica", "count": 7}],
        "law_month": [{"value": "2026-03", "count": 2}, {"value": "2025-01", "count": 1}],
        "days_to_decision": None,
        "days_to_law": LAW,
        "stages": [
            {"bills": 9, "first_quarter": 2, "median": 5, "third_quarter": 30, "stage": "REFERRED"},
            LAW | {"stage": "LAW"},
        ],
    }
    return counts | changed


def test_a_month_without_a_count_is_in_the_window() -> None:
    found = window([{"value": "2026-10", "count": 3}], TODAY)
    assert len(found) == 36
    assert found[-2:] == (("2026-10", 3), ("2026-11", 0))
    assert found[0] == ("2023-12", 0)


def test_years_are_compared_by_whole_months() -> None:
    pairs = [{"value": "2026-11", "count": 100}, {"value": "2025-11", "count": 5}, {"value": "2025-10", "count": 4},
             {"value": "2024-11", "count": 2}, {"value": "2024-10", "count": 50}]  # fmt: skip
    assert comparison(pairs, TODAY) == Comparison(5, 6), "this month is not over, and is not counted"
    assert Comparison(5, 0).change is None


@pytest.mark.parametrize(
    ("months", "title"),
    [
        (
            [("2026-10", 30), ("2025-10", 20)],
            "Em 12 meses chegaram 30 projetos, 50\u00a0% a mais que nos 12 anteriores",
        ),
        (
            [("2026-10", 10), ("2025-10", 20)],
            "Em 12 meses chegaram 10 projetos, 50\u00a0% a menos que nos 12 anteriores",
        ),
        ([("2026-10", 20), ("2025-10", 20)], "Em 12 meses chegaram 20 projetos, tantos quantos nos 12 anteriores"),
        ([("2026-10", 1)], "Em 12 meses chegou 1 projeto"),
    ],
)
def test_the_title_says_what_the_chart_comes_to(visit: Visit, months: list[tuple[str, int]], title: str) -> None:
    told = stats(month=[{"value": value, "count": count} for value, count in months])
    assert stats_view(visit, told).months.title == title


def test_every_count_of_the_api_is_on_the_page(visit: Visit) -> None:
    view = stats_view(visit, stats())
    charts = {one.name: one for one in (*view.bars, view.states) if one is not None}
    for name in ("type", "status", "chamber", "party", "state", "subject"):
        shown = [(bar.code, bar.count) for bar in (*charts[name].bars, *charts[name].rest)]
        assert shown == [(one["value"], one["count"]) for one in stats()[name]]
    assert (len(charts["party"].bars), len(charts["party"].rest)) == (MOST_BARS, 20 - MOST_BARS)
    assert charts["type"].addresses["PL"] == "/?type=PL"
    assert view.laws is not None
    assert view.laws.title == "2 viraram lei em 2026 até agora, contra 1 em 2025"
    assert [(one.text, one.median, one.bills) for one in view.spans] == [
        ("Envio a uma comissão", 5, 9), ("Assinatura da lei", 90, 3),
    ]  # fmt: skip
    assert view.spans_title == "Metade das leis levou até 3 meses"


def test_a_long_count_goes_on_in_its_file(visit: Visit) -> None:
    subjects = [{"value": f"s-{number}", "count": 60 - number} for number in range(60)]
    (chart,) = [one for one in stats_view(visit, stats(subject=subjects)).bars if one.name == "subject"]
    assert (len(chart.bars), len(chart.rest), chart.only_in_file) == (MOST_BARS, MOST_MORE, 60 - MOST_BARS - MOST_MORE)
    assert len(csv_of(visit, "subject", stats(subject=subjects)).splitlines()) == 61


def test_what_is_not_known_is_no_chart(visit: Visit) -> None:
    view = stats_view(visit, stats(law_month=[], subject=[], state=[], days_to_law=None, stages=[]))
    assert view.laws is None
    assert view.states is None
    assert "subject" not in [one.name for one in view.bars]
    assert view.spans == ()
    assert view.spans_title == "Da apresentação a cada passo"


def test_a_file_has_the_values_of_the_api(english_visit: Visit) -> None:
    for name in COUNTS:
        rows = list(csv.DictReader(io.StringIO(csv_of(english_visit, name, stats()))))
        assert [(row["value"], row["count"]) for row in rows] == [
            (str(one["value"]), str(one["count"])) for one in stats()[name]
        ]
    assert csv_of(english_visit, "spans", stats()).splitlines() == [
        "value,label,bills,first_quarter,median,third_quarter",
        "REFERRED,Referral to a committee,9,2,5,30",
        "LAW,Signature of the law,3,10,90,400",
    ]


def test_no_spreadsheet_takes_a_value_for_a_formula(visit: Visit) -> None:
    text = csv_of(visit, "party", stats(party=[{"value": "=1+1", "count": 1}]))
    assert text.splitlines()[1] == "'=1+1,'=1+1,1"


def test_subjects_get_their_accents_back() -> None:
    assert subject("seguranca-publica") == "Segurança pública"
    assert subject("palavra-nova") == "Palavra nova"
