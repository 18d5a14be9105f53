"""One SQL statement with its values."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Statement:
    """`fixed` says that one plan is right whatever the values are."""

    sql: str
    arguments: tuple[Any, ...]
    fixed: bool = False
