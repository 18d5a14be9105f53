"""Converts official Portuguese texts into the form of the vocabulary tables, and counts values that the tables lack."""

import unicodedata
from functools import lru_cache
from typing import Final, Literal, get_args

from legis.domain.vocabulary import Source
from legis.telemetry.metrics import UNKNOWN_CODES

CodeList = Literal[
    "agenda_outcome",
    "author_type",
    "bench",
    "bill_type",
    "body_type",
    "chamber",
    "chamber_role",
    "event_status",
    "gender",
    "orientation",
    "status",
    "vote_option",
    "vote_purpose",
    "vote_result",
    "yes_no",
]
"""Our lists of official codes."""

_UNKNOWN: Final = {name: UNKNOWN_CODES.labels(Source.SENADO, name) for name in get_args(CodeList)}
"""Made when the process starts, so that the first increase of each is visible."""


@lru_cache(maxsize=8192)
def upper(text: str) -> str:
    """`text` in capitals, without accents, outer blanks and a final full stop; each run of white space is one blank."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.upper().split()).rstrip(".").rstrip()


def count_unknown(code_list: CodeList) -> None:
    """Counts one official code of that list that the tables lack; its value is OTHER."""
    _UNKNOWN[code_list].inc()
