"""Product logs while a seed runs: warnings of faults are expected and dropped, errors are kept to be judged."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

ERRORS: list[str] = []
"""What product code logged as an error of its own since somebody cleared this."""


def _keep(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    ERRORS.append(f"I14 logged: {event.get('event')} {event.get('exception', event.get('error', ''))}"[-400:])
    raise structlog.DropEvent


def quiet() -> None:
    """To be called once in every process that runs seeds."""
    logging.disable(logging.CRITICAL)
    structlog.configure(
        processors=[structlog.processors.format_exc_info, _keep],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )
