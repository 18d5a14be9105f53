"""Brings official Portuguese texts into the form in which our tables are written, and counts what they lack."""

import unicodedata
from functools import lru_cache

from legis.domain.vocabulary import Source
from legis.telemetry.metrics import UNKNOWN_CODES


@lru_cache(maxsize=8192)
def upper(text: str) -> str:
    """`text` in capitals without accents, outer blanks and a final full stop, its white space folded."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.upper().split()).rstrip(".").rstrip()


def count_unknown(code_list: str) -> None:
    """One more official code of that list for which we have no word; it is kept as OTHER."""
    UNKNOWN_CODES.labels(Source.SENADO, code_list).inc()
