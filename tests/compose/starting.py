"""Whether everything starts in the order of its dependencies, and is then denied what it does not need."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stack import OURS, PROJECT, SERVICES, Failed, Stack

STARTS_WITHIN = 300.0
WITH_SHELL = (*OURS, "db", "redis", "nginx")
WITHOUT_WAY_OUT = (*OURS, "db", "redis", "simulator")
"""What must not even reach nginx's address on the network that leads outside."""

FORBIDDEN: tuple[tuple[tuple[str, ...], str], ...] = (
    (WITH_SHELL, "touch /tried"),
    (WITH_SHELL, "sh -c '! grep -q \"CapEff:.*0000000000000000\" /proc/self/status'"),
    (WITH_SHELL, "sh -c 'test \"$(id -u)\" = 0'"),
    *((OURS, f"python -c 'import {module}'") for module in ("pip", "ensurepip", "pytest", "hatchling")),
    (("nginx",), "timeout 3 bash -c '</dev/tcp/db/5432'"),
    (("nginx",), "timeout 3 bash -c '</dev/tcp/redis/6379'"),
)
"""Commands in which containers none must succeed."""

POSSIBLE: tuple[tuple[tuple[str, ...], str], ...] = (
    (WITH_SHELL, "sh -c 'command -v touch && command -v grep && command -v id'"),
    (OURS, "python -c 'import legis'"),
    (("web", "indexer"), "sh -c 'touch $INDEX_FOLDER/tried && rm $INDEX_FOLDER/tried'"),
    (("nginx",), "timeout 3 bash -c '</dev/tcp/web/5000'"),
)
"""Commands that must: the same means, so that what fails above fails for its reason."""


@contextmanager
def watched(stack: Stack) -> Iterator[list[dict[str, Any]]]:
    """What happens to the deployment's containers meanwhile: starts, ends, verdicts on health; complete at the end."""
    kinds = "".join(f" --filter event={kind}" for kind in ("start", "die", "health_status"))
    command = f"docker events --format '{{{{json .}}}}' --filter label=com.docker.compose.project={PROJECT}{kinds}"
    seen: list[dict[str, Any]] = []
    with subprocess.Popen(
        command, shell=True, env=stack.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as listener:
        try:
            yield seen
        finally:
            os.killpg(listener.pid, signal.SIGINT)
            output, _ = listener.communicate(timeout=60)
            seen += [json.loads(line) for line in output.splitlines()]


def start_in_order(stack: Stack) -> str:
    """Starts everything. Raises Failed where something started before what it needs was ready."""
    with watched(stack) as events:
        stack.compose(f"up -d --wait --wait-timeout {STARTS_WITHIN:g}", within=STARTS_WITHIN + 30)
    started = _first(events, "start")
    ready = {**_first(events, "health_status: healthy"), **_ended_well(events)}
    services = json.loads(stack.compose("config --format json"))["services"]
    if set(started) != set(services):
        raise Failed(f"started {sorted(started)}, not {sorted(services)}")
    early = [
        f"{name} before {needed}"
        for name, service in services.items()
        for needed in service.get("depends_on", {})
        if not started[name] > ready.get(needed, float("inf"))
    ]
    if early:
        raise Failed(f"started too early: {early}")
    order = " ".join(sorted(started, key=lambda name: started[name]))
    return f"{len(ready)} healthy or done, in order: {order}"


def denied(stack: Stack) -> str:
    """Tries in the running containers what should not be possible. Raises Failed where it was."""
    soft = [
        f"{service}: {what}"
        for service in SERVICES
        for container in stack.containers(service)
        for what in _soft(container)
    ]
    outside = f"timeout 3 bash -c '</dev/tcp/{_address(stack, 'nginx', 'public')}/8080'"
    done = _tried(stack, (*FORBIDDEN, (WITHOUT_WAY_OUT, outside)), succeeds=True)
    undone = _tried(stack, (*POSSIBLE, (("nginx",), outside)), succeeds=False)
    if soft or done or undone:
        raise Failed(f"not hardened: {soft}; could be done: {done}; could not be tried: {undone}")
    return f"{len(FORBIDDEN) + 1} things tried in vain: to write, to install, to reach db and redis, to get out"


def _tried(stack: Stack, commands: tuple[tuple[tuple[str, ...], str], ...], *, succeeds: bool) -> list[str]:
    """Those of the commands that succeed, or those that do not."""
    return [
        f"{service}: {command}"
        for services, command in commands
        for service in services
        if (stack.shell(f"docker compose exec -T {service} {command}").status == 0) is succeeds
    ]


def _address(stack: Stack, service: str, network: str) -> str:
    networks = stack.containers(service)[0]["NetworkSettings"]["Networks"]
    return str(networks[f"{PROJECT}_{network}"]["IPAddress"])


def _soft(container: dict[str, Any]) -> list[str]:
    """What a container lacks of what all should have."""
    host = container["HostConfig"]
    wanted = {
        "limits": all((host["NanoCpus"], host["Memory"], host["PidsLimit"])),
        "read-only root": host["ReadonlyRootfs"],
        "dropped capabilities": host["CapDrop"] == ["ALL"] and not host["CapAdd"],
        "no new privileges": "no-new-privileges:true" in host["SecurityOpt"],
        "a user": container["Config"]["User"].split(":")[0] not in ("", "0", "root"),
    }
    return [name for name, there in wanted.items() if not there]


def _first(events: list[dict[str, Any]], kind: str) -> dict[str, int]:
    times: dict[str, int] = {}
    for event in events:
        if event["status"] == kind:
            times.setdefault(event["Actor"]["Attributes"]["com.docker.compose.service"], event["timeNano"])
    return times


def _ended_well(events: list[dict[str, Any]]) -> dict[str, int]:
    return _first([event for event in events if event["Actor"]["Attributes"].get("exitCode") == "0"], "die")
