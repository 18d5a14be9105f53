"""The types of bill in both chambers, and how often each is presented in a period."""

from typing import Final, NamedTuple


class CamaraKind(NamedTuple):
    """A type of the Câmara with its codes; `yearless` types have ano = 0."""

    sigla: str
    code: int
    description: str
    law: bool = False
    yearless: bool = False


class SenadoKind(NamedTuple):
    """A type of the Senado with its codes."""

    sigla: str
    description: str
    document_code: str
    document: str
    house: str = "SF"
    law: bool = False
    norm: str = "LEI"
    legacy: str = ""


CAMARA_KINDS: Final = {
    kind.sigla: kind
    for kind in (
        CamaraKind("PL", 139, "Projeto de Lei", law=True),
        CamaraKind("PLP", 140, "Projeto de Lei Complementar", law=True),
        CamaraKind("PEC", 136, "Proposta de Emenda à Constituição", law=True),
        CamaraKind("MPV", 291, "Medida Provisória", law=True),
        CamaraKind("PDC", 135, "Projeto de Decreto Legislativo", law=True),
        CamaraKind("PDL", 550, "Projeto de Decreto Legislativo", law=True),
        CamaraKind("PRC", 141, "Projeto de Resolução", law=True),
        CamaraKind("MSC", 134, "Mensagem"),
        CamaraKind("REQ", 294, "Requerimento de Audiência Pública"),
        CamaraKind("INC", 133, "Indicação"),
        CamaraKind("RIC", 148, "Requerimento de Informação"),
        CamaraKind("EMC", 130, "Emenda na Comissão", yearless=True),
        CamaraKind("PRL", 190, "Parecer do Relator", yearless=True),
        CamaraKind("SBT", 255, "Substitutivo", yearless=True),
        CamaraKind("P.C", 185, "Parecer (CD)", yearless=True),
        CamaraKind("R.C", 540, "Recurso do Congresso Nacional"),
    )
}

SENADO_KINDS: Final = {
    kind.sigla: kind
    for kind in (
        SenadoKind("PL", "Projeto de Lei", "PROJETO_LEI_ORDINARIA", "Projeto de Lei Ordinária", law=True),
        SenadoKind("PLS", "Projeto de Lei do Senado", "PROJETO_LEI_ORDINARIA", "Projeto de Lei Ordinária", law=True),
        SenadoKind("PLC", "Projeto de Lei da Câmara", "PROJETO_LEI_ORDINARIA", "Projeto de Lei Ordinária", law=True),
        SenadoKind(
            "PEC",
            "Proposta de Emenda à Constituição",
            "PROPOSTA_EMENDA_CONSTITUICAO",
            "Proposta de Emenda à Constituição",
            law=True,
            norm="EMC",
        ),
        SenadoKind(
            "PLP",
            "Projeto de Lei Complementar",
            "PROJETO_LEI_COMPLEMENTAR",
            "Projeto de Lei Complementar",
            law=True,
            norm="LCP",
        ),
        SenadoKind(
            "PDL",
            "Projeto de Decreto Legislativo",
            "PROJETO_DECRETO_LEGISLATIVO",
            "Projeto de Decreto Legislativo",
            law=True,
            norm="DLG",
        ),
        SenadoKind(
            "PDS",
            "Projeto de Decreto Legislativo (SF)",
            "PROJETO_DECRETO_LEGISLATIVO",
            "Projeto de Decreto Legislativo",
            law=True,
            norm="DLG",
        ),
        SenadoKind(
            "PRS", "Projeto de Resolução do Senado", "PROJETO_RESOLUCAO", "Projeto de Resolução", law=True, norm="RSF"
        ),
        SenadoKind("MPV", "Medida Provisória", "MEDIDA_PROVISORIA", "Medida Provisória", house="CN", law=True),
        SenadoKind("RQS", "Requerimento", "REQUERIMENTO", "Requerimento"),
        SenadoKind("REQ", "Requerimento", "REQUERIMENTO", "Requerimento"),
        SenadoKind("OFS", 'Ofício "S"', "OFICIO", "Ofício"),
        SenadoKind("MSF", "Mensagem (SF)", "MENSAGEM", "Mensagem"),
        SenadoKind("AVS", "Aviso", "AVISO", "Aviso"),
    )
}

