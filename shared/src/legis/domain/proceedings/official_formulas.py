"""Formulas with which official texts of the proceedings begin, in lower case without accents, and their effects.

Found in 67 430 recorded rows of 1934 to 1998 and in the recorded answers of 2007 to 2026. The first match decides, so a
formula that reverses, refuses or only requests an act precedes the formula of the act. `{it}` is replaced by the bill
itself, with articles before it; `{name}` by its name alone, which is safe inside a repetition: a repetition inside
another one takes exponential time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from legis.domain.vocabulary import ActionKind, BillStatus, StatusReason

K, S, R = ActionKind, BillStatus, StatusReason

ASKING_TYPES = frozenset({"RIC", "INC", "RQA", "RQC", "IAN", "SIT"})
"""Requests for information and indications: questions to the executive, which it may answer."""

OPINION_TYPES = frozenset({"P.C", "PAR", "PARF", "PCA", "PEP", "PES", "PPP", "PPR", "PRL", "PRR", "PRV", "PSS", "PEA"})
"""Opinions that are bills of their own: in their proceedings "Aprovado o parecer" refers to the bill itself."""

_ITSELF = r"(?:(?:o|a|d[oa]|est[ea]|dest[ea]|presente) )*(?:{names})\b"
_NAMES = r"projetos?|propostas?|proposic(?:ao|oes)|materias?|medida provisoria|pec|pl[pvnsc]?|pd[cls]|prc|mpv"
_NAMES_OF_TYPE = (
    (
        ("REQ", "RIC", "RQ", "RCP", "RCM", "RPR"),
        r"requerimentos?(?! (?:de (?:adiamento|preferencia|urgencia|verificacao|encerramento|dispensa|votacao)"
        r"|d[oa]s? (?:dep|sr|lider)))|ric|req",
    ),
    (("REC", "R.C"), "recursos?"),
    (("INC", "IAN"), "indicac(?:ao|oes)|inc"),
    (("MSC", "MSG", "MCN", "TVR"), "mensag(?:em|ens)|msc|tvr"),
    (("EM", "SB", "ES", "ERD"), "emendas?|subemendas?|substitutivos?"),
    (("OF",), "oficio"),
    (("PFC",), "pfc"),
    (tuple(sorted(OPINION_TYPES)), "parecer(?:es)?"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of an action: its kind, the status of the bill after it (None where it decides nothing),
    and the reason.
    """

    kind: ActionKind
    status: BillStatus | None = None
    reason: StatusReason | None = None


@lru_cache(maxsize=512)
def formulas(type_code: str) -> tuple[tuple[re.Pattern[str], Effect], ...]:
    """The formulas with their effects, in the order in which they are tried, for bills of a type."""
    own = [names for beginnings, names in _NAMES_OF_TYPE if type_code.startswith(beginnings)]
    return _compiled("|".join([_NAMES, *own]), type_code in ASKING_TYPES, type_code in OPINION_TYPES)


@lru_cache(maxsize=64)
def _compiled(names: str, asking: bool, opinion: bool) -> tuple[tuple[re.Pattern[str], Effect], ...]:
    table = [*_undone(), *_withdrawn(), *(_asked() if asking else ()), *_returned(), *_archived(), *_transformed()]
    table += [*_vetoed(), *_moot(), *_decided(opinion=opinion), *_on_its_way(), *_joined(), *_SHOWN]
    itself = _ITSELF.format(names=names)
    return tuple(
        (re.compile(pattern.replace("{it}", itself).replace("{name}", rf"(?:{names})\b")), effect)
        for pattern, effect in table
    )


