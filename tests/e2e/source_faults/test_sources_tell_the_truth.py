"""Each fault of a chamber through the whole line: others are served on time, and nobody says FRESH meanwhile."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from e2e.conftest import Legis

ON_TIME = 30.0
"""Seconds within which a bill that moved is served, whatever happens to another: thirty looks of ingest."""

HOUSES = ("camara", "senado")
DETAIL = {"camara": "/camara/api/v2/proposicoes/{}", "senado": "/senado/dadosabertos/processo/{}"}
PART = {"camara": "/camara/api/v2/proposicoes/{}/tramitacoes", "senado": "/senado/dadosabertos/processo/relatoria"}
LIST = {"camara": "/camara/api/v2/proposicoes?dataInicio", "senado": "/senado/dadosabertos/processo?numdias"}


@pytest.fixture(scope="module")
def legis(legis_with_faults: Legis) -> Legis:
    """The system, once it has read everything."""
    legis_with_faults.until(lambda: set(states(legis_with_faults).values()) == {"FRESH"}, 300, "both sources read once")
    return legis_with_faults


@pytest.fixture(autouse=True)
def mended(legis: Legis) -> Iterator[None]:
    """Afterwards nothing is wrong, and both sources are FRESH again without anybody's help."""
    yield
    legis.simulator_delete("/control/faults")
    legis.until(lambda: set(states(legis).values()) == {"FRESH"}, 240, "both sources fresh again")


def sources(legis: Legis) -> dict[str, dict[str, Any]]:
    return {one["source"]: one for one in legis.get("/api/v1/sources").json()["data"]}


def states(legis: Legis) -> dict[str, str]:
    return {name: one["state"] for name, one in sources(legis).items()}


def fault(legis: Legis, source: str, kind: str, **more: Any) -> None:
    legis.simulator("/control/faults", {"source": source, "kind": kind, **more})


def create(legis: Legis, source: str) -> int:
    return int(legis.simulator("/control/create", {"source": source})["id"])


def served(legis: Legis, source: str, upstream_id: int) -> bool:
    return legis.get(f"/api/v1/bills/{source}-{upstream_id}").status == 200


def others_are_served(legis: Legis, *houses: str, count: int = 10) -> None:
    """So many bills of each house that appear now are served on time."""
    bills = [(source, create(legis, source)) for source in houses for _ in range(count)]
    began = time.monotonic()
    while left := [one for one in bills if not served(legis, *one)]:
        assert time.monotonic() - began < ON_TIME, f"{len(left)} of {len(bills)} not served: {sources(legis)}"
        time.sleep(0.2)


@pytest.mark.timeout(900)
def test_poisoned_records_cost_no_other(legis: Legis) -> None:
    bad: dict[str, list[int]] = {source: [] for source in HOUSES}
    for source, ids in bad.items():
        for status, where in ((400, DETAIL), (403, DETAIL), (500, DETAIL), (400, PART)):
            ids.append(create(legis, source))
            query = {"match": f"idProcesso={ids[-1]}"} if "{}" not in where[source] else {}
            fault(legis, source, "status", value=status, path=where[source].format(ids[-1]), **query)
    others_are_served(legis, *HOUSES)
    for source, ids in bad.items():
        found = legis.until(
            lambda source=source, ids=ids: (one := sources(legis)[source])["records_set_aside"] == len(ids) and one,
            60,
            "the records told as set aside",
        )
        assert found["state"] == "PARTIAL"
        assert "RECORDS_SET_ASIDE" in found["reasons"]
        assert found["blocked_until"] is None
    legis.simulator_delete("/control/faults")
    every = [(source, one) for source, ids in bad.items() for one in ids]
    legis.until(lambda: all(served(legis, *one) for one in every), 60, "the records read when they could be had")
    for source in HOUSES:
        legis.until(
            lambda source=source: sources(legis)[source]["records_set_aside"] == 0, 60, "nothing set aside any more"
        )


@pytest.mark.timeout(900)
def test_a_record_that_hangs_costs_no_other(legis: Legis) -> None:
    bad = [(source, create(legis, source)) for source in HOUSES]
    for source, one in bad:
        fault(legis, source, "slow_first_byte", value=8, path=DETAIL[source].format(one))
    others_are_served(legis, *HOUSES)
    legis.until(lambda: all(served(legis, *one) for one in bad), 60, "the slow records served in the end")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("source", HOUSES)
def test_a_block_is_a_state_and_its_history_tells(legis: Legis, source: str) -> None:
    other = next(name for name in HOUSES if name != source)
    fault(legis, source, "waf403")
    found = legis.until(
        lambda: (one := sources(legis)[source])["state"] == "BLOCKED" and one, 30, f"{source} said to be blocked"
    )
    assert found["blocked_until"]
    assert "403" in found["details"][0]["detail"]
    assert states(legis)[other] == "FRESH"
    others_are_served(legis, other, count=2)
    late = create(legis, source)

    def newest() -> dict[str, Any]:
        (row,) = legis.get(f"/api/v1/sources/{source}/history?limit=1").json()["data"]
        return row

    legis.until(lambda: newest()["to"] == "BLOCKED" and "403" in newest()["reason"], 30, "the block in its history")
    legis.simulator_delete("/control/faults")
    legis.until(lambda: served(legis, source, late), 60, "what moved meanwhile")
    legis.until(lambda: newest()["to"] == "FRESH", 60, "the end of the block in its history")


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("source", "status"), [("camara", 400), ("senado", 500)])
def test_a_list_that_cannot_be_had_is_never_fresh(legis: Legis, source: str, status: int) -> None:
    other = next(name for name in HOUSES if name != source)
    fault(legis, source, "status", match=LIST[source], value=status)
    legis.until(lambda: states(legis)[source] in ("PARTIAL", "STALE"), 30, f"{source} said to be behind")
    others_are_served(legis, other, count=2)
    late = create(legis, source)
    time.sleep(3)
    assert not served(legis, source, late)
    assert states(legis)[source] != "FRESH"


@pytest.mark.timeout(900)
def test_a_year_without_its_list_is_told_until_it_is_read(legis: Legis) -> None:
    year = datetime.now(UTC).year - 2
    lists = {"camara": f"/proposicoes-{year}.csv", "senado": f"/senado/dadosabertos/processo?ano={year}"}
    for source in HOUSES:
        fault(legis, source, "status", match=lists[source], value=404)
        legis.query("INSERT INTO year_not_read VALUES ($1, $2, '404', 1, 1, now(), now())", source, year)
    for source in HOUSES:
        found = legis.until(
            lambda source=source: (one := sources(legis)[source])["years_not_read"] == [year] and one,
            20,
            "the year told as not read",
        )
        assert found["state"] == "PARTIAL"
    tries = "SELECT tries FROM year_not_read WHERE source = $1"
    for source in HOUSES:
        legis.until(
            lambda source=source: legis.query(tries, source)[0][0] > 2, 60, "the year asked for again and again"
        )
        assert sources(legis)[source]["state"] == "PARTIAL"
    others_are_served(legis, *HOUSES, count=2)
    legis.simulator_delete("/control/faults")
    for source in HOUSES:
        legis.until(
            lambda source=source: sources(legis)[source]["years_not_read"] == [], 60, "the year read with its list"
        )
