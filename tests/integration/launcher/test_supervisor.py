import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from legis_launcher.processes import supervisor as supervisor_module
from legis_launcher.processes.child_process import Child, ChildFailed
from legis_launcher.processes.supervisor import ManagedChild, Supervisor
from legis_launcher.run_folder import process_mark

Wait = Callable[..., None]
FOREVER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(below.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str], monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    monkeypatch.setattr(supervisor_module, "FIRST_DELAY", 0.05)
    return Supervisor(said.append, lambda: None)


def _managed(place: Path, code: str, **options: float) -> ManagedChild:
    child = Child("part", [sys.executable, "-c", code], place / "part.log")
    child.start()
    return ManagedChild(child, options.get("stop_within", 5))


def _ticked(supervisor: Supervisor) -> bool:
    supervisor.tick()
    return True


def test_a_child_that_dies_is_started_again_and_people_are_told(
    place: Path, supervisor: Supervisor, said: list[str], until: Wait
) -> None:
    managed = _managed(place, FOREVER)
    supervisor.add(managed)
    supervisor.tick()
    assert said == []
    first = managed.child.pid
    managed.child.kill()
    supervisor.tick()
    assert "part ended unasked with status -9" in said[0]
    assert not managed.child.alive
    until(lambda: _ticked(supervisor) and managed.child.alive)
    assert managed.child.pid != first
    assert managed.restarts == 1
    supervisor.stop_all()
    assert not managed.child.alive


def test_a_wrong_setting_is_not_tried_again(place: Path, supervisor: Supervisor, said: list[str], until: Wait) -> None:
    managed = _managed(place, "import sys; print('setting PORT: wrong'); sys.exit(2)")
    supervisor.add(managed)
    until(lambda: managed.child.exit_code == 2)
    supervisor.tick()
    assert managed.given_up
    assert "NOT started again" in said[0]
    assert "setting PORT: wrong" in said[0]


def test_restarts_are_bounded(
    place: Path, supervisor: Supervisor, said: list[str], until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "MAX_FAILURES", 2)
    managed = _managed(place, "raise SystemExit(3)")
    supervisor.add(managed)
    until(lambda: _ticked(supervisor) and managed.given_up)
    assert managed.restarts == 2
    assert [("started again in" in line, "NOT started again" in line) for line in said] == [
        (True, False),
        (True, False),
        (False, True),
    ]


def test_what_ignores_the_request_is_killed_with_all_it_started(
    place: Path, supervisor: Supervisor, said: list[str], until: Wait
) -> None:
    managed = _managed(place, STUBBORN, stop_within=0.3)
    supervisor.add(managed)
    until(lambda: managed.child.log_tail())
    below = int(managed.child.log_tail())
    began = time.monotonic()
    supervisor.stop_all()
    assert time.monotonic() - began < 5, "as long as it waits where nothing else is said"
    assert "was killed" in said[0]
    until(lambda: not process_mark(below))


ENDS_SLOWLY = """
import signal, sys, time
def end(*_):
    time.sleep(0.5)
    print("ended", time.time(), flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(600)
"""


def test_stopping_goes_backwards_by_tiers(place: Path, supervisor: Supervisor, until: Wait) -> None:
    children = {}
    for name, tier in (("database", 0), ("worker", 1), ("web", 2), ("ingest", 2)):
        children[name] = Child(name, [sys.executable, "-c", ENDS_SLOWLY], place / f"{name}.log")
        children[name].start()
        supervisor.add(ManagedChild(children[name], 5, tier))
    until(lambda: all(child.log_tail() for child in children.values()))
    supervisor.stop_all()
    ended = {name: float(child.log_tail(1).split()[1]) for name, child in children.items()}
    assert ended["database"] - ended["worker"] >= 0.5
    assert ended["worker"] - max(ended["web"], ended["ingest"]) >= 0.5
    assert abs(ended["web"] - ended["ingest"]) < 0.4  # together


def test_not_ready_in_time_shows_the_log(place: Path, supervisor: Supervisor, free_port: int) -> None:
    managed = _managed(place, FOREVER)
    managed.ready_url = f"http://127.0.0.1:{free_port}/health/ready"
    with pytest.raises(ChildFailed, match=r"part was not ready after 1 s:\nup"):
        supervisor.wait_until_ready(managed, 1)
    managed.child.kill()
    with pytest.raises(ChildFailed, match="part ended with status -9"):
        supervisor.wait_until_ready(managed, 5)


def test_the_end_of_any_child_ends_the_waiting_for_another(
    place: Path, supervisor: Supervisor, free_port: int, until: Wait
) -> None:
    server, service = _managed(place, "print('no memory'); raise SystemExit(1)"), _managed(place, FOREVER)
    server.child.name = "redis"
    service.ready_url = f"http://127.0.0.1:{free_port}/health/ready"
    supervisor.add(server)
    supervisor.add(service)
    until(lambda: not server.child.alive)
    with pytest.raises(ChildFailed, match="redis ended with status 1"):
        supervisor.wait_until_ready(service, 60)
    supervisor.stop_all()


def test_a_start_that_fails_is_told_and_tried_again(
    place: Path, supervisor: Supervisor, said: list[str], until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor_module, "LONGEST_DELAY", 0.05)
    managed = _managed(place, FOREVER)
    supervisor.add(managed)
    log, managed.child.log_path = managed.child.log_path, place / "part.log" / "no folder"
    managed.child.kill()
    until(lambda: _ticked(supervisor) and any("cannot be started" in line for line in said))
    assert not managed.child.alive
    managed.child.log_path = log
    until(lambda: _ticked(supervisor) and managed.child.alive)
    supervisor.stop_all()