def _undone() -> Iterator[tuple[str, Effect]]:
    """Archiving reversed, and requests for that: where refused, the bill stays archived."""
    back = Effect(K.UNARCHIVED, S.IN_PROGRESS)
    yield r"exclu(?:a-se|am-se|id[oa]s?|ir|i-se|sao) d[eo]s?\b.{0,40}arquivamento", back
    yield r"(?:torn\w+|fic\w+) sem efeito\b.{0,80}(?:arquiv|164|133|105)", back
    yield r"(?:despacho de |o )?arquivamento\b.{0,40}(?:tornado sem efeito|revisto|cancelado|anulado|revogado)", back
    speaks = r"(?!arquiv)(?=.{0,200}desarquiv)"
    yield rf"{speaks}(?=.*(?:prejudic|ja (?:se encontr|estar|foi)|nao (?:foi|esta|se|consta)))", Effect(K.REQUEST)
    refused = r"indefer|indefir|negad|nego\b|nao (?:acolh|conhec)|rejeit|improced|inadmit|devolv|deix\w+ de"
    yield rf"{speaks}(?=.*(?:{refused}))", Effect(K.REQUEST, S.ARCHIVED)
    yield r"desarquiv(?:ad[oa]s?|e-se|em-se)\b", back
    yield r"desarquivamento\b(?!.{0,30}(?:requer|solicit|pedid))", back
    yield rf"{speaks}(?:defer|defir|aprov|acolh|autoriz|determin)\w*", back
    yield speaks, Effect(K.REQUEST)


_OF_ANOTHER = (
    r"(?! (?:(?:d[aeo]s?|a|o|as|os|definitiva) )*(?:pauta|ordem|urgencia|regime|assinatura|apoiamento|requerimento de"
    r"|emenda|destaque|parecer|sobrestamento|relator|recurso|nome|item|subemenda|substitutivo))"
    r"(?!.{0,50}\b(?:pauta|ordem do dia)\b)"
)
"""After "retirada": what is withdrawn is not the bill, or it is only removed from the agenda."""

_ENDS = r"(?:[.,;(]|$| dc[nd1])"
"""The end of a clause, or the name of the gazette that ends many texts (DCN, DCD, DC1S)."""


def _withdrawn() -> Iterator[tuple[str, Effect]]:
    """Withdrawals: from the agenda only, refused, granted, requested."""
    gone = Effect(K.WITHDRAWN, S.WITHDRAWN, R.WITHDRAWN_BY_AUTHOR)
    yield r"retir(?:ad[oa]s?|a-se|ou-se)\b.{0,90}\b(?:d[ea]|em) (?:pauta|ordem do dia)", Effect(K.SCHEDULED)
    yield r"(?:indefer|indefir|rejeit|prejudic|nao acolh|negad)\w*(?=.{0,160}\bretirada\b)", Effect(K.REQUEST)
    granted = r"(?:defer|defir|aprov|acolh|homolog|conced)\w*"
    # one message of the President withdraws another, which it names by number
    yield rf"{granted}(?=.{{0,60}}\bretirada da (?:mensagem|msc) (?:n\S+ )?\d)", Effect(K.REQUEST, S.APPROVED)
    yield rf"{granted}(?=.{{0,220}}\bretirada\b{_OF_ANOTHER})", gone
    how = r"pel[oa]s?|por|definitiv|em (?:carater|definitivo|virtude|atendimento|face)|a (?:requerimento|pedido)"
    how += r"|nos termos|de tramitacao|atendendo|conforme"
    yield rf"retirad[oa]s? (?:d?{{it}} )?(?:d[ae] tramitacao,? )?(?:{how})", gone
    yield rf"retirad[oa]s?(?: d?{{it}})?{_ENDS}", gone
    asked = r"(?:requer|solicit|apresent|leitura|lid[oa]|pedido|oficio|of\b|mensagem|msg|msc|aviso|receb)"
    answered = r"(?:deferid[oa]|aprovad[oa]|concedid[oa])"
    yield rf"{asked}.{{0,180}}\bretirada\b{_OF_ANOTHER}.{{0,100}}(?<!in)\b{answered}", gone
    yield rf"{asked}(?=.{{0,220}}\bretirada\b)", Effect(K.REQUEST)
    yield r"retirad[oa]s?\b", Effect(K.REQUEST)


