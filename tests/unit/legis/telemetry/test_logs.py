"""Log lines are one JSON object each, whoever logs and whatever is in them."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from legis.telemetry import logs
from opentelemetry.sdk.trace import TracerProvider

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Logs into memory; what `configure` set is undone afterwards."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    root = logging.getLogger()
    handlers, level, before = list(root.handlers), root.level, structlog.get_config()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # as a server started before may have left it
    logs.configure("worker", "INFO")

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in output.getvalue().splitlines()]

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def test_our_own_line_has_the_fields_everyone_looks_for(lines: Lines) -> None:
    logs.get_logger("legis.x").info("window_done", items=3, title="Ação")
    (line,) = lines()
    assert line["event"] == "window_done"
    assert (line["service"], line["logger"], line["level"]) == ("worker", "legis.x", "info")
    assert (line["items"], line["title"]) == (3, "Ação")
    assert line["timestamp"].endswith("Z")
    assert "trace_id" not in line


def test_library_and_uvicorn_loggers_are_bridged(lines: Lines) -> None:
    for name in ("uvicorn.error", "aiohttp.client"):
        logging.getLogger(name).warning("took %s of %d", "one", 2, extra={"host": "h"})
    assert [line["event"] for line in lines()] == ["took one of 2"] * 2
    assert {line["logger"] for line in lines()} == {"uvicorn.error", "aiohttp.client"}
    assert all(line["host"] == "h" for line in lines())


def test_no_line_has_colours_for_terminals(lines: Lines) -> None:
    colours = {"color_message": "Started \x1b[36m%d\x1b[0m"}
    logging.getLogger("uvicorn.error").info("Started %d", 7, extra=colours)
    (line,) = lines()
    assert line["event"] == "Started 7"
    assert "\x1b" not in json.dumps(line)
    assert "color_message" not in line


def test_a_line_inside_a_span_carries_its_ids(lines: Lines) -> None:
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        logs.get_logger("a").info("inside")
        logging.getLogger("b").warning("inside too")
    context = span.get_span_context()
    for line in lines():
        assert line["trace_id"] == f"{context.trace_id:032x}"
        assert line["span_id"] == f"{context.span_id:016x}"


def test_no_value_can_break_a_line(lines: Lines) -> None:
    hostile = 'a\nb\r\nc\x0b\x0c\x1c\x1d\x85\u2028\u2029{"level":"error"}'
    logs.get_logger("a").info(hostile, value=hostile, lone="\ud800", huge=2**80, thing=object(), nan=float("nan"))
    logging.getLogger("b").warning(hostile)
    first, second = lines()
    assert first["event"] == first["value"] == second["event"] == hostile
    assert first["lone"] == "\ud800"
    assert first["huge"] == 2**80


def test_an_exception_is_one_line_with_its_traceback(lines: Lines) -> None:
    try:
        raise ValueError("broken\nvalue")
    except ValueError:
        logs.get_logger("a").exception("failed")
        logging.getLogger("b").exception("failed too")
    assert len(lines()) == 2
    for line in lines():
        assert "ValueError: broken\nvalue" in line["exception"]
        assert "Traceback" in line["exception"]


@pytest.mark.usefixtures("lines")
def test_the_level_holds_and_configuring_again_does_not_double_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("web", "WARNING")
    logs.get_logger("a").info("quiet")
    logs.get_logger("a").warning("loud")
    logging.getLogger("b").info("quiet")
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["event"] == "loud"
    assert json.loads(line)["service"] == "web"


def test_context_variables_are_in_each_line(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(source="camara"):
        logs.get_logger("a").info("inside")
    assert lines()[0]["source"] == "camara"
