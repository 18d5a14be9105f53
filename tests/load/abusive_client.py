"""One client with 40, then 100 parallel heavy queries, and what it costs another client that asks modestly.

Both ask through nginx, as clients do: nginx bounds how often a client asks, and how many of its places a client holds;
web's admission bounds how much is at work for it. 100 are more than nginx lets through for all clients.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from nginx_process import find_nginx, start_nginx
from stage import Stage

ABUSER, MODEST = "203.0.113.1", "203.0.113.2"
"""Told in X-Forwarded-For, which nginx believes of 127.0.0.1 here."""

PARALLEL, RATE = (40, 100), 20
HEAVY = "&facets=type,status,year,party,subject,author"
HEAD_START_SECONDS, ROUNDS, MOST_TIMES = 1.0, 3, 2.0


Quantile = Callable[[list[float], float], float]


class Seen(Protocol):
    """What one load run saw: seconds of good and refused answers, sorted, and the number of other outcomes."""

    good: list[float]
    shed: list[float]
    other: int


def abuse(
    stage: Stage,
    web_port: int,
    seconds: float,
    load: Callable[..., Seen],
    quantile: Quantile,
) -> bool:
    """Quiet and abused by turns; prints both, and says whether every modest request was answered in twice the time."""
    program = find_nginx()
    if program is None:
        print("abusive client: skipped, there is no nginx on this machine (Debian: apt-get install nginx-light)")
        return True
    folder = Path(stage.folder, "nginx")
    nginx, port = start_nginx(program, folder, [f"127.0.0.1:{web_port}"], LEGIS_TRUSTED_PROXIES="127.0.0.1")
    stage.children.append(nginx)
    return all([_compare(port, seconds, parallel, load, quantile) for parallel in PARALLEL])


def _compare(port: int, seconds: float, parallel: int, load: Callable[..., Seen], quantile: Quantile) -> bool:
    quiet: list[float] = []
    abused: list[float] = []
    refused, of_abuser = 0, [0, 0]
    for _ in range(ROUNDS):
        alone = load(port, seconds, rate=RATE, clients=RATE, address=MODEST)
        beside, abuser = _beside_the_abuser(port, seconds, parallel, load)
        quiet += alone.good
        abused += beside.good
        refused += len(beside.shed) + beside.other
        of_abuser = [of_abuser[0] + len(abuser.good), of_abuser[1] + len(abuser.shed) + abuser.other]
    quiet.sort()
    abused.sort()
    times = quantile(abused, 0.99) / quantile(quiet, 0.99)
    asked = len(abused) + refused
    print(
        f"abusive client ({parallel} parallel heavy queries: {of_abuser[0]} answered, {of_abuser[1]} refused): of "
        f"the other one's {asked} requests {refused} not answered, p50 {quantile(abused, 0.5) * 1000:.1f} ms "
        f"(quiet {quantile(quiet, 0.5) * 1000:.1f}), p99 {quantile(abused, 0.99) * 1000:.1f} ms "
        f"(quiet {quantile(quiet, 0.99) * 1000:.1f}) = {times:.2f}x quiet",
        flush=True,
    )
    return refused == 0 and times <= MOST_TIMES


def _beside_the_abuser(port: int, seconds: float, parallel: int, load: Callable[..., Seen]) -> tuple[Seen, Seen]:
    """The modest client's run while the abuser asks, and the abuser's, which began before it and ends after it."""
    found: list[Seen] = []

    def ask() -> None:
        lasts = seconds + 2 * HEAD_START_SECONDS
        found.append(load(port, lasts, clients=parallel, address=ABUSER, more=HEAVY))

    abuser = threading.Thread(target=ask)
    abuser.start()
    time.sleep(HEAD_START_SECONDS)
    beside = load(port, seconds, rate=RATE, clients=RATE, address=MODEST)
    abuser.join()
    return beside, found[0]
