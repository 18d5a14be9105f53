"""The steps of a bill in the Câmara, with the codes and the wording of the API."""

from typing import Final, NamedTuple

from upstream_sim.congress.life import Path


class Situation(NamedTuple):
    code: int | None
    text: str | None


class Step(NamedTuple):
    """One kind of tramitação. `situation` None means that the step leaves the situation as it was."""

    code: str
    name: str
    body: str
    text: str
    situation: Situation | None = None
    day_only: bool = False


_NO_SITUATION: Final = Situation(None, None)
_RAPPORTEUR: Final = Situation(907, "Aguardando Designação de Relator")
_OPINION: Final = Situation(915, "Aguardando Parecer")
_AGENDA: Final = Situation(924, "Pronta para Pauta")
_ATTACHED: Final = Situation(925, "Tramitando em Conjunto")
_ARCHIVED: Final = Situation(923, "Arquivada")
_LAW: Final = Situation(1140, "Transformado em Norma Jurídica")
STALE_LAW: Final = Situation(1293, "Aguardando Envio ao Senado Federal")
_SENT: Final = Situation(926, "Aguardando Apreciação pelo Senado Federal")
UNKNOWN_SITUATION: Final = Situation(4242, "Aguardando Providência Ainda Não Catalogada")

STEPS: Final = {
    "apresentacao": Step(
        "100",
        "Apresentação de Proposição",
        "MESA",
        'Apresentação do {sigla} n. {numero}/{ano} ({tipo}), por {autor}, que "{ementa}".',
        Situation(910, "Aguardando Encaminhamento"),
    ),
    "publicacao": Step(
        "604",
        "Publicação de Proposição",
        "CCP",
        "Encaminhada à publicação. Publicação Inicial em avulso e no DCD de {dia} PAG {n}.",
        day_only=True,
    ),
    "distribuicao": Step(
        "110",
        "Distribuição",
        "MESA",
        "Às Comissões de {comissao} e Constituição e Justiça e de Cidadania (Art. 54 RICD)Proposição Sujeita à "
        "Apreciação Conclusiva pelas Comissões - Art. 24 IIRegime de Tramitação: Ordinária (Art. 151, III, RICD)",
        Situation(910, "Aguardando Encaminhamento"),
    ),
    "recebimento": Step("500", "Recebimento", "", "Recebimento pela {sigla_comissao}.", _RAPPORTEUR),
    "relator": Step("320", "Designação de Relator", "", "Designado Relator, Dep. {relator}", _OPINION),
    "parecer": Step(
        "322",
        "Parecer do(a) Relator(a)",
        "",
        "Apresentação do Parecer do Relator n. {n} {sigla_comissao}, pelo Deputado {relator}. Parecer do Relator, "
        "Dep. {relator}, pela aprovação.",
        _AGENDA,
    ),
    "parecer_aprovado": Step(
        "336", "Aprovação do Parecer", "", "Aprovado o Parecer.", Situation(928, "Aguardando Análise de Parecer")
    ),
    "requerimento": Step(
        "194",
        "Apresentação de Requerimento",
        "PLEN",
        'Apresentação do REQ n. {n}/{ano_passo} (Requerimento de Apensação), pelo Deputado {relator}, que "Requer, nos '
        'termos regimentais, a apensação da matéria".',
    ),
    "notificacoes": Step(
        "1005",
        "Notificações",
        "CCP",
        "Encerrado automaticamente o Prazo de Recurso. Não foram apresentados recursos.",
        day_only=True,
    ),
    "urgencia": Step(
        "195", "Aprovação de Requerimento", "PLEN", "Aprovado o Requerimento de Urgência n. {n}/{ano_passo}.", _AGENDA
    ),
    "pauta": Step("231", "Votação", "", "Retirado de pauta, de ofício.\r\nMatéria não apreciada.", _AGENDA),
    "plenario": Step(
        "244",
        "Aprovação de Proposição em Plenário",
        "PLEN",
        "Aprovada a Redação Final assinada pelo Relator, Dep. {relator}.",
        STALE_LAW,
    ),
    "remessa": Step(
        "128",
        "Remessa ao Senado Federal",
        "MESA",
        "Remessa ao Senado Federal por meio do Of. nº {n}/{ano_passo}/SGM-P.",
        _SENT,
        day_only=True,
    ),
    "norma": Step(
        "251",
        "Transformação em Norma Jurídica",
        "MESA",
        "Transformado na Lei Ordinária {lei}/{ano_passo}. DOU {dia} PÁG {n}.",
        _LAW,
        day_only=True,
    ),
    "veto": Step(
        "1013",
        "Vetado Totalmente",
        "MESA",
        "Vetado totalmente. Razões do veto: MSC {n}/{ano_passo}.",
        Situation(937, "Vetado totalmente"),
    ),
    "arquivamento": Step(
        "502",
        "Arquivamento",
        "MESA",
        "Arquivado nos termos do Artigo 105 do Regimento Interno da Câmara dos Deputados.",
        _ARCHIVED,
        day_only=True,
    ),
    "desarquivamento": Step(
        "640", "Desarquivamento a Pedido", "MESA", "Desarquivado nos termos do Artigo 105 do RICD.", _RAPPORTEUR
    ),
    "prejudicada": Step(
        "435", "Declaração de Prejudicialidade", "PLEN", "Prejudicado em face da aprovação do substitutivo.", _ARCHIVED
    ),
    "retirada": Step(
        "200",
        "Retirada pelo Autor",
        "MESA",
        "Deferido o requerimento de retirada.",
        Situation(950, "Retirado pelo Autor"),
    ),
    "apensacao": Step(
        "129", "Despacho de Apensação", "MESA", "Apense-se à proposição principal.\r\nPublique-se.", _ATTACHED
    ),
    "renumeracao": Step(
        "1023", "Despacho", "MESA", "Renumere-se a proposição, que passa a constar como {sigla} {numero}/{ano}."
    ),
    "sem_situacao": Step("999", "Despacho* (inativa)", "MESA", "Publique-se. Arquive-se o processado.", _NO_SITUATION),
    "antiga": Step("5", "Não Informado", "MESA", "DCN1 DE {dia} PAG {n} COL 01.", day_only=True),
    "codigo_novo": Step("9301", "Providência Ainda Não Catalogada", "MESA", "Providência interna."),
}