def _asked() -> Iterator[tuple[str, Effect]]:
    """Questions to the executive and its answers: only for requests for information and indications."""
    answered, waiting = Effect(K.ANSWERED, S.ANSWERED), Effect(K.DOCUMENT_ISSUED, S.AWAITING_ANSWER)
    mail = r"[o0]f\b|oficio|aviso|av\b|mensagem|msg|memorando|carta|telegrama"
    letter = rf"(?:leitura d[oe] |receb\w+ (?:d[oe] |o |a )?|pelo )?(?:{mail})"
    body = r"(?:ministr|minister|casa civil|gabinete civil|presiden\w+ da republica|poder executivo|banco central"
    body += r"|secretari[oa]-geral|secretaria d|advocacia|prefeit|governador)"
    to = rf"\b(?:ao|a|aos)\b (?:(?:sr|exm|senhor)\w*\.? )*{body}"
    yield rf"{letter}\b.{{0,60}}{to}.{{0,160}}(?:receb\w+|prestad\w+) as informac", answered
    yield rf"{letter}\b.{{0,60}}{to}", waiting
    yield rf"(?:remessa|remetid[oa]|enviad[oa]|encaminhad[oa]|encaminhamento|expedi\w+)\b.{{0,80}}{body}", waiting
    yield rf"{to[2:]}", waiting
    reply = r"(?:receb\w+ (?:d[ea] |a )?|encaminhad[ao] .{0,30}|leitura d[ae] |a )?(?:respost\w+|respondid[oa]s?)\b"
    yield reply, answered
    yield r"(?:prestad\w+ as |publicad\w+ as )?informacoes (?:d|prestadas|recebidas|encaminhadas)", answered
    yield r"arquiv\w+ .{0,30}(?:esclareciment|respost)", answered
    yield r"comparecimento d[oae]s? (?:(?:sr|senhor)\w*\.? )?", answered  # of the minister who was summoned
    more_time = r"(?!.{0,220}(?:prorrog|dilac|dilat|reitera))"
    told = r"(?:respost|respond|esclareciment|informac|informand|em atencao|em atendimento)"
    yield rf"{letter}\b{more_time}(?! (?:ps|1sec|gp)\b)(?=.{{0,220}}{told})", answered
    yield rf"{letter}\b{more_time}.{{0,40}}, d[oae]s? (?:\w+ ){{0,2}}{body}", answered


def _returned() -> Iterator[tuple[str, Effect]]:
    to = r"\b(?:a|aos?|as|a\(?o\)?|ao\(a\)(?:\(s\))?)? ?(?:seus? |su?as? |deputad\w+ |senador\w* )?"
    returned = Effect(K.RETURNED, S.RETURNED, R.RETURNED_TO_AUTHOR)
    yield rf"devol(?:uc|vid|va|ve|vo)\w*(?:-se)?.{{0,120}}{to}autor(?:a|es|as)?\b", returned
    yield r"devolv(?:a-se|e-se|o|ida|ido)\b.{0,90}(?:contraria|137)", returned
    yield r"devol(?:uc|vid|va)\w*", Effect(K.TRANSFERRED)


