"""One chamber goes down: its circuit opens, the other is untouched, and replies go on and say what is stale."""

from typing import Any

import pytest


def breaker(legis, source: str) -> str:
    return str(legis.get("/api/metrics").json()["circuit_breakers"][source]["state"])


def freshness(legis) -> dict[str, Any]:
    meta = legis.get("/api/v1/bills?limit=1").json()["meta"]
    return {entry["source"]: entry["state"] for entry in meta["freshness"]}


def reasons(legis) -> list[str]:
    """What keeps the sources from being fresh."""
    rows = legis.get("/api/v1/sources").json()["data"]
    return [f"{row['source']}: {one['detail']}" for row in rows for one in row["details"]]


@pytest.mark.timeout(900)
def test_a_chamber_that_is_down_leaves_the_api_up(legis) -> None:
    legis.until(lambda: legis.get("/api/v1/bills?chamber=CAMARA&limit=1").json()["data"], 60, "bills of the Câmara")
    try:
        legis.until(lambda: not reasons(legis), 120, "both sources fresh")
    except AssertionError as error:
        raise AssertionError(str(reasons(legis))) from error
    assert set(freshness(legis).values()) == {"FRESH"}
    legis.simulator("/control/faults", {"source": "camara", "kind": "503", "seconds": 600, "rate": 1})
    try:
        legis.until(lambda: breaker(legis, "camara") == "open", 60, "the Câmara's circuit open")
        assert breaker(legis, "senado") == "closed"
        legis.until(lambda: freshness(legis)["camara"] == "STALE", 10, "the Câmara said to be stale")
        assert freshness(legis)["senado"] == "FRESH"

        reply = legis.get("/api/v1/bills?chamber=CAMARA&limit=5")
        assert reply.status == 200
        assert len(reply.json()["data"]) == 5
        assert reply.json()["meta"]["notice"]
        legis.until(lambda: legis.get("/api/health").json()["status"] == "degraded", 10, "health said degraded")
        assert legis.get("/api/health").status == 200
    finally:
        legis.simulator_delete("/control/faults")

    legis.until(lambda: breaker(legis, "camara") == "closed", 90, "the Câmara's circuit closed again")
    legis.until(lambda: freshness(legis)["camara"] == "FRESH", 30, "the Câmara fresh again")
