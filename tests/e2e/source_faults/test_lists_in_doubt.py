"""A list that upstream fails to show is kept: not found, empty, for all bills at once; a true loss is believed."""

import time

import pytest
from e2e.source_faults.conftest import SETTLE_SECONDS


def document(legis, bill: int) -> dict:
    return legis.get(f"/api/v1/bills/camara-{bill}").json()["data"]


def lists(legis, bill: int) -> tuple[list[str], int]:
    """Names of the authors, and how many votings there are."""
    votes = legis.get(f"/api/v1/bills/camara-{bill}/votes?limit=100").json().get("data")
    if votes is None:
        return [], 0  # not there yet
    return [sponsor["name"] for sponsor in document(legis, bill)["sponsorships"]], len(votes)


def in_doubt(legis, bill: int) -> set[str]:
    return {flag["field"] for flag in document(legis, bill)["quality_flags"] if flag["code"] == "LIST_IN_DOUBT"}


def changed(legis, bill: int) -> list[str]:
    """Fields that the bill's log names, since it was read whole."""
    versions = legis.get(f"/api/v1/bills/camara-{bill}/versions?limit=100").json()["data"]
    return [change["field"] for row in versions for change in row.get("changes", ())]


def move(legis, bill: int) -> None:
    """One more entry, so that the bill is read again; waits until that is stored."""

    def entries() -> int:
        return len(legis.get(f"/api/v1/bills/camara-{bill}/actions?limit=100").json()["data"])

    before = entries()
    legis.simulator("/control/change", {"source": "camara", "id": bill})
    legis.until(lambda: entries() > before, 60, "the move stored")


@pytest.fixture(scope="module")
def bill(legis_with_faults) -> int:
    """A bill of the Câmara with several authors and votings that has been read whole."""
    legis = legis_with_faults
    truth = legis.simulator("/truth/bills?source=camara&limit=1000")["bills"]
    base = "/camara/api/v2/proposicoes"
    for one in reversed(truth):
        if one["deleted"]:
            continue
        authors = legis.simulator(f"{base}/{one['id']}/autores")["dados"]
        votings = legis.simulator(f"{base}/{one['id']}/votacoes")["dados"]
        if len(authors) > 1 and votings:
            legis.simulator("/control/change", {"source": "camara", "id": one["id"]})
            legis.until(lambda one=one: lists(legis, one["id"])[1] > 0, 60, "its votings stored")
            return int(one["id"])
    raise AssertionError("no bill of the sample has several authors and votings")


@pytest.mark.timeout(900)
def test_nothing_goes_while_lists_are_out(legis_with_faults, bill: int) -> None:
    legis, before = legis_with_faults, lists(legis_with_faults, bill)
    said = changed(legis, bill)
    for kind in ("list_404", "list_empty"):
        for name in ("authors", "votings"):
            legis.simulator("/control/faults", {"source": "camara", "kind": kind, "value": name})
        move(legis, bill)
        legis.until(lambda: in_doubt(legis, bill) == {"sponsorships", "vote_events"}, 30, "both lists in doubt")
        time.sleep(3 * SETTLE_SECONDS)  # asked again and again meanwhile
        assert lists(legis, bill) == before
        legis.simulator_delete("/control/faults")
        legis.until(lambda: not in_doubt(legis, bill), 60, "the doubts ended")
        assert lists(legis, bill) == before
    assert not {"sponsorships", "vote_events"} & set(changed(legis, bill)[: len(changed(legis, bill)) - len(said)])


def another(legis, bill: int) -> int:
    """Another bill of the Câmara with several authors."""
    for one in reversed(legis.simulator("/truth/bills?source=camara&limit=1000")["bills"]):
        path = f"/camara/api/v2/proposicoes/{one['id']}/autores"
        if not one["deleted"] and one["id"] != bill and len(legis.simulator(path)["dados"]) > 1:
            return int(one["id"])
    raise AssertionError("no other bill of the sample has several authors")


@pytest.mark.timeout(900)
def test_a_true_loss_of_one_author_is_believed(legis_with_faults, bill: int) -> None:
    legis, (names, votings) = legis_with_faults, lists(legis_with_faults, bill)
    order = {"source": "camara", "kind": "list_short", "value": {"list": "authors", "id": bill}}
    legis.simulator("/control/faults", order)
    move(legis, bill)
    assert lists(legis, bill) == (names, votings)
    other = another(legis, bill)

    def believed() -> bool:
        legis.simulator("/control/change", {"source": "camara", "id": other})  # whose authors stand witness
        time.sleep(1)
        return len(lists(legis, bill)[0]) < len(names)

    legis.until(believed, 200, "the shorter list believed")
    assert not in_doubt(legis, bill)
    assert "sponsorships" in changed(legis, bill)
    assert lists(legis, bill)[1] == votings
    legis.simulator_delete("/control/faults")
    move(legis, bill)
    legis.until(lambda: lists(legis, bill)[0] == names, 60, "the author back")