def _archived() -> Iterator[tuple[str, Effect]]:
    """Archiving, with its common misspellings; not archiving that is only possible, nor that of another paper."""
    archived = Effect(K.ARCHIVED, S.ARCHIVED)
    yield r"(?:sujeit[oa]|prazo|recurso|requer|proposta)\w*\b.{0,60}arquivamento", Effect(K.DISPATCHED)
    another = r"(?!.{0,12}\b(?:o|do) (?:requerimento|recurso|oficio)\b)"
    yield rf"(?:a?rq[a-z]{{1,4}}d[oa0]s?|arquiv(?:e-se|em-se|a-se|amento|ar|o))\b{another}", archived
    way = r"des?pacho|vai|va|enviad[oa]s?|remetid[oa]s?|encaminhad[oa]s?|recolhid[oa]|volta|determin\w+|remessa|a|o"
    way += r"|pelo|mesa|definitivamente|seu|d[oa]|est[ea]|dest[ea]|presente"
    where = r"(?:a\(ao\) |ao\(a\) |ao |o |no |para o )?"
    yield rf"(?:(?:{way}|{{name}}) )*{where}arquivd?(?:o|amento)\b", archived
    letter = r"(?:[o0]f|oficio|mensagem|aviso)\b.{0,80}(?:comunic|determin)\w+ (?:o |a )"
    yield rf"{letter}arquivamento d(?:est[ea]|[oa] (?:presente|projeto))", archived
    yield rf"{letter}rejeicao d(?:est[ea]|[oa] (?:presente|projeto))", Effect(K.REJECTED, S.REJECTED, R.REJECTED)
    yield (
        r"(?:perda d[ea]|perdeu (?:a|sua)|sem) eficacia|eficacia perdida",
        Effect(K.ARCHIVED, S.EXPIRED, R.EXPIRED),
    )


def _transformed() -> Iterator[tuple[str, Effect]]:
    """Transformation into another bill, or into law."""
    law = r"(?:lei|emenda constitucional|emenda a constituicao|decreto|resolucao|norma juridica|ato)\b"
    codes = r"pl[pnvsc]?|pec|pd[cls]|pr[csn]|msc|tvr|req|rcp|ric|inc|rec|mpv|pfc|sug"
    paper = rf"(?:projetos?|propostas?|requerimentos?|indicac\w+|recursos?|anteprojeto|parecer|(?:{codes})\b)"
    turned = r"tra?n?s?forma\w* (?:[nd]?[oa]s? |em )?(?:novo |nova |um |uma )?"
    yield r"tra?n?s?forma\w*\b.{0,6}\bem diligencia", Effect(K.REQUEST)
    yield turned + paper, Effect(K.TRANSFORMED, S.TRANSFORMED, R.TRANSFORMED)
    yield turned + law, Effect(K.ENACTED, S.ENACTED)
    yield r"(?:sancionad[oa]|promulgad[oa]|promulgacao d[ae] lei)\b", Effect(K.ENACTED, S.ENACTED)
    named = r"(?: complementar| ordinaria| delegada| legislativo| d[ao] [a-z ]{3,40})?"
    yield rf"{law}{named} (?:n\S* ?)?\d", Effect(K.ENACTED, S.ENACTED)


def _vetoed() -> Iterator[tuple[str, Effect]]:
    partly = r"veto parcial|vet(?:ad[oa]|o) parcialmente|vetad[oa] em parte|(?:rejeitad[oa]|rejeicao d?o) veto"
    yield partly, Effect(K.PARTIALLY_VETOED, S.ENACTED)
    wholly = r"(?:{it} )?(?:vetad[oa] (?:total|integral)|veto total(?!.{0,30}rejeitad)|vetad[oa]\b)"
    yield rf"{wholly}|(?:mantid[oa]|manutencao) .{{0,12}}veto total", Effect(K.VETOED, S.VETOED, R.VETOED)


def _moot() -> Iterator[tuple[str, Effect]]:
    """The bill declared moot; where another paper is moot, only a request."""
    moot = Effect(K.MOOT, S.MOOT, R.MOOT)
    judged = (
        r"(?:(?:foi|fica|ficou|esta|e|por ser|declarad[oa]|declaro|considerad[oa]|julgad[oa]|declara-se)[ ,]+)*(?:a )?"
    )
    why = r"pel|em|por|face|nos|ante|devido|tendo|conforme|com|na|no|diante|vide"
    yield rf"{judged}p?rejudicad[oa]s?(?: {{it}}| (?:{why})|{_ENDS})", moot
    yield rf"{judged}(?:declaracao d[ea] )?prejudicialidade(?: d?{{it}}| (?:{why}|d?est[ea])|{_ENDS})", moot
    yield rf"{judged}p?rejudicad[oa]s?\b", Effect(K.REQUEST)
    letter = r"(?:deferid[oa] )?(?:[o0]f|oficio)\b.{0,80}"
    yield rf"{letter}(?:(?:comunicando|declarando) a prejudicialidade|ficando prejudicad[oa])", moot


