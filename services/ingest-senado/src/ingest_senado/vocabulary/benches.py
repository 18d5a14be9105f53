"""Maps the names of benches and their orientations to `OrientationKind`, party keys and `OrientationOption`."""

from datetime import date

from legis.domain.parties.party_names import party_of
from legis.domain.records.vote_event_record import OrientationKind, OrientationOption

from ingest_senado.vocabulary.folding import count_unknown, upper

_OPTIONS = {
    "SIM": OrientationOption.YES,
    "NAO": OrientationOption.NO,
    "ABSTENCAO": OrientationOption.ABSTAIN,
    "OBSTRUCAO": OrientationOption.OBSTRUCTION,
    "LIVRE": OrientationOption.FREE,
    "LIBERADO": OrientationOption.FREE,
    "LIBERADA": OrientationOption.FREE,
    "LIBERA": OrientationOption.FREE,
    "": OrientationOption.FREE,
}
_LEADERSHIPS = frozenset({"GOVERNO", "OPOSICAO", "MAIORIA", "MINORIA", "BANC FEM", "BANCADA FEMININA"})


def orientation_option(text: str | None) -> OrientationOption:
    """The orientation; none at all leaves members free; an unknown one is OTHER, counted."""
    found = _OPTIONS.get(upper(text or ""))
    if found is None:
        count_unknown("orientation")
    return found or OrientationOption.OTHER


def bench(label: str, on: date | None) -> tuple[OrientationKind, tuple[str, ...]]:
    """Whose orientation it is, and the party keys that a label names. An unknown label is a leadership, counted."""
    word = upper(label)
    if word in _LEADERSHIPS:
        return OrientationKind.LEADERSHIP, ()
    if word.startswith(("BLOCO", "BL ", "BL.")):
        return OrientationKind.BLOC, ()
    if word.startswith(("FEDERACAO", "FDR")):
        return OrientationKind.FEDERATION, ()
    party = party_of(label, on)
    if party.known and party.party:
        return OrientationKind.PARTY, (party.party,)
    count_unknown("bench")
    return OrientationKind.LEADERSHIP, ()
