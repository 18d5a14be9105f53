"""The primary is killed while readers read and a writer writes: what readers saw, and when writes were back."""

import time

from cluster.traffic import Observed
from cluster_ground import ClusterGround
from harms import Harm, Verdict


def primary_lost(ground: ClusterGround) -> Harm:
    """No reply may be wrong: none that counts a bill back, misses an entry, or lacks what its `min_seq` names."""
    database = ground.servers.database
    dead, before = database.primary, ground.head() or 0
    ground.traffic.seen = seen = Observed()
    dead.kill()
    killed, back = time.monotonic(), list[float]()

    def look() -> None:
        if not back and (ground.head() or 0) > before:
            back.append(time.monotonic() - killed)

    looker = ground.often(0.2, look)

    def after() -> None:
        looker.set()
        database.primary = next((node for node in database.standbys if node.is_primary()), dead)
        if database.primary is not dead:
            ground.rejoin(dead)

    return Harm(after=after, verdict=lambda: _verdict(seen, back))


def _verdict(seen: Observed, back: list[float]) -> Verdict:
    failed = seen.tally.failed + len(seen.failed)
    writes = f"writes back {back[0]:.0f} s after the kill" if back else "no write came back"
    told = (
        f"{seen.tally.sent} requests and {seen.followed} entries followed: {len(seen.wrong)} wrong, {failed} failed;"
        f" {writes}"
    )
    return Verdict(told, "" if back and not seen.wrong and not failed else f"{told}; {_first(seen)}")


def _first(seen: Observed) -> str:
    return "; ".join([*seen.wrong[:3], *seen.failed[:3], *seen.tally.failures[:3]])
