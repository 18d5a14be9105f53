"""Kept replies of nginx against a constant reply of raw uvicorn: what the reply cache in front of `web` is worth."""

from pathlib import Path

from nginx_process import find_nginx, start_nginx

from bench.pace import Pace
from bench.reading.questions import LIST, PAGE, Questions
from bench.reading.reads import body_of
from bench.report import Figure, Report, at_least
from bench.system.arena import Arena
from bench.turns import costs, in_turns, rates

PART = "nginx"
UNBOUNDED = "1000000"
"""Requests a second of one client: here one client asks for all."""


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """A kept list and a 304 through nginx, and the same bytes from uvicorn itself."""
    program = find_nginx()
    if program is None:
        report.notes[PART] = "skipped: no nginx on this machine (Debian: nginx-light)"
        return
    _, web_port = arena.web(PROXY_CACHE="true")
    nginx, port = start_nginx(
        program, Path(arena.folder, "nginx"), [f"127.0.0.1:{web_port}"], LEGIS_CLIENT_RATE=UNBOUNDED
    )
    arena.children.append(nginx)
    target = f"{LIST}?limit={PAGE}"
    body = arena.folder / "proxied.json"
    body.write_bytes(body_of(web_port, target))
    raw, raw_port = arena.python("raw-proxied", "bench.rivals.raw_constant", {"BODY_FILE": str(body)})
    raw_304, raw_304_port = arena.python(
        "raw-proxied-304", "bench.rivals.raw_constant", {"STATUS": "304", "BODY_FILE": ""}
    )
    known = {"If-None-Match": "*"}
    subjects = {
        "nginx, kept list": arena.subject(nginx, port, [target], seconds=pace.seconds),
        "uvicorn, its bytes": arena.subject(raw, raw_port, ["/"], seconds=pace.seconds),
        "nginx, 304": arena.subject(nginx, port, [target], seconds=pace.seconds, status=304, headers=known),
        "uvicorn, constant 304": arena.subject(
            raw_304, raw_304_port, ["/"], seconds=pace.seconds, status=304, headers=known
        ),
    }
    found = in_turns(subjects, pace.turns)
    report.add_subjects(PART, found)
    kept = ("nginx, kept list", "uvicorn, its bytes")
    report.add(
        PART,
        Figure("kept list through nginx : constant reply", rates(found, *kept), target=at_least(0.85)),
        Figure("kept list through nginx : constant reply, by processor time", costs(found, *kept)),
        Figure("304 through nginx : constant 304", rates(found, "nginx, 304", "uvicorn, constant 304")),
    )
    arena.end_others()