_BEGIN: Final = ("apresentacao", "publicacao", "distribuicao", "recebimento")
_DECIDED: Final = (*_BEGIN, "relator", "parecer", "parecer_aprovado", "plenario")
PATHS: Final = {
    Path.NEW: ("apresentacao",),
    Path.WAITING_RAPPORTEUR: _BEGIN,
    Path.IN_COMMITTEE: (*_BEGIN, "relator"),
    Path.READY: (*_BEGIN, "relator", "parecer_aprovado", "pauta"),
    Path.ATTACHED: ("apresentacao", "publicacao", "apensacao"),
    Path.ARCHIVED: (*_BEGIN, "arquivamento"),
    Path.WITHDRAWN: ("apresentacao", "distribuicao", "retirada"),
    Path.SENT: (*_DECIDED, "remessa"),
    Path.LAW: (*_DECIDED, "norma"),
    Path.PREJUDICED: (*_BEGIN, "relator", "prejudicada"),
    Path.VETOED: (*_DECIDED, "veto"),
    Path.FILED: ("apresentacao", "arquivamento"),
    Path.UNKNOWN: ("apresentacao", "sem_situacao"),
}
FILLERS: Final = ("requerimento", "notificacoes", "publicacao")
VOTED: Final = frozenset({"parecer_aprovado", "plenario"})
OLD_STYLE_UNTIL: Final = 1989
FINAL_SITUATION: Final = {path: STEPS[steps[-1]].situation for path, steps in PATHS.items()}
