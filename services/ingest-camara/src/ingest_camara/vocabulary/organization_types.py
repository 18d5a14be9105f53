"""Maps the Câmara's types of bodies (órgãos) to `Classification`."""

from legis.domain.records.organization_record import Classification as C
from legis.domain.search_text import plain
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN = UNKNOWN_CODES.labels("camara", "codTipoOrgao")

BY_CODE = {
    "1": C.BOARD,  # Comissão Diretora
    "2": C.PERMANENT,  # Comissão Permanente
    "3": C.SPECIAL,  # Comissão Especial
    "4": C.INQUIRY,  # Comissão Parlamentar de Inquérito
    "6": C.JOINT,  # Comissão Mista Permanente
    "7": C.OTHER,  # Comissão de Sindicância
    "11": C.COUNCIL,  # Conselho
    "12": C.OTHER,  # Procuradoria Parlamentar
    "13": C.OTHER,  # Corregedoria
    "26": C.PLENARY,  # Plenário Virtual
    "12000": C.OTHER,  # Órgão da Câmara dos Deputados
    "81002": C.JOINT,  # Comissão Mista
}

_BY_WORDS = (
    ("subcomissao", C.SUBCOMMITTEE),
    ("inquerito", C.INQUIRY),
    ("mist", C.JOINT),
    ("comissao especial", C.SPECIAL),
    ("comissao permanente", C.PERMANENT),
    ("plenario", C.PLENARY),
    ("conselho", C.COUNCIL),
)


def classification_of(code: str | None, text: str | None) -> C:
    """The kind of a body: by its code, else by the words of its type. OTHER and counted where neither is known."""
    if code is not None and (known := BY_CODE.get(code)) is not None:
        return known
    words = plain(text or "")
    for part, kind in _BY_WORDS:
        if part in words:
            return kind
    _UNKNOWN.inc()
    return C.OTHER
