"""Configures structured logging: JSON lines with trace ids."""

import json
import logging
import sys
from typing import Any

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import EventDict, WrappedLogger

_LINE_BREAKS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_BRIDGED = ("uvicorn", "uvicorn.error", "uvicorn.asgi")  # uvicorn's own option decides about its access log


class _JsonHandler(logging.StreamHandler[Any]):
    """Marks our handler, so that a second `configure` replaces it instead of logging every line twice."""


def configure(service: str, level: str) -> None:
    """Logs one JSON object per line to standard output, from our own and from library loggers, uvicorn's included.

    Every line has `timestamp` (UTC), `level`, `service`, `logger` and `event`; inside a span also `trace_id` and
    `span_id`. A line never contains a raw line break. A second call replaces the configuration.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace_ids,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # module-level loggers must follow a later `configure`
    )
    handler = _JsonHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_colour,
                _named(service),
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                structlog.processors.EventRenamer("event"),
                structlog.processors.JSONRenderer(serializer=_one_line),
            ],
        )
    )
    _install(handler, level)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines have `logger=name`; may be created at import, before `configure`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _JsonHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _BRIDGED:
        bridged = logging.getLogger(name)
        bridged.handlers.clear()
        bridged.propagate = True
        bridged.disabled = False  # a server's own logging set-up may have silenced or raised it
        bridged.setLevel(logging.NOTSET)


def _add_trace_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = trace.format_trace_id(span.trace_id)
        event["span_id"] = trace.format_span_id(span.span_id)
    return event


def _without_colour(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drops uvicorn's second wording of an event, which is for terminals."""
    event.pop("color_message", None)
    return event


def _named(service: str) -> structlog.typing.Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {"service": service, **event}

    return add


def _one_line(event: EventDict, **_options: Any) -> str:
    """JSON without raw line breaks of any kind; values that JSON cannot represent (lone surrogates, huge integers) are
    escaped.
    """
    try:
        text = orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        text = json.dumps(event, ensure_ascii=True, default=str)
    return text.translate(_LINE_BREAKS)