# From 2019 on both houses number new bills in one series, so equal numbers mean the same bill.
COMMON_SERIES: Final = frozenset({"PL", "PLP", "PEC", "PDL"})
COMMON_SERIES_SINCE: Final = 2019


def _pattern(**counts: int) -> tuple[str, ...]:
    """A cycle in which the bills of each type are evenly spaced."""
    total = sum(counts.values())
    placed = sorted(((number + 0.5) * total / count, name) for name, count in counts.items() for number in range(count))
    return tuple(name.replace("_", ".") if name in ("P_C", "R_C") else name for _, name in placed)


_CAMARA_OLD: Final = _pattern(PL=24, PDC=4, PRC=3, PLP=2, PEC=2, MSC=2, INC=1, RIC=1, EMC=1)
_CAMARA_2001: Final = _pattern(
    PL=8, PDC=2, PRC=1, PLP=1, PEC=1, MPV=1, MSC=1, REQ=10, INC=4, RIC=3, EMC=3, PRL=3, P_C=1, SBT=1
)
_CAMARA_2019: Final = _pattern(
    PL=10, PDL=2, PRC=1, PLP=1, PEC=1, MPV=1, REQ=10, INC=4, RIC=3, EMC=2, PRL=3, R_C=1, SBT=1
)
_SENADO_OLD: Final = _pattern(PLS=12, PLC=6, PEC=2, PDS=5, RQS=10, PRS=1, OFS=1, MSF=2, AVS=1)
_SENADO_1988: Final = _pattern(PLS=11, PLC=5, PEC=2, PDS=5, MPV=2, RQS=10, PRS=1, OFS=1, MSF=2, AVS=1)
_SENADO_2019: Final = _pattern(PL=13, PEC=2, PLP=2, PDL=2, MPV=1, RQS=13, PRS=1, OFS=1, MSF=1, REQ=4)


def camara_pattern(year: int) -> tuple[str, ...]:
    if year < 2001:
        return _CAMARA_OLD
    return _CAMARA_2001 if year < COMMON_SERIES_SINCE else _CAMARA_2019


def senado_pattern(year: int) -> tuple[str, ...]:
    if year < 1988:
        return _SENADO_OLD
    return _SENADO_1988 if year < COMMON_SERIES_SINCE else _SENADO_2019


def camara_number(kind: str, ordinal: int, year: int) -> int:
    """The number of the n-th bill of a type in a year, before any renumbering."""
    if CAMARA_KINDS[kind].yearless:
        return 1 + ordinal % 9
    if year >= COMMON_SERIES_SINCE and kind in COMMON_SERIES:
        return ordinal + (ordinal - 1) // 3
    return ordinal


def camara_ordinal(kind: str, number: int, year: int) -> int | None:
    """The inverse of `camara_number`, None for numbers that belong to the other house or are not unique."""
    if CAMARA_KINDS[kind].yearless or number < 1:
        return None
    if year >= COMMON_SERIES_SINCE and kind in COMMON_SERIES:
        return None if number % 4 == 0 else number - number // 4
    return number


def senado_number(kind: str, ordinal: int, year: int) -> int:
    """As `camara_number`; the Senado's share of the common series is every fourth number."""
    return ordinal * 4 if year >= COMMON_SERIES_SINCE and kind in COMMON_SERIES else ordinal


def senado_ordinal(kind: str, number: int, year: int) -> int | None:
    if number < 1:
        return None
    if year >= COMMON_SERIES_SINCE and kind in COMMON_SERIES:
        return number // 4 if number % 4 == 0 else None
    return number
