"""The primary is killed while readers read and a writer writes: what readers saw, and when writes were back."""

import threading
import time

from cluster.traffic import Observed
from cluster_ground import ClusterGround
from harms import Harm, Verdict

BACK_SECONDS = 30.0
"""Longest time from a primary that answers to a write: the worker asks for it again after a wait that grows to 5 s."""


def primary_lost(ground: ClusterGround) -> Harm:
    """No reply may be wrong: none that counts a bill back, misses an entry, or lacks what its `min_seq` names."""
    database = ground.servers.database
    dead, before = database.primary, ground.head() or 0
    ground.traffic.seen = seen = Observed()
    dead.kill()
    killed, back, wrote = time.monotonic(), list[float](), threading.Event()

    def look() -> None:
        if not back and (ground.head() or 0) > before:
            back.append(time.monotonic() - killed)
            wrote.set()

    looker = ground.often(0.2, look)

    def after() -> None:
        looker.set()
        database.primary = next((node for node in database.standbys if node.is_primary()), dead)
        if database.primary is not dead:
            ground.rejoin(dead)

    def verdict() -> Verdict:
        wrote.wait(BACK_SECONDS)
        return _verdict(seen, back)

    return Harm(after=after, verdict=verdict)


def _verdict(seen: Observed, back: list[float]) -> Verdict:
    """A list that is asked to be as new as an entry may be refused (503) while the indexer has no primary to read it
    from: that is its promise. Nothing else may fail.
    """
    refused = [what for what in seen.failed if "&min_seq=" in what and ": 503 " in what]
    failed = [what for what in seen.failed if what not in refused] + seen.tally.failures
    writes = f"writes back {back[0]:.0f} s after the kill" if back else "no write came back"
    told = (
        f"{seen.tally.sent} requests and {seen.followed} entries followed: {len(seen.wrong)} wrong,"
        f" {len(failed)} failed, {len(refused)} lists refused for their min_seq; {writes}"
    )
    bad = [*seen.wrong, *failed]
    return Verdict(told, "" if back and not bad else "; ".join([told, *bad[:5]]))
