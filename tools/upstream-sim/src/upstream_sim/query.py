"""Parses query strings: numbers, dates and lists."""

from collections.abc import Collection, Mapping
from datetime import date


class BadQuery(ValueError):
    """A parameter that the upstream would refuse; the message is upstream's own `detail`."""


FORMAT_DETAIL = "Um valor passado a um parâmetro não está no formato esperado. Por favor, consulte a documentação."


def whole(text: str) -> int:
    if not text.strip().isdecimal():
        raise BadQuery(FORMAT_DETAIL)
    return int(text)


def wholes(text: str) -> list[int]:
    return [whole(part) for part in text.split(",") if part]


def words(text: str) -> list[str]:
    return [part.strip().upper() for part in text.split(",") if part.strip()]


def day(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else _refuse()
    except ValueError as error:
        raise BadQuery(FORMAT_DETAIL) from error


def _refuse() -> date:
    raise BadQuery(FORMAT_DETAIL)


def only(params: Mapping[str, str], known: Collection[str], detail: str = FORMAT_DETAIL) -> None:
    """Raises BadQuery for parameters that the endpoint does not have."""
    if any(name not in known for name in params):
        raise BadQuery(detail)
