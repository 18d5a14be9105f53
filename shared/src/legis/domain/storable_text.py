"""Frees upstream text of characters that neither PostgreSQL nor XML can hold."""

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids, NUL (which PostgreSQL refuses) and lone surrogates (which have no UTF-8) among it."""


def clean(text: str) -> tuple[str, bool]:
    """`text` without those characters, and whether there were any. Line ends, tabs and blanks stay as they are."""
    if text.isprintable():  # by far the most, and quicker than looking for each
        return text, False
    cleaned, removed = _FORBIDDEN.subn("", text)
    return cleaned, removed > 0
