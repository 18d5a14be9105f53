"""The base of closed lists of words: an enumeration of texts whose values are read at the speed of an attribute."""

from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING


class Word(StrEnum):
    """A word of a closed list.

    `StrEnum.value` is two Python calls, and a bill that is read, stored and served has forty of them: this one is none.
    """

    if not TYPE_CHECKING:
        value = property(attrgetter("_value_"))
