"""Kills the process of one service after the other: each must come back by itself, and nothing may be lost."""

import time

from stack import SERVICES, Failed, Stack, wait_until

HEALS_WITHIN = 180.0


def kill_each(stack: Stack) -> str:
    """SIGKILL to each service but the simulator, whose Congress would begin again; how long each was away."""
    took = {service: _kill(stack, service) for service in SERVICES if service != "simulator"}
    return "healthy again after " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items())


def kill_simulator(stack: Stack) -> str:
    """The last: what it had made up since its start is forgotten with it."""
    return f"healthy again after {_kill(stack, 'simulator'):.0f} s"


def _kill(stack: Stack, service: str) -> float:
    container = stack.containers(service)[0]
    restarts, pid = container["RestartCount"], container["State"]["Pid"]
    # From beside the containers: what the engine is told to kill it takes for stopped on purpose.
    stack.must(
        "docker run --rm --pid host --network none --user 0:0 --cap-drop ALL --cap-add KILL --entrypoint /bin/sh "
        f"{container['Config']['Image']} -c 'kill -9 {pid}'"
    )
    began = time.monotonic()

    def back() -> bool:
        return stack.containers(service)[0]["RestartCount"] > restarts and stack.healthy(service)

    wait_until(f"{service} is back and healthy", back, HEALS_WITHIN)
    took = time.monotonic() - began
    wait_until("the API answers", stack.served, HEALS_WITHIN)
    others = [name for name in SERVICES if not stack.healthy(name)]
    if others:
        wait_until(f"{others} are healthy after {service} was killed", lambda: all(map(stack.healthy, others)), 60)
    if stack.get("/api/v1/bills?limit=1")[0] != 200:
        raise Failed(f"bills are not served after {service} was killed")
    return took
