"""Splits the Câmara's single line of index terms into terms."""

import re

_SEPARATORS = re.compile(r"[,;]|\.(?=\s*[_-])|\.(?=\s+[A-ZÀ-Ý])")
_BRACKETED = re.compile(r"\([^()]*\)")


def split_keywords(line: str | None) -> tuple[str, ...]:
    """The terms of a line such as `Robótica, esporte (competição, lazer). _Educação, escola.`, each once, in order.

    Commas within brackets do not separate terms; groups of terms end in a full stop and begin with `_` or a capital.
    """
    if not line:
        return ()
    if "(" not in line:
        parts = _SEPARATORS.split(line)
    else:
        shielded = _BRACKETED.sub(lambda match: match[0].translate(_SHIELD), line)
        parts = [part.translate(_UNSHIELD) if "(" in part else part for part in _SEPARATORS.split(shielded)]
    terms = (part.strip(" _.-") for part in parts)
    return tuple(dict.fromkeys(term for term in terms if term))


_SHIELD = str.maketrans(",;.", "\ue000\ue001\ue002")
_UNSHIELD = str.maketrans("\ue000\ue001\ue002", ",;.")
