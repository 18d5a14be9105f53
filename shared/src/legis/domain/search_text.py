"""Folds Portuguese text so that accents, case and plural endings do not hide a match.

PostgreSQL's `portuguese` stemmer gives `educação`, `educacao` and `educações` three different stems, with `unaccent`
in front of it still two. So text is folded here, the same way when it is indexed and when it is asked for, and the
stemmer does the rest. A fold that is wrong in the dictionary's eyes is harmless: it is wrong on both sides.
"""

import re
import unicodedata

_IRREGULAR = {"leis": "lei", "reis": "rei", "mais": "mais", "pais": "pais", "dois": "dois", "seis": "seis"}
_PLURALS = (
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ens", "em"),
    ("civis", "civil"),
)
_PLURAL_WORD = re.compile(r"\b[a-z]*(?:oes|aes|ais|eis|ois|uis|ens|civis)\b")


def fold(text: str) -> str:
    """`text` in lower case without accents, with irregular plurals made singular; other characters are kept."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _PLURAL_WORD.sub(_singular, plain)


def _singular(match: re.Match[str]) -> str:
    word = match[0]
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4:
        return word
    for plural, singular in _PLURALS:
        if word.endswith(plural):
            return word[: -len(plural)] + singular
    return word
