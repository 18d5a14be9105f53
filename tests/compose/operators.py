"""Runs every command that the documentation gives to operators, and holds each to what it should print and do."""

import re
import subprocess
from collections.abc import Callable

import bills
from commands import Command, load
from layers import FOLDER
from stack import OURS, Failed, Stack, say, wait_until

MEANWHILE = 20
"""Bills that appear in the chambers while Redis is emptied."""


def run_all(stack: Stack) -> str:
    """Each command of the table in turn. Raises Failed at the first that is not as it should be."""
    commands = load()
    skipped = 0
    for command in commands:
        if command.only == "online":
            skipped += 1
            continue
        around = next((run for part, run in AROUND.items() if part in command.command), run_one)
        around(stack, command)
        say(f"     {command.name}")
    stack.compose("start nginx")
    wait_until("the API answers again", stack.served, 30)
    return f"{len(commands) - skipped} commands as they should be; {skipped} need the chambers' own servers"


HOLDER, WAITER = "compose-test-holder", "compose-test-waiter"


def run_one(stack: Stack, command: Command) -> None:
    """Runs one. Raises Failed for a status other than 0, or where something it should print is missing."""
    line = command.command.replace("localhost:5000", f"localhost:{stack.environment['LEGIS_PORT']}")
    done = stack.shell(line, follows=command.follows)
    lacking = [wanted for wanted in command.prints if not re.search(wanted, done.text, re.MULTILINE)]
    if done.status or lacking:
        raise Failed(f"status {done.status}, lacking {lacking}: {line}\n{done.text[-3000:]}")


def _emptied(stack: Stack, command: Command) -> None:
    """Redis is emptied while bills come: none is lost, neither those stored nor those on their way."""
    before = bills.stored(stack)
    fresh = bills.create(stack, MEANWHILE)
    run_one(stack, command)
    if any(not ids <= bills.stored(stack)[source] for source, ids in before.items()):
        raise Failed("bills are missing right after flushall")
    fresh |= bills.create(stack, MEANWHILE)

    def arrived() -> bool:
        have = bills.stored(stack)
        return all(identifier in have[source] for source, identifier in fresh)

    wait_until(f"{len(fresh)} bills of before and after flushall are stored", arrived, 120, every=2)
    counts = bills.all_stored(stack, 120)
    was = {source: len(ids) for source, ids in before.items()}
    say(f"     flushall: {was} before, {counts} after, {len(fresh)} of them new; none lost")


def _restarted(stack: Stack, command: Command) -> None:
    run_one(stack, command)
    wait_until("web and worker are healthy", lambda: all(map(stack.healthy, ("web", "worker"))), 120)
    wait_until("the API answers", stack.served, 30)


def _scaled(stack: Stack, command: Command) -> None:
    run_one(stack, command)
    wait_until("three web processes are healthy", lambda: stack.healthy("web", 3), 180)


def _blocked(stack: Stack, command: Command) -> None:
    """With a lock that is really held: who waits, and for whom, must be named. Both sessions are known by their names:
    autovacuum and our own processes take and wait for locks too. They end when they are told to, not after a time.
    """
    running = [_session(stack, HOLDER, "BEGIN; LOCK TABLE dead_letter; SELECT pg_sleep(300);")]
    mine = "FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE application_name ="
    held = f"SELECT count(*) {mine} '{HOLDER}' AND mode = 'AccessExclusiveLock' AND granted"
    waits = f"SELECT count(*) {mine} '{WAITER}' AND NOT granted"
    try:
        wait_until("a lock is held", lambda: stack.sql(held) == "1", 60)
        running.append(_session(stack, WAITER, "SET lock_timeout = 0; SELECT count(*) FROM dead_letter"))
        wait_until("somebody waits for it", lambda: stack.sql(waits) == "1", 60)
        printed = stack.must(command.command)
    finally:
        stack.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{HOLDER}'")
        for one in running:
            one.wait(timeout=60)
    if not re.search(r"SELECT count\(\*\) FROM dead_letter.*LOCK TABLE dead_letter", printed, re.DOTALL):
        raise Failed(f"a held lock is not shown:\n{printed}")
    run_one(stack, command)


def _session(stack: Stack, name: str, statements: str) -> subprocess.Popen[bytes]:
    psql = f"docker compose exec -T -e PGAPPNAME={name} db psql -U postgres -d legislativo -c"
    return _started(stack, f'{psql} "{statements}"')


def _isolated(stack: Stack, command: Command) -> None:
    """Nobody comes in any more, and inside everything goes on."""
    run_one(stack, command)
    status, said = stack.get("/api/health")
    if status:
        raise Failed(f"the API still answers from outside: {status} {said[:200]}")
    if not all(stack.healthy(name, 3 if name == "web" else 1) for name in OURS):
        raise Failed("a service inside is not healthy")
    fresh = bills.create(stack, 2)
    wait_until(
        "bills are stored behind the closed door",
        lambda: all(one in bills.stored(stack)[source] for source, one in fresh),
        90,
        every=2,
    )


def _evidence(stack: Stack, command: Command) -> None:
    run_one(stack, command)
    kept = list(FOLDER.glob("incident_logs_*.txt"))
    text = "".join(path.read_text(errors="replace") for path in kept)
    for path in kept:
        path.unlink()
    lacking = [name for name in (*OURS, "db", "redis") if not re.search(rf"^(?:\x1b\[2K)?{name}-1", text, re.MULTILINE)]
    if len(kept) != 1 or lacking:
        raise Failed(f"{len(kept)} files of evidence, without {lacking}")


def _started(stack: Stack, command: str) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        ["bash", "-c", command], cwd=FOLDER, env=stack.environment, stdin=quiet, stdout=quiet, stderr=quiet
    )


AROUND: dict[str, Callable[[Stack, Command], None]] = {
    "redis-cli flushall": _emptied,
    "restart web worker": _restarted,
    "--scale web=3": _scaled,
    "pg_blocking_pids": _blocked,
    "stop nginx": _isolated,
    "incident_logs": _evidence,
}
"""Commands with more to them than what they print, by a part of their text."""
