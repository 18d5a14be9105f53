"""Whether what is stored is what the simulated Congress has, bill for bill."""

import json

from stack import Failed, Stack, wait_until

SOURCES = ("camara", "senado")


def stored(stack: Stack) -> dict[str, set[str]]:
    """Upstream ids of the bills of each source that are stored and not marked as removed."""
    lines = stack.sql("SELECT source || ' ' || upstream_id FROM bill WHERE removed_at IS NULL").splitlines()
    pairs = [line.split() for line in lines]
    return {source: {one[1] for one in pairs if one[0] == source} for source in SOURCES}


def true(stack: Stack, source: str) -> set[str]:
    """Upstream ids of the bills that the simulated chamber has."""
    page = stack.simulator("GET", f"/truth/bills?source={source}&limit=10000")
    return {str(one["id"]) for one in page["bills"] if not one["deleted"]}


def listed(stack: Stack) -> int:
    """How many bills the API finds, which is what the index holds; -1 where it cannot say."""
    status, said = stack.get("/api/v1/bills?count=exact&limit=1")
    return int(json.loads(said)["page"]["count"]["value"]) if status == 200 else -1


def all_listed(stack: Stack, within: float) -> int:
    """Waits until every bill that is stored by then is found; how many there are."""

    def same() -> bool:
        return listed(stack) == sum(map(len, stored(stack).values()))

    wait_until("every stored bill is found", same, within)
    return listed(stack)


def create(stack: Stack, count: int) -> set[tuple[str, str]]:
    """New bills in both chambers, by source and upstream id."""
    made = set()
    for number in range(count):
        source = SOURCES[number % 2]
        made.add((source, str(stack.simulator("POST", "/control/create", {"source": source})["id"])))
    return made


def all_stored(stack: Stack, within: float) -> dict[str, int]:
    """Waits until every bill that both chambers have by then is stored and no other is; how many of each."""

    def compared() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        return {source: true(stack, source) for source in SOURCES}, stored(stack)

    def same() -> dict[str, int]:
        wanted, have = compared()  # asked again each time: bills go on appearing
        return {source: len(ids) for source, ids in wanted.items()} if wanted == have else {}

    try:
        return wait_until("every bill of both chambers is stored", same, within, every=2)
    except Failed as late:
        wanted, have = compared()
        lacking = {source: sorted(wanted[source] - have[source])[:10] for source in SOURCES}
        beyond = {source: sorted(have[source] - wanted[source])[:10] for source in SOURCES}
        raise Failed(f"{late}; lacking {lacking}, beyond {beyond}") from None
