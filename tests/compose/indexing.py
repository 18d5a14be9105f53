"""The search index: followed, left alone, thrown away and taken over, and never short of a bill that is stored."""

import json

import bills
from stack import Failed, Stack, wait_until

FOLLOWS_WITHIN = 10.0
"""Seconds from a stored bill to one that is found; the promise is one, the rest is the engine's."""

REBUILDS_WITHIN = 120.0
NEWS = 20


def followed(stack: Stack) -> str:
    """What is stored is found; and while the indexer is away what was found before."""
    before = bills.all_listed(stack, 60)
    bills.create(stack, NEWS)
    bills.all_stored(stack, 120)
    after = bills.all_listed(stack, FOLLOWS_WITHIN)
    stack.compose("stop indexer")
    bills.create(stack, NEWS)
    bills.all_stored(stack, 120)
    if (meanwhile := bills.listed(stack)) < after:
        raise Failed(f"{meanwhile} of {after} bills are found without the indexer")
    if stack.get("/api/health/ready")[0] != 200:
        raise Failed("web is not ready without the indexer")
    stack.compose("start indexer")
    return f"{before} bills found, then {after}, and {bills.all_listed(stack, 60)} after it was away"


def thrown_away(stack: Stack) -> str:
    """By the page's own commands: built again, and whole."""
    built = _build(stack)
    stack.compose("exec -T indexer sh -c 'rm -rf /var/lib/legis/index/*'")
    stack.compose("restart indexer")
    stack.compose("up -d --wait", within=REBUILDS_WITHIN)
    found = bills.all_listed(stack, REBUILDS_WITHIN)
    if _build(stack) == built:
        raise Failed(f"the index is still {built}")
    return f"{found} bills found in another index"


def stood_by_for(stack: Stack) -> str:
    """A second indexer takes over from one that leaves."""
    first = stack.containers("indexer")[0]["Id"]
    stack.compose("up -d --no-recreate --scale indexer=2 indexer")
    wait_until("two indexers run", lambda: len(stack.containers("indexer")) == 2, 30)
    stack.must(f"docker stop {first} && docker rm {first}")
    bills.create(stack, NEWS)
    bills.all_stored(stack, 120)
    found = bills.all_listed(stack, 60)
    stack.compose("up -d --wait", within=REBUILDS_WITHIN)
    if not stack.healthy("indexer"):
        raise Failed("the one that took over is not healthy")
    return f"{found} bills found by the second indexer"


def belongs_to_both(stack: Stack) -> str:
    """The new volume is the user's of both services, and both have the same one."""
    names = [json.dumps(_index_of(one)) for service in ("web", "indexer") for one in stack.containers(service)]
    owner = stack.compose("exec -T web stat -c '%u:%g' /var/lib/legis/index").strip()
    if len(set(names)) != 1 or owner != "10001:10001":
        raise Failed(f"the index is on {set(names)}, of {owner}")
    return f"one volume for {len(names)} containers, of {owner}"


def _index_of(container: dict[str, object]) -> object:
    mounts = container["Mounts"]
    assert isinstance(mounts, list)
    return [(one["Name"], one["RW"]) for one in mounts if one["Destination"] == "/var/lib/legis/index"]


def _build(stack: Stack) -> str:
    """The builds that are served, of each schema that is there."""
    return stack.compose("exec -T indexer sh -c 'cat /var/lib/legis/index/schema-*/current'").strip()
