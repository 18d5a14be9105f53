"""The Câmara's situations (`codSituacao`) in our words."""

from legis.domain.vocabulary import BillStatus as S
from legis.telemetry.metrics import UNKNOWN_CODES

_BY_CODE: dict[str, S] = {
    "902": S.AWAITING_DISPATCH,  # Aguardando Criação de Comissão Temporária
    "904": S.AWAITING_DELIBERATION,  # Aguardando Deliberação de Recurso
    "907": S.AWAITING_RAPPORTEUR,  # Aguardando Designação de Relator
    "910": S.AWAITING_DISPATCH,  # Aguardando Encaminhamento
    "915": S.AWAITING_OPINION,  # Aguardando Parecer
    "923": S.ARCHIVED,  # Arquivada
    "924": S.READY_FOR_AGENDA,  # Pronta para Pauta
    "925": S.JOINED,  # Tramitando em Conjunto
    "926": S.SENT_TO_OTHER_CHAMBER,  # Aguardando Apreciação pelo Senado Federal
    "928": S.AWAITING_DELIBERATION,  # Aguardando Análise de Parecer
    "930": S.ARCHIVED,  # Enviada ao Arquivo
    "931": S.ARCHIVED,  # Aguardando Remessa ao Arquivo
    "932": S.AWAITING_DISPATCH,  # Aguardando Definição Encaminhamento
    "937": S.VETOED,  # Vetado totalmente
    "939": S.AWAITING_VETO_REVIEW,  # Aguardando Apreciação do Veto
    "940": S.ARCHIVED,  # Aguardando Despacho de Arquivamento
    "950": S.WITHDRAWN,  # Retirado pelo Autor
    "1070": S.AWAITING_SANCTION,  # Aguardando Envio ao Executivo
    "1120": S.RETURNED,  # Devolvida ao Autor
    "1140": S.ENACTED,  # Transformado em Norma Jurídica
    "1150": S.AWAITING_SANCTION,  # Aguardando Sanção
    "1160": S.AWAITING_SANCTION,  # Aguardando Remessa à Sanção
    "1170": S.AWAITING_RAPPORTEUR,  # Aguardando Designação - Aguardando Devolução de Relator que deixou de ser Membro
    "1201": S.AWAITING_DISPATCH,  # Aguardando Despacho do Presidente da Câmara dos Deputados (Chancela)
    "1222": S.MOOT,  # Prejudicialidade
    "1230": S.TRANSFORMED,  # Transformado em nova proposição: another bill goes on, this is no law
    "1292": S.EXPIRED,  # Perdeu a Eficácia
    "1293": S.APPROVED,  # Aguardando Envio ao Senado Federal
    "1294": S.AWAITING_SANCTION,  # Aguardando Promulgação
    "1299": S.SENT_TO_OTHER_CHAMBER,  # Enviada ao Congresso Nacional
    "1303": S.SENT_TO_OTHER_CHAMBER,  # Enviada ao Senado Federal
}

_BY_TEXT: tuple[tuple[str, S], ...] = (
    # For codes that the table lacks. The first beginning that fits decides, so the longer of two stands first.
    ("arquivad", S.ARCHIVED),
    ("enviada ao arquivo", S.ARCHIVED),
    ("aguardando remessa ao arquivo", S.ARCHIVED),
    ("aguardando despacho de arquivamento", S.ARCHIVED),
    ("transformado em norma", S.ENACTED),
    ("transformada em norma", S.ENACTED),
    ("transformado em nova proposição", S.TRANSFORMED),
    ("transformada em nova proposição", S.TRANSFORMED),
    ("aguardando apreciação do veto", S.AWAITING_VETO_REVIEW),
    ("aguardando apreciação pelo senado", S.SENT_TO_OTHER_CHAMBER),
    ("enviada ao senado", S.SENT_TO_OTHER_CHAMBER),
    ("enviada ao congresso", S.SENT_TO_OTHER_CHAMBER),
    ("aguardando envio ao senado", S.APPROVED),
    ("aguardando envio ao executivo", S.AWAITING_SANCTION),
    ("aguardando remessa à sanção", S.AWAITING_SANCTION),
    ("aguardando sanção", S.AWAITING_SANCTION),
    ("aguardando promulgação", S.AWAITING_SANCTION),
    ("vetado totalmente", S.VETOED),
    ("vetada totalmente", S.VETOED),
    ("retirad", S.WITHDRAWN),
    ("devolvid", S.RETURNED),
    ("prejudicad", S.MOOT),
    ("prejudicialidade", S.MOOT),
    ("rejeitad", S.REJECTED),
    ("perdeu a eficácia", S.EXPIRED),
    ("pronta para pauta", S.READY_FOR_AGENDA),
    ("tramitando em conjunto", S.JOINED),
    ("aguardando designação", S.AWAITING_RAPPORTEUR),
    ("aguardando parecer", S.AWAITING_OPINION),
    ("aguardando análise de parecer", S.AWAITING_DELIBERATION),
    ("aguardando deliberação", S.AWAITING_DELIBERATION),
    ("aguardando votação", S.AWAITING_DELIBERATION),
    ("aguardando despacho", S.AWAITING_DISPATCH),
    ("aguardando encaminhamento", S.AWAITING_DISPATCH),
    ("aguardando criação", S.AWAITING_DISPATCH),
    ("aguardando constituição", S.AWAITING_DISPATCH),
    ("aguardando", S.IN_PROGRESS),
)

_CLOSED = frozenset(
    {
        S.ENACTED,
        S.VETOED,
        S.REJECTED,
        S.MOOT,
        S.WITHDRAWN,
        S.RETURNED,
        S.EXPIRED,
        S.TRANSFORMED,
        S.ARCHIVED,
    }
)


def status_of(code: str | None, text: str | None) -> S:
    """The status that a situation means: by its code, else by how its text begins, else `OTHER`.

    A code that the table lacks is counted even where its text is understood. Nothing said is `UNKNOWN`.
    """
    if code is not None and (known := _BY_CODE.get(code)) is not None:
        return known
    if code is None and text is None:
        return S.UNKNOWN
    if code is not None:
        UNKNOWN_CODES.labels("camara", "codSituacao").inc()
    words = (text or "").lower()
    return next((status for beginning, status in _BY_TEXT if words.startswith(beginning)), S.OTHER)


def in_progress(status: S) -> bool | None:
    """Whether a bill of this status still moves; None where the status does not tell."""
    if status in (S.UNKNOWN, S.OTHER):
        return None
    return status not in _CLOSED
