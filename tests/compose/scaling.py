"""Several web processes behind nginx: all of them serve, and one that comes or goes costs nobody a request."""

import json
import re

import bills
from stack import Failed, Stack, wait_until
from traffic import asking

FIGURES = (
    "import urllib.request as u; "
    "lines = u.urlopen('http://127.0.0.1:5000/metrics', timeout=5).read().decode().splitlines(); "
    "print(sum(float(l.split()[-1]) for l in lines if l.startswith('http_requests_total')))"
)
NEXT = "0.1.0-next"


def three_serve(stack: Stack) -> str:
    """Three web processes on the one index: each must get about its third of what is asked."""
    stack.compose("up -d --wait --scale web=3", within=240)
    wait_until("nginx knows three", lambda: _known(stack) == 3, 15)
    before = [_answered(stack, number) for number in (1, 2, 3)]
    asked = 90
    for number in range(asked):
        status, said = stack.get(f"/api/v1/bills?limit=1&q=projeto{number}")
        if status != 200:
            raise Failed(f"{status}: {said[:300]}")
    shares = [round(_answered(stack, number) - was) for number, was in zip((1, 2, 3), before, strict=True)]
    if min(shares) < asked / 6:
        raise Failed(f"not every web process serves: {shares}")
    return f"{asked} requests answered by three: {shares}"


def leave_one_by_one(stack: Stack) -> str:
    """From three to two to one under a steady stream of requests, of which none may fail."""
    with asking(stack) as seen:
        for count in (2, 1):
            stack.compose(f"up -d --wait --scale web={count}", within=120)
            wait_until(f"nginx knows {count}", lambda count=count: _known(stack) == count, 15)
    return _all_answered(dict(seen))


def upgraded_without_a_gap(stack: Stack) -> str:
    """A new release beside the old one, then without it; the old one comes back the same way. What is stored stays;
    the simulated Congress begins again, since its image is of the release too."""
    before = bills.stored(stack)
    results = []
    for version in (NEXT, "0.1.0"):
        stack.environment["LEGIS_VERSION"] = version
        stack.compose("build", within=600)
        old = " ".join(stack.containers(service)[0]["Id"] for service in ("web", "indexer"))
        with asking(stack) as seen:
            stack.compose("up -d migrate")
            stack.compose("up -d --no-recreate --scale indexer=2 indexer")
            stack.compose("up -d --no-recreate --wait --scale web=2 web", within=240)
            wait_until("nginx knows both", lambda: _known(stack) == 2, 15)
            stack.must(f"docker stop {old} && docker rm {old}")
            stack.compose("up -d --wait", within=240)
        results.append(_all_answered(dict(seen)))
        images = [one["Config"]["Image"] for name in ("web", "indexer") for one in stack.containers(name)]
        if images != 2 * [f"legis/api-gateway:{version}"]:
            raise Failed(f"web and indexer run {images}")
        bills.all_listed(stack, 60)
    after = bills.stored(stack)
    if any(not ids <= after[source] for source, ids in before.items()):
        raise Failed("bills are missing after the release")
    return f"there: {results[0]}; back: {results[1]}; every bill is still there"


def _all_answered(seen: dict[int, int]) -> str:
    if set(seen) != {200}:
        raise Failed(f"requests failed, by status: {seen}")
    return f"{seen[200]} requests, all answered"


def _answered(stack: Stack, number: int) -> float:
    return float(json.loads(stack.compose(f'exec -T --index {number} web python -c "{FIGURES}"')))


def _known(stack: Stack) -> int:
    """How many web processes nginx sends to."""
    written = stack.compose("exec -T nginx cat /run/legis-nginx/nginx.conf")
    return len(re.findall(r"server [\d.]+:5000 max_fails=0;", written))
