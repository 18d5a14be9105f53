"""The Câmara's kinds of proceedings (`codTipoTramitacao`) in our words."""

from legis.domain.vocabulary import ActionKind as K
from legis.telemetry.metrics import UNKNOWN_CODES

ENACTING = frozenset({"251", "1012"})
"""Codes that say: this became law, whole or with a partial veto."""

_BY_CODE: dict[str, K] = {
    "5": K.OTHER,  # Não Informado: four in five of the rows before 1999
    "100": K.INTRODUCED,  # Apresentação de Proposição
    "104": K.SEPARATED,  # Desapensação
    "105": K.PUBLISHED,  # Leitura e publicação
    "106": K.JOINED,  # Apensação
    "107": K.OTHER,  # Não Apensação
    "110": K.REFERRED,  # Distribuição
    "128": K.SENT_TO_OTHER_CHAMBER,  # Remessa ao Senado Federal
    "129": K.JOINED,  # Despacho de Apensação
    "130": K.SEPARATED,  # Despacho de Desapensação
    "133": K.RETURNED,  # Devolução ao autor
    "134": K.ARCHIVED,  # Despacho de Arquivamento
    "135": K.UNARCHIVED,  # Despacho de Desarquivamento
    "161": K.RECEIVED,  # Recebimento na Mesa solicitando resposta
    "162": K.RECEIVED,  # Recebimento de Resposta
    "170": K.MOVED,  # Devolução ao Relator
    "180": K.MOVED,  # Encaminhamento
    "190": K.DOCUMENT_ISSUED,  # Expedição de Documento
    "191": K.APPROVED,  # Aprovação de Recurso
    "192": K.REQUEST,  # Apresentação de Recurso
    "194": K.REQUEST,  # Apresentação de Requerimento
    "195": K.REQUEST,  # Aprovação de Requerimento: the request is approved, not the bill
    "197": K.REJECTED,  # Rejeição de Proposição
    "198": K.OTHER,  # Prejudicado
    "199": K.MOVED,  # Providência Interna
    "200": K.WITHDRAWN,  # Retirada pelo Autor
    "201": K.RETURNED,  # Proposição Devolvida ao Autor
    "203": K.DISPATCHED,  # Notificação de Despacho
    "216": K.DISCUSSED,  # Discussão
    "220": K.DISCUSSED,  # Discussão (início e continuação)
    "221": K.DISCUSSED,  # Adiamento de Discussão
    "222": K.DISCUSSED,  # Discussão (Plenário)
    "231": K.VOTED,  # Votação
    "240": K.APPROVED,  # Aprovação
    "244": K.APPROVED,  # Aprovação de Proposição em Plenário
    "250": K.SCHEDULED,  # Retirada de Pauta
    "251": K.ENACTED,  # Transformação em Norma Jurídica
    "319": K.OPINION,  # Análise Parecer
    "320": K.RAPPORTEUR_DESIGNATED,  # Designação de Relator
    "322": K.OPINION,  # Parecer do Relator
    "330": K.PUBLISHED,  # Leitura e publicação do Parecer
    "331": K.OPINION,  # Cancelamento de Parecer
    "336": K.OPINION,  # Aprovação do Parecer
    "350": K.AMENDMENT,  # Abertura de Prazo
    "435": K.OTHER,  # Declaração de Prejudicialidade
    "469": K.TRANSFORMED,  # Transformada em Nova Proposição
    "500": K.RECEIVED,  # Recebimento
    "501": K.RECEIVED,  # Recebimento - Relator
    "502": K.ARCHIVED,  # Arquivamento
    "503": K.UNARCHIVED,  # Desarquivamento
    "504": K.JOINED,  # Notificação de Apensação
    "505": K.SEPARATED,  # Notificação de Desapensação
    "506": K.RECEIVED,  # Recebimento - Redação Final
    "507": K.RECEIVED,  # Recebimento - Relator (Sem Manifestação)
    "600": K.AMENDMENT,  # Encerramento de Prazo
    "604": K.PUBLISHED,  # Publicação de Proposição
    "605": K.PUBLISHED,  # Publicação de Despacho
    "606": K.PUBLISHED,  # Publicação de Parecer
    "607": K.RECEIVED,  # Recebimento de autógrafos
    "640": K.UNARCHIVED,  # Desarquivamento a Pedido
    "650": K.UNARCHIVED,  # Desarquivamento de Ofício
    "700": K.OTHER,  # Conferência Sinopse 2001
    "720": K.APPROVED,  # Adoção de Proposição pela Comissão
    "997": K.VOTED,  # Deliberação (inativa)
    "998": K.SCHEDULED,  # Pronta para ordem do dia (inativa)
    "999": K.DISPATCHED,  # Despacho (inativa)
    "1005": K.NOTIFIED,  # Notificações
    "1007": K.RECEIVED,  # Recebimento de Retorno
    "1008": K.OTHER,  # Não Deliberado
    "1010": K.MOVED,  # Devolução à CCP
    "1012": K.PARTIALLY_VETOED,  # Transformado em Norma Jurídica com Veto Parcial
    "1013": K.VETOED,  # Vetado Totalmente
    "1021": K.OTHER,  # Questão de Ordem
    "1023": K.DISPATCHED,  # Despacho
    "1041": K.SENT_TO_OTHER_CHAMBER,  # Remessa ao Congresso Nacional
    "1042": K.DOCUMENT_ISSUED,  # Relatório de Conferência de Assinaturas
    "1051": K.OTHER,  # Encerramento de Comissão Temporária
    "1054": K.REJECTED,  # Não Acolhimento
    "1250": K.MOVED,  # Saída de Relator da Comissão - Sem Parecer Apresentado
    "1255": K.MOVED,  # Saída de Relator da Comissão - Com Parecer Apresentado
}


def kind_of(code: str | None) -> K:
    """The kind of an entry of the proceedings; `OTHER` for an unknown code, which is counted, and for none."""
    if code is None:
        return K.OTHER
    kind = _BY_CODE.get(code)
    if kind is None:
        UNKNOWN_CODES.labels("camara", "codTipoTramitacao").inc()
        return K.OTHER
    return kind
