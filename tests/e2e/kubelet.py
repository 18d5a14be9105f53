# ruff: noqa: ASYNC110 (another process sets no events of ours)
"""Asks the probes of a container as kubelet does, with the periods and thresholds of its manifest."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import yaml

MANIFEST = Path(__file__).resolve().parents[2] / "deploy" / "k8s" / "base" / "web.yaml"
HURRY = 5
"""Probes are asked this many times as often as the manifest says: less patient than kubelet, and quicker to test."""


def web_container() -> dict[str, Any]:
    """The container `web` of the Deployment."""
    deployment = next(one for one in yaml.safe_load_all(MANIFEST.read_text()) if one["kind"] == "Deployment")
    found: dict[str, Any] = next(
        one for one in deployment["spec"]["template"]["spec"]["containers"] if one["name"] == "web"
    )
    return found


@dataclass(slots=True)
class Probe:
    """One probe of the manifest and its last results. `failures` are those in a row, `answered` counts the replies."""

    path: str
    period: float
    timeout: float
    threshold: int
    answered: int = 0
    failures: int = 0

    @classmethod
    def of(cls, spec: dict[str, Any]) -> "Probe":
        """The probe as the manifest describes it."""
        return cls(spec["httpGet"]["path"], spec["periodSeconds"], spec["timeoutSeconds"], spec["failureThreshold"])

    async def ask(self, client: httpx2.AsyncClient) -> bool:
        """Asks once over a new connection, as kubelet does."""
        try:
            reply = await client.get(self.path, timeout=self.timeout, headers={"Connection": "close"})
            good = 200 <= reply.status_code < 400
            self.answered += 1
        except httpx2.TransportError:
            good = False
        self.failures = 0 if good else self.failures + 1
        return good


@dataclass(slots=True)
class Kubelet:
    """State of one pod. `ready`: the Service sends requests to it. `restarts` are those that liveness asked for."""

    url: str
    startup: Probe = field(default_factory=lambda: Probe.of(web_container()["startupProbe"]))
    readiness: Probe = field(default_factory=lambda: Probe.of(web_container()["readinessProbe"]))
    liveness: Probe = field(default_factory=lambda: Probe.of(web_container()["livenessProbe"]))
    started: bool = False
    ready: bool = False
    removals: int = 0
    restarts: int = 0

    async def run(self) -> None:
        """Asks until cancelled: startup first, then the two others side by side."""
        async with httpx2.AsyncClient(base_url=self.url, trust_env=False) as client:
            while not await self.startup.ask(client):
                await asyncio.sleep(self.startup.period / HURRY)
            self.started = True
            async with asyncio.TaskGroup() as probes:
                probes.create_task(self._follow_readiness(client))
                probes.create_task(self._follow_liveness(client))

    async def _follow_readiness(self, client: httpx2.AsyncClient) -> None:
        while True:
            if await self.readiness.ask(client):
                self.ready = True
            elif self.ready and self.readiness.failures >= self.readiness.threshold:
                self.ready = False
                self.removals += 1
            await asyncio.sleep(self.readiness.period / HURRY)

    async def _follow_liveness(self, client: httpx2.AsyncClient) -> None:
        while True:
            if not await self.liveness.ask(client) and self.liveness.failures >= self.liveness.threshold:
                self.restarts += 1
            await asyncio.sleep(self.liveness.period / HURRY)


@contextlib.asynccontextmanager
async def kubelet(url: str) -> Any:
    """A kubelet that watches the process at `url` as long as the context lasts."""
    watching = Kubelet(url)
    task = asyncio.create_task(watching.run())
    try:
        yield watching
        assert not task.done(), "kubelet itself failed"
    finally:
        task.cancel()
        await asyncio.wait({task})
