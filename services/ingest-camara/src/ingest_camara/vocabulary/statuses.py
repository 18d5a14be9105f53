"""Maps the Câmara's situations (`codSituacao`), all 99 codes of the official list, to `BillStatus`."""

from legis.domain.proceedings.status_rule import in_progress
from legis.domain.vocabulary import BillStatus as S
from legis.telemetry.metrics import UNKNOWN_CODES

from ingest_camara.vocabulary.code_lists import read_table

_UNKNOWN = UNKNOWN_CODES.labels("camara", "codSituacao")

__all__ = ["in_progress", "status_of"]

_BY_CODE = {row["code"]: S(row["status"]) for row in read_table("codSituacao.csv")}

_BY_TEXT: tuple[tuple[str, S], ...] = (
    # For codes that the table lacks. The first beginning that fits decides, so the longer of two comes first.
    ("arquivad", S.ARCHIVED),
    ("enviada ao arquivo", S.ARCHIVED),
    ("enviado ao arquivo", S.ARCHIVED),
    ("aguardando remessa ao arquivo", S.ARCHIVED),
    ("aguardando originais para envio ao arquivo", S.ARCHIVED),
    ("aguardando despacho de arquivamento", S.ARCHIVED),
    ("tramitação finalizada", S.ARCHIVED),
    ("inativa", S.ARCHIVED),
    ("transformado em norma", S.ENACTED),
    ("transformada em norma", S.ENACTED),
    ("transformado em nova proposição", S.TRANSFORMED),
    ("transformada em nova proposição", S.TRANSFORMED),
    ("desmembrad", S.TRANSFORMED),
    ("aguardando apreciação do veto", S.AWAITING_VETO_REVIEW),
    ("aguardando apreciação pelo senado", S.SENT_TO_OTHER_CHAMBER),
    ("enviada ao senado", S.SENT_TO_OTHER_CHAMBER),
    ("enviada ao congresso", S.SENT_TO_OTHER_CHAMBER),
    ("aguardando envio ao senado", S.APPROVED),
    ("aguardando redação final", S.APPROVED),
    ("aguardando envio à redação final", S.APPROVED),
    ("aguardando autógrafos", S.APPROVED),
    ("aguardando envio ao executivo", S.AWAITING_SANCTION),
    ("aguardando remessa à sanção", S.AWAITING_SANCTION),
    ("aguardando sanção", S.AWAITING_SANCTION),
    ("aguardando promulgação", S.AWAITING_SANCTION),
    ("aguardando resposta", S.AWAITING_ANSWER),
    ("respondid", S.ANSWERED),
    ("vetado totalmente", S.VETOED),
    ("vetada totalmente", S.VETOED),
    ("retirad", S.WITHDRAWN),
    ("devolvid", S.RETURNED),
    ("prejudicad", S.MOOT),
    ("prejudicialidade", S.MOOT),
    ("rejeitad", S.REJECTED),
    ("recusad", S.REJECTED),
    ("perdeu a eficácia", S.EXPIRED),
    ("pronta para pauta", S.READY_FOR_AGENDA),
    ("tramitando em conjunto", S.JOINED),
    ("aguardando designação", S.AWAITING_RAPPORTEUR),
    ("aguardando solicitação de relatoria", S.AWAITING_RAPPORTEUR),
    ("aguardando parecer", S.AWAITING_OPINION),
    ("aguardando reformulação de parecer", S.AWAITING_OPINION),
    ("aguardando elaboração do parecer", S.AWAITING_OPINION),
    ("aguardando análise de parecer", S.AWAITING_DELIBERATION),
    ("aguardando leitura do parecer", S.AWAITING_DELIBERATION),
    ("aguardando deliberação", S.AWAITING_DELIBERATION),
    ("aguardando votação", S.AWAITING_DELIBERATION),
    ("aguardando interstício", S.AWAITING_DELIBERATION),
    ("aguardando despacho", S.AWAITING_DISPATCH),
    ("aguardando autorização do despacho", S.AWAITING_DISPATCH),
    ("aguardando chancela", S.AWAITING_DISPATCH),
    ("aguardando análise do presidente", S.AWAITING_DISPATCH),
    ("aguardando distribuição", S.AWAITING_DISPATCH),
    ("aguardando encaminhamento", S.AWAITING_DISPATCH),
    ("aguardando definição", S.AWAITING_DISPATCH),
    ("aguardando criação", S.AWAITING_DISPATCH),
    ("aguardando constituição", S.AWAITING_DISPATCH),
    ("aguardando apoiamento", S.INTRODUCED),
    ("aguardando indexação", S.INTRODUCED),
    ("aguardando leitura e publicação", S.INTRODUCED),
    ("recebido pelo protocolo", S.INTRODUCED),
    ("aguardando vistas", S.IN_COMMITTEE),
    ("aguardando instalação", S.IN_COMMITTEE),
    ("comissão em funcionamento", S.IN_COMMITTEE),
    ("em tramitação no conselho", S.IN_COMMITTEE),
    ("em instrução", S.IN_COMMITTEE),
    ("aguardando", S.IN_PROGRESS),
    ("ag. ", S.IN_PROGRESS),
    ("em ", S.IN_PROGRESS),
    ("tramitação suspensa", S.IN_PROGRESS),
    ("encaminhad", S.IN_PROGRESS),
    ("enviad", S.IN_PROGRESS),
    ("processamento", S.IN_PROGRESS),
    ("triagem", S.IN_PROGRESS),
)


def status_of(code: str | None, text: str | None) -> S:
    """The status for a situation: by its code, else by the beginning of its text, else `OTHER`.

    A code that the table lacks is counted even where its text is understood. Without code and text: `UNKNOWN`.
    """
    if code is not None and (known := _BY_CODE.get(code)) is not None:
        return known
    if code is None and text is None:
        return S.UNKNOWN
    if code is not None:
        _UNKNOWN.inc()
    words = (text or "").lower()
    return next((status for beginning, status in _BY_TEXT if words.startswith(beginning)), S.OTHER)
