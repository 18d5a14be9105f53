"""The scenarios of the runbook: how each is brought about, on which ground, and which alert must say so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import harms
from cluster_ground import ClusterGround
from failover_harm import primary_lost
from ground import Ground
from plain_ground import PlainGround


@dataclass(frozen=True, slots=True)
class Scenario:
    """`label` is that of its alerts, `section` its heading in the runbook. `begin` does the harm to the ground."""

    label: str
    section: str
    alerts: frozenset[str]
    injected: str
    begin: Callable[[Any], harms.Harm]
    ground: type[Ground] = PlainGround


SCENARIOS = (
    Scenario(
        "application-down",
        "Scenario 1",
        frozenset({"HealthCheckFailing", "ServiceDown"}),
        "the process `web` stopped (SIGSTOP)",
        harms.down,
    ),
    Scenario(
        "high-response-times",
        "Scenario 2",
        frozenset({"LatencyHigh", "LatencyCritical"}),
        f"a job that locks `bill` for {harms.LOCKED_SECONDS:g} s again and again",
        harms.slow,
    ),
    Scenario(
        "external-api-failures",
        "Scenario 3",
        frozenset({"BreakerOpen"}),
        "the Câmara answers 503, until it does not",
        harms.outage,
    ),
    Scenario(
        "database-issues",
        "Scenario 4",
        frozenset({"PostgresDown", "WorkerStalled"}),
        "the database dropped",
        harms.database_lost,
    ),
    Scenario(
        "security-incident",
        "Scenario 5",
        frozenset({"UnusualAccessPattern"}),
        f"a scanner at {harms.SCANNER}, 100 probes a second",
        harms.scanned,
    ),
    Scenario(
        "certificate-expired",
        "Scenario 6",
        frozenset({"CertificateEnds"}),
        "a certificate that ended yesterday",
        harms.expired,
    ),
    Scenario(
        "index-lost",
        "Scenario 7",
        frozenset({"IndexLost"}),
        "the folder of the search index deleted",
        harms.index_lost,
    ),
    Scenario(
        "primary-lost",
        "Scenario 8",
        frozenset({"PostgresNoPrimary"}),
        "the primary killed (SIGKILL), two standbys left",
        primary_lost,
        ClusterGround,
    ),
)
