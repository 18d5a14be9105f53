"""What traces, metrics and logs cost: the API as it runs against the same API without them."""

from functools import partial

from stage import status, until

from bench.pace import Pace
from bench.reading.questions import LIST, PAGE, Questions
from bench.report import Figure, Report, at_most
from bench.system.arena import SAMPLED, Arena
from bench.turns import Ratio, Turns, costs, in_turns

PART = "observability"


def run(arena: Arena, questions: Questions, report: Report, pace: Pace) -> None:
    """Cached and computed replies, with a tenth of the traces sent to a collector."""
    body = arena.folder / "ok.json"
    body.write_bytes(b"{}")
    _, collector_port = arena.python("collector", "bench.rivals.raw_constant", {"BODY_FILE": str(body)})
    seen = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector_port}",
        "OTEL_TRACES_SAMPLER_ARG": SAMPLED,
    }
    subjects = {}
    for cache, extra in (("cached", {}), ("computed", {"RESPONSE_CACHE_ENTRIES": "0"})):
        target = {"cached": [f"{LIST}?limit={PAGE}"], "computed": questions.lists}[cache]
        web, port = arena.web(**seen, **extra)
        blind, blind_port = arena.python(f"unobserved-{cache}", "bench.rivals.unobserved_web", extra)
        until(partial(_ready, blind_port), 30, "the unobserved API is ready")
        subjects[f"{cache}, on"] = arena.subject(web, port, target, seconds=pace.seconds)
        subjects[f"{cache}, off"] = arena.subject(blind, blind_port, target, seconds=pace.seconds)
    found = in_turns(subjects, pace.turns)
    report.add_subjects(PART, found)
    for cache, bound in (("cached", 10), ("computed", 25)):
        report.add(
            PART,
            Figure(f"{cache} replies: throughput lost", _lost(found, cache), "%", at_most(bound)),
            Figure(f"{cache} replies: processor time more", _more(found, cache), "%"),
        )
    arena.end_others()


def _ready(port: int) -> bool:
    """Listening is not enough: lists are answered once the index is open."""
    return status(f"http://127.0.0.1:{port}/api/health/ready") == 200


def _lost(found: Turns, cache: str) -> Ratio:
    pairs = zip(found[f"{cache}, on"], found[f"{cache}, off"], strict=True)
    return Ratio.of([100 * (1 - on.rate / max(off.rate, 1e-9)) for on, off in pairs])


def _more(found: Turns, cache: str) -> Ratio:
    ratio = costs(found, f"{cache}, on", f"{cache}, off")
    return Ratio(*(100 * (1 / max(value, 1e-9) - 1) for value in (ratio.median, ratio.high, ratio.low)))
