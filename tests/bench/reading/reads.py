"""The API's reads against the least that could answer them: a constant reply, the bare index or statement, pgbench."""

import urllib.request
from pathlib import Path

from bench.pace import Pace
from bench.reading import ceiling
from bench.reading.questions import LIST, PAGE, Questions
from bench.report import Figure, Report, at_least
from bench.rivals import pgbench as pgbench_runner
from bench.system.arena import Arena, pgbench
from bench.turns import Turns, costs, in_turns, rates

PART = "reads"
SEARCH_THREADS = 2
"""As many as a web process has."""


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """Both comparisons."""
    _cached(arena, questions, report, pace)
    _uncached(arena, questions, report, pace)


def _cached(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    web, port = arena.cached()
    list_target, detail_target = f"{LIST}?limit={PAGE}", questions.details[0]
    subjects = {}
    for name, target in (("list", list_target), ("detail", detail_target)):
        body = arena.folder / f"{name}.json"
        body.write_bytes(body_of(port, target))
        raw, raw_port = arena.python(f"raw-{name}", "bench.rivals.raw_constant", {"BODY_FILE": str(body)})
        subjects[f"legis, cached {name}"] = arena.subject(web, port, [target], seconds=pace.seconds)
        subjects[f"uvicorn, {name}'s bytes"] = arena.subject(raw, raw_port, ["/"], seconds=pace.seconds)
    raw, raw_port = arena.python("raw-304", "bench.rivals.raw_constant", {"STATUS": "304", "BODY_FILE": ""})
    known = {"If-None-Match": "*"}
    subjects["legis, 304"] = arena.subject(web, port, [list_target], seconds=pace.seconds, status=304, headers=known)
    subjects["uvicorn, 304"] = arena.subject(raw, raw_port, ["/"], seconds=pace.seconds, status=304, headers=known)
    found = in_turns(subjects, pace.turns)
    report.add_subjects(PART, found)
    for name, ours, theirs, bound in (
        ("cached list", "legis, cached list", "uvicorn, list's bytes", 0.35),
        ("cached detail", "legis, cached detail", "uvicorn, detail's bytes", 0.35),
        ("304", "legis, 304", "uvicorn, 304", 0.40),
    ):
        _both(report, found, f"{name} : constant reply", (ours, theirs), bound)
    arena.end_others()


def _uncached(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    web, port = arena.uncached()
    statements, program = questions.detail_statements, pgbench()
    subjects = {
        "legis, list of 20": arena.subject(web, port, questions.lists, seconds=pace.seconds),
        "tantivy, list of 20": ceiling.of_lists(arena, questions.pairs, PAGE, pace.seconds, threads=SEARCH_THREADS),
        "tantivy, on the loop": ceiling.of_lists(arena, questions.pairs, PAGE, pace.seconds, threads=0),
        "legis, detail": arena.subject(web, port, questions.details, seconds=pace.seconds),
        "asyncpg, detail": ceiling.of_details(arena, statements, pace.seconds),
    }
    if program is not None:
        subjects["pgbench, detail"] = pgbench_runner.subject(
            program, arena.postgres.url("legis"), arena.postgres.child.pid or 0, statements,
            Path(arena.folder) / "pgbench-detail", pace.seconds,
        )  # fmt: skip
    found = in_turns(subjects, pace.turns)
    report.add_subjects(PART, found)
    _both(report, found, "uncached list of 20 : raw ASGI + Tantivy", ("legis, list of 20", "tantivy, list of 20"), 0.70)
    on_the_loop = rates(found, "legis, list of 20", "tantivy, on the loop")
    report.add(PART, Figure("uncached list of 20 : raw ASGI + Tantivy on the event loop", on_the_loop))
    _both(report, found, "uncached detail : raw ASGI + asyncpg", ("legis, detail", "asyncpg, detail"), 0.70)
    if program is None:
        report.notes["pgbench"] = "skipped: neither beside the bundled PostgreSQL nor on the path"
    else:
        report.add(PART, Figure("uncached detail : pgbench", rates(found, "legis, detail", "pgbench, detail")))
    arena.end_others()


def _both(report: Report, found: Turns, name: str, pair: tuple[str, str], bound: float) -> None:
    report.add(
        PART,
        Figure(name, rates(found, *pair), target=at_least(bound)),
        Figure(f"{name}, by processor time", costs(found, *pair)),
    )


def body_of(port: int, target: str) -> bytes:
    """What the API answers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{target}", timeout=10) as reply:
        return bytes(reply.read())
