"""The Python client against a running system: the sync one, and the async one in the same calls."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest
from clients.changing_proxy import ChangingProxy
from clients.conftest import BURST, PER_MINUTE
from e2e.conftest import BILLS
from e2e.conftest import Legis as System
from legis_client import ApiError, AsyncLegis, Gone, InvalidRequest, Legis, NotFound, Position, RateLimited, RetryPolicy

README = Path(__file__).parents[2] / "clients/python/README.md"
ONCE = RetryPolicy(attempts=1)


def test_search_gives_every_match_once_over_several_pages(system: System) -> None:
    with Legis(system.base_url) as legis:
        search = legis.bills.search(chamber=["CAMARA", "SENADO"], count="exact", limit=60, sort="introduced_on")
        first = search.first()
        ids = [bill["id"] for bill in search]
    assert first["page"]["count"] is not None
    assert len(ids) == len(set(ids)) == first["page"]["count"]["value"] > 2 * 60
    assert len(ids) <= BILLS * 2


def test_a_search_goes_on_from_a_kept_cursor(system: System) -> None:
    with Legis(system.base_url) as legis:
        search = legis.bills.search(limit=5)
        first, second = itertools.islice(search.pages(), 2)
        resumed = legis.bills.search(limit=5, cursor=first["page"]["next_cursor"]).first()
    assert [bill["id"] for bill in resumed["data"]] == [bill["id"] for bill in second["data"]]


def test_filters_are_sent_as_the_api_reads_them(system: System) -> None:
    with Legis(system.base_url) as legis:
        one = legis.bills.search(limit=1).first()["data"][0]
        found = list(legis.bills.search(year=one["year"] or 0, type=one["type"], in_progress=one["in_progress"]))
        sparse = legis.bills.search(ids=one["id"], fields=["identifier"]).first()["data"]
    assert one["id"] in {bill["id"] for bill in found}
    assert {(bill["year"], bill["type"]) for bill in found} == {(one["year"], one["type"])}
    assert sparse == [{"id": one["id"], "identifier": one["identifier"]}]


def test_details_and_histories(system: System) -> None:
    with Legis(system.base_url) as legis:
        bill = legis.bills.get(legis.bills.search(limit=1).first()["data"][0]["id"])
        actions = list(legis.bills.actions(bill["id"], limit=2))
        versions = list(legis.bills.versions(bill["id"], limit=2))
        assert [action["date"] for action in actions] == sorted(one["date"] for one in actions)
        assert versions[0]["bill_id"] == bill["id"]
        assert bill["id"] in {one["id"] for one in legis.resolve(bill["id"])["data"]}
        assert {one["source"] for one in legis.sources.list()["data"]} == {"camara", "senado"}
        assert legis.stats()["data"]["total"] > 0
        assert legis.bills.suggest("educ", limit=1)["data"]["words"] is not None
        assert isinstance(list(legis.bills.votes(bill["id"])), list)
        assert next(iter(legis.sources.history("camara", limit=1)))["to"]
        assert legis.bills.similar(bill["id"], limit=1)["data"] is not None


def test_people_and_votings_are_read_by_pages(system: System) -> None:
    with Legis(system.base_url) as legis:
        people = list(itertools.islice(legis.legislators.search(limit=2), 5))
        bodies = list(itertools.islice(legis.organizations.search(limit=2, classification="PARTY"), 5))
        votings = list(itertools.islice(legis.vote_events.search(limit=2, **{"from": "2000-01-01"}), 5))
        alike = legis.vote_events.agreement(a="party-pt", b="party-pl")
        for found in (people, bodies, votings):
            assert len({one["id"] for one in found}) == len(found)
        assert (alike["a"]["name"], alike["b"]["name"]) == ("PT", "PL")
        with pytest.raises(NotFound):
            legis.vote_events.get("camara-vote-0")


def test_what_is_not_there_is_told(system: System) -> None:
    with Legis(system.base_url) as legis:
        with pytest.raises(NotFound) as missing:
            legis.bills.get("camara-0")
        with pytest.raises(InvalidRequest) as wrong:
            legis.bills.search(chamber="ATLANTIS").first()
    assert missing.value.status == 404
    assert missing.value.trace_id
    assert wrong.value.problem["errors"][0]["parameter"] == "chamber"


def test_the_log_is_followed_to_its_head_and_resumed(system: System) -> None:
    with Legis(system.base_url) as legis:
        follow = legis.changes.follow(after=0, limit=100, wait=0)
        begin = [change["seq"] for change in itertools.islice(follow, 150)]
        kept = follow.position
        rest = [c["seq"] for c in legis.changes.follow(after=kept.after, epoch=kept.epoch, limit=100, wait=0)]
        whole = [change["seq"] for change in legis.changes.follow(after=0, limit=100, wait=0)]
    told = [*begin, *rest]  # entries about people and bodies are left out, so numbers may be missing
    assert told == whole[: len(told)] == sorted(set(told))
    assert rest


def test_a_follower_is_given_a_change_that_comes_later(system: System) -> None:
    known = system.simulator("/truth/bills?source=camara&limit=5")["bills"]
    chosen = next(bill["id"] for bill in known if not bill["deleted"])
    with Legis(system.base_url) as legis:
        head = legis.changes.follow(after=0, limit=100, wait=0)
        for _ in head:
            continue
        system.simulator("/control/change", {"source": "camara", "id": chosen})
        follow = legis.changes.follow(after=head.position.after, epoch=head.position.epoch)
        later = next(change for change in follow if change["bill_id"] == f"camara-{chosen}")
    assert later["seq"] > head.position.after
    assert follow.position == Position(later["seq"], head.position.epoch)


def test_another_log_is_told(system: System) -> None:
    with Legis(system.base_url) as legis, pytest.raises(Gone) as gone:
        next(iter(legis.changes.follow(after=1, epoch="of-another-log")))
    assert gone.value.epoch
    assert gone.value.head is not None
    assert gone.value.head > 1


def test_the_wait_is_the_one_that_a_limited_client_is_told(proxy: ChangingProxy) -> None:
    waits: list[float] = []
    with Legis(proxy.url, sleep=waits.append) as legis, pytest.raises(RateLimited) as refused:
        _ask_often(legis, 2 * (PER_MINUTE + BURST))
    assert refused.value.retry_after is not None
    assert 1 <= refused.value.retry_after <= 60
    assert proxy.statuses[-4:] == [429, 429, 429, 429]
    assert [1 <= wait <= 60 for wait in waits[-3:]] == [True, True, True]


def test_a_refused_request_is_answered_after_the_wait(proxy: ChangingProxy) -> None:
    proxy.refusals = [(429, "1"), (503, None)]
    waits: list[float] = []
    with Legis(proxy.url, sleep=waits.append) as legis:
        assert legis.stats()["data"]["total"] > 0
    assert waits[0] == 1
    assert 0.5 <= waits[1] <= 1
    assert proxy.statuses == [429, 503, 200]


def test_a_refusal_is_final_where_retries_are_not_wanted(proxy: ChangingProxy) -> None:
    proxy.refusals = [(429, "7")]
    with Legis(proxy.url, retry=ONCE) as legis, pytest.raises(RateLimited) as refused:
        legis.stats()
    assert refused.value.retry_after == 7
    assert proxy.statuses == [429]


def test_a_value_that_the_client_does_not_know(proxy: ChangingProxy) -> None:
    with Legis(proxy.url) as legis:
        status = legis.bills.search(limit=1).first()["data"][0]["status"]
        proxy.changes = {f'"{status}"'.encode(): b'"OF_A_LATER_YEAR"', b'"title":': b'"newer_field":1,"title":'}
        bill = legis.bills.search(limit=1).first()["data"][0]
        assert legis.bills.get(bill["id"])["status"] == "OF_A_LATER_YEAR"
    assert bill["status"] == "OF_A_LATER_YEAR"
    assert dict(bill)["newer_field"] == 1


def test_an_unchanged_reply_is_not_sent_again(proxy: ChangingProxy) -> None:
    with Legis(proxy.url, etag_cache=1) as legis:
        bill_id = legis.bills.search(limit=1).first()["data"][0]["id"]
        first, second = (legis.bills.versions(bill_id).first() for _ in range(2))
    assert proxy.statuses == [200, 200, 304]
    assert first == second


async def test_the_async_client_makes_the_same_calls(system: System, proxy: ChangingProxy) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with AsyncLegis(proxy.url, sleep=sleep) as legis:
        proxy.refusals = [(429, "2"), (503, None)]
        ids = [bill["id"] async for bill in legis.bills.search(sort="introduced_on", limit=100)]
        bill = await legis.bills.get(ids[0])
        changes = [change["seq"] async for change in legis.changes.follow(after=0, limit=100, wait=0)]
        with pytest.raises(ApiError):
            await legis.bills.get("camara-0")
    with Legis(system.base_url) as waiting:
        whole = [change["seq"] for change in waiting.changes.follow(after=0, limit=100, wait=0)]
        assert ids == [one["id"] for one in waiting.bills.search(sort="introduced_on", limit=100)]
    assert bill["id"] == ids[0]
    assert changes == whole[: len(changes)] == sorted(set(changes))
    assert waits[0] == 2
    assert 0.5 <= waits[1] <= 1


def test_the_examples_of_the_readme_run(system: System) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len(blocks) == 6
    for block in blocks:
        code = block.replace("http://127.0.0.1:5000", system.base_url)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout, block


def _ask_often(legis: Legis, times: int) -> None:
    for _ in range(times):
        legis.sources.list()
