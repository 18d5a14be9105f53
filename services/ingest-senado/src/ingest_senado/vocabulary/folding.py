"""Converts official Portuguese texts into the form of the vocabulary tables, and counts values that the tables lack."""

import unicodedata
from functools import lru_cache

from legis.domain.vocabulary import Source
from legis.telemetry.metrics import UNKNOWN_CODES


@lru_cache(maxsize=8192)
def upper(text: str) -> str:
    """`text` in capitals, without accents, outer blanks and a final full stop; each run of white space is one blank."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.upper().split()).rstrip(".").rstrip()


def count_unknown(code_list: str) -> None:
    """Counts one official code of that list that the tables lack; its value is OTHER."""
    UNKNOWN_CODES.labels(Source.SENADO, code_list).inc()
