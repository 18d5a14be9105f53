"""The steps of a process in the Senado, with the situations and the wording of the API."""

from typing import Final, NamedTuple

from upstream_sim.congress.life import Path


class Situation(NamedTuple):
    id: int
    acronym: str
    text: str


class Step(NamedTuple):
    """One informe legislativo. `situation` is the situation that it begins, if any; `closes` ends the proceedings."""

    text: str
    plenary: bool = True
    situation: Situation | None = None
    closes: bool = False


AWAITING: Final = Situation(175, "AGDESP", "AGUARDANDO DESPACHO")
DISPATCHED: Final = Situation(177, "MATDESP", "MATÉRIA DESPACHADA")
RAPPORTEUR: Final = Situation(87, "AGDREL", "AGUARDANDO DESIGNAÇÃO DO RELATOR")
WITH_RAPPORTEUR: Final = Situation(91, "RELATOR", "MATÉRIA COM A RELATORIA")
AGENDA: Final = Situation(42, "PRONTPAUT", "PRONTA PARA A PAUTA NA COMISSÃO")
APPROVED_OPINION: Final = Situation(89, "APRVPAR", "APROVADO PARECER NA COMISSÃO")
READY: Final = Situation(8, "PRONDEPLEN", "PRONTO PARA DELIBERAÇÃO DO PLENÁRIO")
ORDER_OF_DAY: Final = Situation(78, "INCLOD", "INCLUÍDA EM ORDEM DO DIA")
APPROVED: Final = Situation(25, "APRVD", "APROVADA")
SENT: Final = Situation(52, "RMCD", "REMETIDA À CÂMARA DOS DEPUTADOS")
LAW: Final = Situation(64, "TNJR", "TRANSFORMADA EM NORMA JURÍDICA")
ARCHIVED: Final = Situation(28, "ARQVD", "ARQUIVADA AO FINAL DA LEGISLATURA")
WITHDRAWN: Final = Situation(60, "RTPA", "RETIRADA PELO AUTOR")
PREJUDICED: Final = Situation(43, "PRJDA", "PREJUDICADA")
VETOED: Final = Situation(77, "VTDA", "VETADA")
VIEW: Final = Situation(90, "PEDVISTA", "PEDIDO DE VISTA CONCEDIDO")
RETURNED: Final = Situation(62, "SBRTA", "SOBRESTADA")
KNOWN: Final = Situation(107, "CONHECIDA", "CONHECIDA.")
UNKNOWN: Final = Situation(9_900_001, "NOVASIT", "SITUAÇÃO AINDA NÃO CATALOGADA")

STEPS: Final = {
    "autuada": Step("Autuado o {tipo} nº {numero}/{ano}. A matéria vai à publicação.", True, AWAITING),
    "despacho": Step("A matéria vai à {comissao}.", True, DISPATCHED),
    "distribuicao": Step("Matéria aguardando distribuição.", False, RAPPORTEUR),
    "relator": Step("Distribuído ao Senador {relator}, para emitir relatório.", False, WITH_RAPPORTEUR),
    "devolvida": Step("Devolvido pelo relator, para redistribuição.", False, RAPPORTEUR),
    "parecer": Step("Recebido o relatório do Senador {relator}, com voto pela aprovação do Projeto.", False, AGENDA),
    "pauta": Step(
        "Na 5ª Reunião, a Comissão aprova o relatório, que passa a constituir o Parecer da {comissao}.",
        False,
        APPROVED_OPINION,
    ),
    "vista": Step("A Presidência concede vista coletiva.", False, VIEW),
    "leitura": Step("Encaminhado ao Plenário.\r\nMatéria lida em {dia}.", True),
    "ordem_do_dia": Step("Incluída em Ordem do Dia da sessão deliberativa de {dia}.", True, ORDER_OF_DAY),
    "aprovada": Step(
        "(Sessão Deliberativa Ordinária realizada em {dia})\r\nAprovada a matéria, com o seguinte resultado: {votos}.",
        True,
        APPROVED,
    ),
    "remessa": Step(
        "Remetido Ofício SF nº {n}, de {dia}, à Câmara dos Deputados, encaminhando a matéria para revisão.",
        True,
        SENT,
        True,
    ),
    "norma": Step("Sancionada. Lei nº {lei}. DOU - {dia}.", True, LAW, True),
    "arquivada": Step(
        "Arquivada ao final da Legislatura, nos termos do art. 332 do Regimento Interno.", True, ARCHIVED, True
    ),
    "retirada": Step("Deferido o requerimento de retirada da matéria.", True, WITHDRAWN, True),
    "prejudicada": Step("Declarada a prejudicialidade da matéria.", True, PREJUDICED, True),
    "vetada": Step("Vetada totalmente pelo Presidente da República.", True, VETOED, True),
    "sobrestada": Step("Tramitação sobrestada até a apreciação da proposição principal.", False, RETURNED),
    "conhecida": Step("O Senado Federal toma conhecimento. Ao Arquivo.", True, KNOWN, True),
    "pronta": Step("À Secretaria Legislativa, para inclusão em Ordem do Dia.", True, READY),
}

_BEGIN: Final = ("autuada", "despacho", "distribuicao")
_DECIDED: Final = (*_BEGIN, "relator", "parecer", "pauta", "ordem_do_dia", "aprovada")
PATHS: Final = {
    Path.NEW: ("autuada",),
    Path.WAITING_RAPPORTEUR: _BEGIN,
    Path.IN_COMMITTEE: (*_BEGIN, "relator"),
    Path.READY: (*_BEGIN, "relator", "parecer", "pauta", "pronta"),
    Path.ATTACHED: (*_BEGIN, "sobrestada"),
    Path.ARCHIVED: (*_BEGIN, "arquivada"),
    Path.WITHDRAWN: ("autuada", "despacho", "retirada"),
    Path.SENT: (*_DECIDED, "remessa"),
    Path.LAW: (*_DECIDED, "norma"),
    Path.PREJUDICED: (*_BEGIN, "relator", "prejudicada"),
    Path.VETOED: (*_DECIDED, "vetada"),
    Path.FILED: ("autuada", "conhecida"),
    Path.UNKNOWN: ("autuada", "leitura"),
}
SITUATIONS: Final = tuple(dict.fromkeys(step.situation for step in STEPS.values() if step.situation is not None))