def _decided(*, opinion: bool) -> Iterator[tuple[str, Effect]]:
    """Rejection and approval. An approved opinion decides nothing about the bill, whatever it recommends."""
    if not opinion:
        whose = r"(?:(?:unanime|unanimemente|por unanimidade|por maioria|contra|d?[oa]s?),? )*"
        adopted = r"(?:aprova\w*|rejei\w*|acolh\w*|adota\w*|adoc\w*),?"
        yield rf"{adopted} {whose}(?:parecer|relatorio|voto|manifestacao|ata)", Effect(K.OPINION)
    where = r"(?:,? (?:unanime|por unanimidade|(?:em|no|na|por|pelo|com) [^.,]{3,60}),?)?"
    rejected = Effect(K.REJECTED, S.REJECTED, R.REJECTED)
    yield (
        rf"(?:rejeitad[oa]s?|rejeicao|nao aprovad[oa]){where}(?: d?{{it}}|{_ENDS})|indefer\w+ {{it}}(?:{_ENDS}| n)",
        rejected,
    )
    approved = rf"aprova\w*{where} (?:d?{{it}}|[^.]{{0,40}}redacao final)"
    yield rf"{approved}(?=.*\bvai a (?:sancao|promulgacao))", Effect(K.APPROVED, S.AWAITING_SANCTION)
    yield rf"{approved}(?=.*\bvai ao senado)", Effect(K.APPROVED, S.SENT_TO_OTHER_CHAMBER)
    yield rf"{approved}|aprovad[oa]{_ENDS}|deferid[oa] {{it}}(?:{_ENDS}| n)", Effect(K.APPROVED, S.APPROVED)


def _on_its_way() -> Iterator[tuple[str, Effect]]:
    """Sent to sanction or to the other house."""
    sent = r"(?:(?:vai|va|segue|remetid[oa]s?|remessa|remeta-se|encaminhad[oa]s?|encaminhamento|enviad[oa]s?|envio"
    sent += r"|despacho|subiu|os?|as?|d[oa]s?|est[ea]|dest[ea]|presente|autografos?|{name}) )*"
    yield sent + r"(?:a|para|para a) (?:sancao|promulgacao)\b", Effect(K.SENT_FOR_SANCTION, S.AWAITING_SANCTION)
    away = Effect(K.SENT_TO_OTHER_CHAMBER, S.SENT_TO_OTHER_CHAMBER)
    yield sent + r"(?:ao|para o) (?:senado|sf)\b", away
    letter = r"(?:of|oficio)\b.{0,60}\bao (?:senado|sf)\b.{0,60}(?:remet|encaminh|envi)\w+ (?!.{0,20}autografo)"
    yield letter + r".{0,40}(?:{it}|revisao)", away


def _joined() -> Iterator[tuple[str, Effect]]:
    """This bill joined to another or separated from it; another bill joined to this one is only a notice."""
    joined = Effect(K.JOINED, S.JOINED)
    yield r"(?:apens|anex)\w*(?:-se)?\b[ ,]*(?:a\(ao\) |ao\(a\) |ao |a |n)?est[ea]\b", Effect(K.NOTIFIED)
    to = r"(?:a\(ao\)|ao\(a\)|aos?|as?)(?=[ :])"
    yield rf"(?:apens|anex)(?:e-se|em-se|ad[oa]s?|ad[oa]-se|a-se)(?: {{it}})? ?{to}", joined
    yield r"(?:defer\w+ .{0,90})?(?:apens|anex)ac\w+ d(?:est[ea]|[oa])\b.{0,30}\b(?:ao|a) (?!est[ea])", joined
    yield r"(?:passa a )?tramita(?:r|ndo|cao)? (?:em )?conjunt", joined
    yield r"desapens\w*(?:-se)?\b[ ,]*(?:dest[ea]|d[oa] presente)\b", Effect(K.NOTIFIED)
    yield r"desapens\w*", Effect(K.SEPARATED, S.IN_PROGRESS)


