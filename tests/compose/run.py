"""`make compose-test`: builds the images, starts base and offline layers on a real engine, and holds them to their
promises; takes everything down at the end.

Needs Docker with Compose 2.24 or newer. Status 1 where a promise is broken, 3 where there is no engine. The public port
is 5000, as operators know it (LEGIS_PORT=… takes another); LEGIS_BUILD_NETWORK=host builds on the host's network.
"""

import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bills
import healing
import indexing
import operators
import rotating
import scaling
import starting
from layers import DEPLOYMENTS, FOLDER
from stack import Failed, Stack, say, wait_until

NO_ENGINE = 3


def main(wanted: str | None = None) -> int:
    """All steps in order until one fails; or the first ones, and those whose names the expression `wanted` finds."""
    folder = Path(tempfile.mkdtemp(prefix="legis-compose-"))
    stack = Stack(folder)
    if (missing := _missing(stack)) is not None:
        say(f"compose-test: {missing}; nothing was tested")
        return NO_ENGINE
    began = time.monotonic()
    try:
        for name, step in STEPS:
            if wanted is None or step in ALWAYS or re.search(wanted, name):
                _take(stack, name, step)
    except Failed as failed:
        say(f"FAIL {failed}")
        _show(stack)
        return 1
    finally:
        stack.shell("docker compose down -v --remove-orphans --timeout 20", within=180)
        shutil.rmtree(folder, ignore_errors=True)
    taken = "all steps" if wanted is None else "the chosen steps"
    say(f"compose-test: {taken} passed in {time.monotonic() - began:.0f} s")
    return 0


def _missing(stack: Stack) -> str | None:
    """What there is none of here: Docker, an engine behind it, or Compose."""
    if shutil.which("docker") is None:
        return "there is no docker on this machine"
    if stack.shell("docker info", within=30).status:
        return "no Docker engine answers (`docker info` fails)"
    if stack.shell("docker compose version", within=30).status:
        return "docker has no Compose (`docker compose version` fails)"
    return None


def _take(stack: Stack, name: str, step: Callable[[Stack], str]) -> None:
    say(f"...  {name}")
    began = time.monotonic()
    said = step(stack)
    say(f"ok   {name}, {time.monotonic() - began:.0f} s: {said}")


def _build(stack: Stack) -> str:
    stack.compose("build", within=1200)
    listed = stack.must("docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep '^legis/.*:0.1.0 '")
    return ", ".join(sorted(listed.split("\n"))).strip(", ")


def _secrets(stack: Stack) -> str:
    stack.must(f"{FOLDER}/make-secrets.sh", within=30)
    return f"{len(list((stack.folder / 'secrets').iterdir()))} files"


def _config(stack: Stack) -> str:
    """Every deployment is one that compose takes."""
    for layers in DEPLOYMENTS:
        stack.must(f"COMPOSE_FILE={':'.join(layers)} docker compose config -q", within=30)
    return f"all {len(DEPLOYMENTS)} combinations of layers that are meant to be run are taken"


def _smoke(stack: Stack) -> str:
    counts = bills.all_stored(stack, 180)
    wait_until(
        "sources are fresh and the health check is `ok`", lambda: '"status":"ok"' in stack.get("/api/health")[1], 60
    )
    for path, status, part in (
        ("/api/v1/bills?limit=1", 200, '"dataset":"sample"'),
        ("/api/v1/sources", 200, '"camara"'),
        ("/api/v1/changes?after=0&limit=1", 200, '"data"'),
        ("/openapi.json", 200, '"openapi"'),
        ("/api/health/ready", 200, '"ok"'),
        ("/api/metrics", 200, '"circuit_breakers"'),
        ("/metrics", 404, "Not Found"),
        ("/internal/breaker", 404, "Not Found"),
    ):
        got, body = stack.get(path)
        if got != status or part not in body:
            raise Failed(f"{path}: {got}, expected {status} with {part}: {body[:300]}")
    found = bills.all_listed(stack, 30)
    return f"every bill of the simulated Congress is stored and served: {counts}; {found} found"


def _still_all(stack: Stack) -> str:
    return f"{bills.all_stored(stack, 180)}, {bills.all_listed(stack, 60)} found"


def _show(stack: Stack) -> None:
    """What a person needs to see why."""
    for command in ("docker compose ps -a", "docker compose logs --tail=25"):
        say(stack.shell(command, within=60).text[-12000:])


STEPS: tuple[tuple[str, Callable[[Stack], str]], ...] = (
    ("secrets are made", _secrets),
    ("compose reads every deployment", _config),
    ("images are built", _build),
    ("everything becomes healthy in order", starting.start_in_order),
    ("what is not needed is denied", starting.denied),
    ("smoke", _smoke),
    ("web and indexer share the index", indexing.belongs_to_both),
    ("operators' commands", operators.run_all),
    ("three web processes serve", scaling.three_serve),
    ("they leave one by one, unnoticed", scaling.leave_one_by_one),
    ("the index is followed", indexing.followed),
    ("the index is thrown away and built again", indexing.thrown_away),
    ("a second indexer takes over", indexing.stood_by_for),
    ("each service is killed and heals", healing.kill_each),
    ("after all of it every bill is there", _still_all),
    ("passwords are rotated", rotating.rotate),
    ("a release is rolled out and back, unnoticed", scaling.upgraded_without_a_gap),
    ("the simulator is killed and heals", healing.kill_simulator),
)


ALWAYS = (_secrets, _build, starting.start_in_order)

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is taken down then too
    raise SystemExit(main(*sys.argv[1:2]))
