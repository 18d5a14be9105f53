"""Conditions of a list query with their numbered arguments."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from legis.domain.brasilia_time import day_start

_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class Conditions:
    """Parts of a WHERE clause, joined with AND. `{}` in a part is the place of its argument."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)
        self._parts: list[str] = []

    def add(self, part: str, *values: Any) -> None:
        """Adds a condition with its arguments."""
        self._parts.append(part.format(*(self.place(value) for value in values)))

    def place(self, value: Any) -> str:
        """The place of one more argument, for SQL outside of the clause."""
        self.values.append(value)
        return f"${len(self.values)}"

    def add_known(self, part: str, value: Any) -> None:
        """Adds a condition where its argument is set: neither None nor an empty tuple."""
        if value is not None and value != ():
            self.add(part, list(value) if isinstance(value, tuple) else value)

    def add_days(self, column: str, since: date | None, until: date | None) -> None:
        """Limits an instant to days of Brasília, both included."""
        if since is not None:
            self.add(column + " >= {}", day_start(since))
        if until is not None and until < date.max:
            self.add(column + " < {}", day_start(until + timedelta(1)))

    def add_words(self, text: str, words: Sequence[str], otherwise: str = "") -> None:
        """Requires every word in the folded text, the last one perhaps as the beginning of a word."""
        for place, word in enumerate(words):
            end = "" if place == len(words) - 1 else " "
            pattern = f"% {word.translate(_LIKE)}{end}%"
            self.add(f"(' ' || {text} || ' ' LIKE {{}}{otherwise})", pattern)

    @property
    def sql(self) -> str:
        """The clause without WHERE; `true` where there is no condition."""
        return " AND ".join(self._parts) or "true"