_SENT = r"encaminhad[oa]s?|encaminhamento|vai|a|enviad[oa]|leitura e remessa"
_GIVEN = r"apresent\w+|receb\w+|juntad\w+"
_READY = r"(?:leitura|publicacao)\b.*\bpront[oa] para (?:a |o )?(?:ordem do dia|pauta)"
_SHOWN = (
    (_READY, Effect(K.PUBLISHED, S.READY_FOR_AGENDA)),
    *((pattern, Effect(kind)) for pattern, kind in (
        (rf"(?:leitura|publicacao|publicad[oa]s?|lid[oa]|(?:{_SENT}).{{0,40}}\bpublicacao)\b", K.PUBLISHED),
        (r"(?:apresent\w+|ofereci\w+|receb\w+) .{0,30}(?:emenda|subemenda|destaque)", K.AMENDMENT),
        (r"(?:prazo|abertura de prazo|encerra\w+ o? ?prazo|esgotad\w+ o prazo|emenda)", K.AMENDMENT),
        (r"nao foram (?:apresent|receb)\w+ emenda", K.AMENDMENT),
        (rf"(?:{_GIVEN}) .{{0,30}}(?:parecer|voto|relatorio|complementacao)", K.OPINION),
        (r"(?:parecer|voto|relatorio|manifestacao|reformulacao)", K.OPINION),
        (r"(?:vistas?\b|conced\w+ vista|pedido de vista|requer|solicit|recurso|questao de ordem)", K.REQUEST),
        (r"(?:aprova\w* (?:d?[oa]s? )?req|apresent\w+ .{0,30}(?:requerimento|recurso))", K.REQUEST),
        (r"(?:defer|indefer|defir|indefir|aprova\w* (?:d?[oa]s? )?(?:urgencia|preferencia|adiamento))", K.REQUEST),
        (r"(?:designa|relator\w*\b|avocad|(?:re)?distribuid[oa] (?:ao|a) (?:relator|dep|sr))", K.RAPPORTEUR_DESIGNATED),
        (r"(?:distribu|redistribu|despacho (?:inicial )?as?\b|as? comiss|a c[a-z]{2,5}\b)", K.REFERRED),
        (
            r"(?:discussao|em discussao|adiad[oa] (?:a |por .{0,30})?discussao|adiada|encerrada a discussao)",
            K.DISCUSSED,
        ),
        (r"audiencia publica", K.DISCUSSED),
        (r"(?:votacao|em votacao|aprova|rejei|adocao|adotad|mantid|suprimid|verificacao|falta de quorum)", K.VOTED),
        (r"(?:inclu|em pauta|pront[oa]|ordem do dia|nao deliberad|na ordem do dia|adiad)", K.SCHEDULED),
        (r"(?:apresentacao|apresentad[oa]|autuad)", K.INTRODUCED),
        (r"(?:receb|entrada|entregue|recepcao)", K.RECEIVED),
        (r"(?:[o0]f|ofs|oficios?|avisos?|av|mensagem|mensagens|msg|msc|memorando|expedi\w+)\b", K.DOCUMENT_ISSUED),
        (r"(?:remessa|carta|telegrama|guia|gr)\b", K.DOCUMENT_ISSUED),
        (r"(?:comunic|notific|ciente|vide|ver\b|errata|reconstitui|restitu|conferencia|republic)", K.NOTIFIED),
        (r"(?:constituicao|criacao|instalacao|inteiro teor)", K.NOTIFIED),
        (r"(?:encaminh|remet|enviad|retorn|volta|aguard|ao? |as |aos |a\(ao\)|saida|transfer)", K.TRANSFERRED),
        (r"(?:providencia|em poder|na c|no c)", K.TRANSFERRED),
    )),
)  # fmt: skip
"""Formulas that decide nothing: they only show the stage of the bill."""
