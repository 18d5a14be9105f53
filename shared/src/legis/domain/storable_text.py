"""Removes characters from upstream text that PostgreSQL or XML cannot store."""

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 forbids, including NUL (which PostgreSQL refuses) and lone surrogates (which
have no UTF-8)."""


def clean(text: str) -> tuple[str, bool]:
    """`text` without those characters, and whether there were any. Line ends, tabs and blanks are kept."""
    if text.isprintable():  # true for most texts, and faster than the search
        return text, False
    cleaned, removed = _FORBIDDEN.subn("", text)
    return cleaned, removed > 0
