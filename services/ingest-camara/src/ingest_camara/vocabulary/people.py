"""What the Câmara calls the authors of bills, in our words."""

from legis.domain.vocabulary import SponsorKind
from legis.telemetry.metrics import UNKNOWN_CODES

_AUTHORS = {
    "10000": SponsorKind.LEGISLATOR,  # Deputado(a)
    "30000": SponsorKind.ORGANIZATION,  # Órgão do Poder Executivo
}

_BODIES = ("órgão", "comissão", "poder", "mesa", "conselho", "tribunal", "senado", "câmara", "assembleia", "plenário")


def sponsor_kind(code: str | None, text: str | None, *, is_deputy: bool, is_body: bool) -> SponsorKind:
    """What an author is: by address where there is one, else by code, else by the words of its type.

    The list of codes is not published in full, so a code unknown here is counted only where nothing else tells.
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
        UNKNOWN_CODES.labels("camara", "codTipoAutor").inc()
    return SponsorKind.OTHER
