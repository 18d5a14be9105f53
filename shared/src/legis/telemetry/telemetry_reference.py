"""Generates docs/telemetry.md: every declared metric, every span and every field of a log line."""

import sys

from prometheus_client.metrics import MetricWrapperBase

from legis.telemetry import metrics

SPANS = (
    ("read bill", "INTERNAL", "ingest-camara, ingest-senado", "one bill read by its detail; the root of its trace"),
    ("read senator", "INTERNAL", "ingest-senado", "one senator read whole; the root of its trace"),
    ("read list", "INTERNAL", "ingest-senado", "one list answer whose rows are published"),
    ("read yearly file", "INTERNAL", "ingest-camara", "one year's files fetched"),
    ("GET", "CLIENT", "ingest-camara, ingest-senado", "one attempt upstream, with endpoint, status code and outcome"),
    ("send legis.bills.v1", "PRODUCER", "ingest-camara, ingest-senado", "one event put on the stream"),
    ("process bills", "CONSUMER", "worker", "one batch; a trace of its own with a link to each event's"),
    (
        "store bill",
        "CONSUMER",
        "worker",
        "one event of the batch, inside the event's own trace; its id is in the change log",
    ),
    ("GET /route", "SERVER", "web", "one request, joined to the caller's `traceparent`"),
)

LOG_FIELDS = (
    ("timestamp", "RFC 3339 in UTC"),
    ("level", "debug, info, warning, error"),
    ("service", "the process's name"),
    ("logger", "the module"),
    ("event", "what happened, in fixed words; facts are in fields of their own"),
    ("trace_id, span_id", "of the span that was open, where one was"),
    ("exception", "the traceback, on one line, where there was one"),
)


def declared() -> list[MetricWrapperBase]:
    """Every metric of `legis.telemetry.metrics`, in the order of declaration."""
    return [value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)]


def label_names(metric: MetricWrapperBase) -> tuple[str, ...]:
    """The labels of a metric, in order."""
    return tuple(metric._labelnames)


def page() -> str:
    """The whole page as Markdown."""
    lines = [
        "# Telemetry",
        "",
        "Made by `make golden` from `shared/src/legis/telemetry/`; a test compares. Every process serves its metrics",
        "at `/metrics`. Label values are bounded: never an id, a query or a host.",
        "",
        "## Metrics",
        "",
        "| metric | type | labels | meaning |",
        "|---|---|---|---|",
    ]
    for metric in declared():
        (family,) = metric.describe()
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = ", ".join(f"`{label}`" for label in label_names(metric)) or "–"
        lines.append(f"| `{name}` | {family.type} | {labels} | {family.documentation} |")
    lines += [
        "",
        "`web` serves those of prometheus-fastapi-instrumentator too: `http_requests_total` and",
        "`http_request_duration_seconds` by route, method and status; every process its `process_*` and `python_*`.",
        "",
        "## Spans",
        "",
        "| span | kind | process | what |",
        "|---|---|---|---|",
        *(f"| `{name}` | {kind} | {process} | {what} |" for name, kind, process, what in SPANS),
        "",
        "One trace leads from the request upstream to the stored row: `read bill` → `send legis.bills.v1` →",
        "`store bill`. `make trace` prints the newest. A bulk file holds tens of thousands of rows; of each batch",
        "published, the first row's trace goes on. Of a legislator, organization, voting or event that is not from a",
        "file, the trace may begin with `send legis.bills.v1`.",
        "",
        "## Log lines",
        "",
        "One JSON object a line on standard output.",
        "",
        "| field | meaning |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in LOG_FIELDS),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
