"""Reads the names of benches (bancadas) in orientations: whose it is, its parties, and what it was told."""

import re
from datetime import date
from functools import lru_cache

from legis.domain.parties.party_names import party_of
from legis.domain.parties.party_table import PARTIES
from legis.domain.records.vote_event_record import OrientationKind as K
from legis.domain.records.vote_event_record import OrientationOption as O
from legis.domain.search_text import plain
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN = UNKNOWN_CODES.labels("camara", "orientacaoVoto")

_OPTIONS = {
    "sim": O.YES,
    "nao": O.NO,
    "abstencao": O.ABSTAIN,
    "obstrucao": O.OBSTRUCTION,
    "liberado": O.FREE,
    "liberada": O.FREE,
    "": O.FREE,
}
_LEADERSHIPS = re.compile(r"(?:lid(?:\.|er\w*) (?:d[oa] )?)?(?:gov|opos|maioria|minoria)\w*\.?$")
_FEDERATION = re.compile(r"f(?:e)?d(?:r|eracao|er)?\.? ")
_BLOC = re.compile(r"bl(?:oco)?(?:\.|oco)? ?(?:parl\.?|parlamentar)? ?")
_SEPARATORS = re.compile(r"[\s/,;+-]+")
_CAMEL = re.compile(r"[A-ZÀ-Ý][a-zà-ý]+|[A-ZÀ-Ý]+(?![a-zà-ý])|PCdoB|PTdoB")
_SHORTEST_PART = 3
"""Letters that a part of a bloc's label needs at least, to be the beginning of a party's name."""


def orientation_option(text: str | None) -> O:
    """What a bench was told; nothing told is FREE; an unknown word is OTHER and counted."""
    option = _OPTIONS.get(plain(text or "").strip())
    if option is None:
        _UNKNOWN.inc()
        return O.OTHER
    return option


@lru_cache(4096)
def bench(label: str, is_bloc: bool | None, day: date | None) -> tuple[K, tuple[str, ...]]:
    """Whose orientation a label names, and the keys of its parties, as far as the label tells them.

    `is_bloc` is upstream's own word (`codTipoLideranca` B); None where the answer has no such field.
    """
    folded = " ".join(plain(label).split())
    if _LEADERSHIPS.match(folded):
        return K.LEADERSHIP, ()
    if match := _FEDERATION.match(f"{folded} "):
        return K.FEDERATION, _parties(label[match.end() :], day)
    match = _BLOC.match(folded)
    if match and folded.startswith(("bl ", "bl.", "bloco")):
        return K.BLOC, _parties(label[match.end() :], day)
    found = party_of(label, day)
    if found.known:
        return K.PARTY, (found.party,) if found.party else ()
    parts = _parties(label, day) if _SEPARATORS.search(label.strip()) or is_bloc else ()
    return (K.BLOC if parts or is_bloc else K.PARTY), parts


def _parties(text: str, day: date | None) -> tuple[str, ...]:
    """The parties that the parts of a bloc's label name, in its order; parts that name none are left out."""
    found: dict[str, None] = {}
    for word in filter(None, _SEPARATORS.split(text.replace(".", " ").strip())):
        whole = party_of(word, day)
        parts = [word] if whole.known else _CAMEL.findall(word)
        for part in parts:
            if key := _party(part, day):
                found[key] = None
    return tuple(found)


def _party(part: str, day: date | None) -> str | None:
    named = party_of(part, day)
    if named.known:
        return named.party
    beginning = plain(part).strip()
    if len(beginning) < _SHORTEST_PART:
        return None
    living = [party for party in PARTIES if party.until is None or day is None or day <= party.until]
    keys = {party.key for party in living if plain(party.key).startswith(beginning)}
    keys = keys or {party.key for party in living if any(plain(name).startswith(beginning) for name in party.spellings)}
    return keys.pop() if len(keys) == 1 else None
