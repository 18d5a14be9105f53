"""Maps the Câmara's types of authors to `SponsorKind`."""

from legis.domain.vocabulary import SponsorKind
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN = UNKNOWN_CODES.labels("camara", "codTipoAutor")

_AUTHORS = {
    "10000": SponsorKind.LEGISLATOR,  # Deputado(a)
    "30000": SponsorKind.ORGANIZATION,  # Órgão do Poder Executivo
}

_BODIES = ("órgão", "comissão", "poder", "mesa", "conselho", "tribunal", "senado", "câmara", "assembleia", "plenário")


def sponsor_kind(code: str | None, text: str | None, *, is_deputy: bool, is_body: bool) -> SponsorKind:
    """The kind of an author: from its address where there is one, else from its code, else from the words of its type.

    The list of codes is not published in full, so an unknown code is counted only where the words do not decide either.
    """
    if is_deputy:
        return SponsorKind.LEGISLATOR
    if is_body:
        return SponsorKind.ORGANIZATION
    if code is not None and (known := _AUTHORS.get(code)) is not None:
        return known
    words = (text or "").lower()
    if words.startswith(("deputad", "senador")):
        return SponsorKind.LEGISLATOR
    if words.startswith(_BODIES):
        return SponsorKind.ORGANIZATION
    if code is not None:
        _UNKNOWN.inc()
    return SponsorKind.OTHER
