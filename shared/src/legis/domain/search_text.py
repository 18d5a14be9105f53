"""Folds Portuguese text so that accents, case and plural endings do not hide a match.

PostgreSQL's `portuguese` stemmer gives `educação`, `educacao` and `educações` three different stems, with `unaccent` in
front of it still two, and it misses common plurals such as `obras`, `atos` and `anos`. So text is folded here, the same
way when it is indexed and when it is searched, and the stemmer does the rest. A fold that is linguistically wrong is
harmless: it is the same on both sides.
"""

import re
import unicodedata

_PLURALS = {
    "oes": "ao",  # educações
    "aes": "ao",  # pães
    "ais": "al",  # fiscais
    "eis": "el",  # imóveis
    "ois": "ol",  # lençóis
    "uis": "ul",  # azuis
    "ens": "em",  # homens
    "ins": "im",  # jardins
    "ons": "om",  # sons
    "uns": "um",  # comuns
    "as": "a",  # obras
    "os": "o",  # atos, mãos
    "aus": "au",  # graus
    "eus": "eu",  # museus
    "ceses": "ces",  # franceses
    "neses": "nes",  # japoneses
    "gueses": "gues",  # portugueses
    "tis": "til",  # infantis
    "fis": "fil",  # perfis
    "zis": "zil",  # fuzis
    "bris": "bril",  # febris
    "rris": "rril",  # barris
    "storis": "storil",  # pastoris
    "civis": "civil",
    "servis": "servil",
    "juvenis": "juvenil",
}
_EXCEPTIONS = (
    # not plurals of the endings above, or too irregular
    {word: word for word in ("mais", "pais", "dois", "seis", "deus", "gratis", "cutis")}
    | {"leis": "lei", "reis": "rei", "bois": "boi", "herois": "heroi", "maes": "mae", "hifens": "hifen"}
    # too short for the stemmer
    | {"artes": "arte", "aves": "ave", "hectares": "hectare"}
    # unstressed -il, whose plural looks like that of -el
    | {
        f"{stem}eis": f"{stem}il"
        for stem in (
            *("ut", "inut", "fac", "dific", "hab", "inab", "frag", "ag", "fert", "infert", "est", "doc", "text"),
            *("proj", "projet", "foss", "miss", "rept", "tat", "versat", "volat", "portat", "contab"),
        )
    }
)
_PLURAL_WORD = re.compile(rf"\b(?:{'|'.join(_EXCEPTIONS)}|[a-z]*(?:{'|'.join(_PLURALS)}))\b")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_SHORTEST = 4


def plain(text: str) -> str:
    """`text` in lower case without accents; plurals stay as they are."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return text.casefold()


def fold(text: str) -> str:
    """`text` as `plain` returns it, with plurals of known endings made singular; everything else is unchanged."""
    text = plain(text)
    return _PLURAL_WORD.sub(_singular, text) if "s" in text else text  # every plural ends in it


def _singular(match: re.Match[str]) -> str:
    word = match[0]
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    if len(word) < _SHORTEST:
        return word
    for plural, singular in _PLURALS.items():
        if word.endswith(plural):
            return word[: -len(plural)] + singular
    return word
