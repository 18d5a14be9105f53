"""Base class of closed lists: a string enumeration whose values are read at the speed of an attribute."""

from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING


class Word(StrEnum):
    """A word of a closed list.

    `StrEnum.value` is two Python calls, and reading, storing and serving one bill needs forty of them; this one needs
    none.
    """

    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))
