"""Reads what the beginning of an official text of the proceedings says was done to the bill itself.

Only the beginning counts, and nothing that stands in quotation marks: a text may quote the title of another paper
("Apresentação do REQ 12, que "solicita a retirada…"") or say what somebody else wants. What was asked and not
granted, what was done to another paper, and opinions are no deeds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from legis.domain.search_text import plain
from legis.domain.vocabulary import ActionKind, BillStatus, StatusReason

K, S, R = ActionKind, BillStatus, StatusReason

_OPENING = 300
"""Characters that are read. The longest formula in use, with the names it holds, takes some 200."""

_QUOTE = re.compile("[\"“”«»]")
_LEAD = re.compile(
    r"(?:(?:despacho(?: d[ao] \w+| inicial| exarado[^:]{0,60})?|mesa(?: diretora)?|plenario|decisao[^:]{0,40}"
    r"|resolucao da mesa|resposta)\s*[:\-]\s*|\([^)]{1,160}\)\s*)+"
)
_RULES_OF_1989 = date(1989, 9, 21)
"""Since the house has its present rules of procedure (Resolução 17/1989): before, its articles had other numbers."""

ASKING_TYPES = frozenset({"RIC", "INC", "RQA", "IAN", "SIT", "SRIC"})
"""Requests for information and indications: what the executive is asked, and may answer."""

_ITSELF = r"(?:o |a |d[oa] |est[ea] |dest[ea] |esta |presente )*(?:{names})\b"
_NAMES = r"projetos?|propostas?|proposic(?:ao|oes)|materias?|medida provisoria|pec|pl[pvnsc]?|pd[cls]|prc|mpv"
_NAMES_OF_TYPE = (
    (("REQ", "RIC", "RQ", "RCP", "RPR"), "requerimentos?|ric|req"),
    (("REC", "R.C"), "recursos?"),
    (("INC", "IAN"), "indicac(?:ao|oes)|inc"),
    (("MSC", "MSG", "MCN", "TVR"), "mensag(?:em|ens)|msc|tvr|atos?"),
    (("EM", "SB", "ES", "ERD"), "emendas?|subemendas?|substitutivos?"),
    (("PFC",), "pfc"),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: its kind, the status it leaves the bill in (None where it decides nothing), and the outcome."""

    kind: ActionKind
    status: BillStatus | None = None
    reason: StatusReason | None = None


def deed_of(text: str | None, type_code: str = "", on: date | None = None) -> Deed | None:
    """The deed that a text begins with; None where it is none that we know.

    `type_code` is the bill's: in a request's proceedings "Prejudicado o requerimento" speaks of the bill itself. `on`
    is the day of the deed, by which articles of the rules of procedure are understood.
    """
    if not text:
        return None
    return _read(text[: 2 * _OPENING], type_code, on is None or on >= _RULES_OF_1989)


@lru_cache(maxsize=16_384)
def _read(text: str, type_code: str, present_rules: bool) -> Deed | None:
    whole = " ".join(plain(text).split())
    opening = _LEAD.sub("", _QUOTE.split(whole, maxsplit=1)[0], count=1)[:_OPENING]
    asking = type_code in ASKING_TYPES
    if _LETTER.match(whole) and _LAW_IN_LETTER.search(whole[:_OPENING]):
        return Deed(K.ENACTED, S.ENACTED)
    for rule, deed in _rules(_names(type_code), asking=asking):
        if rule.match(opening):
            return Deed(deed.kind, deed.status, _reason(opening, present_rules)) if deed.kind is K.ARCHIVED else deed
    return None


@lru_cache(maxsize=64)
def _names(type_code: str) -> str:
    own = [names for beginnings, names in _NAMES_OF_TYPE if type_code.startswith(beginnings)]
    return "|".join([_NAMES, *own])


@lru_cache(maxsize=64)
def _rules(names: str, *, asking: bool) -> tuple[tuple[re.Pattern[str], Deed], ...]:
    table = [*_undone(), *_withdrawn(), *_closed(), *(_asked() if asking else ()), *_decided(), *_on_its_way(), *_SOFT]
    itself = _ITSELF.format(names=names)
    return tuple((re.compile(pattern.replace("{it}", itself)), deed) for pattern, deed in table)


def _undone() -> Iterator[tuple[str, Deed]]:
    """Archiving taken back, and requests for that. Comes first: such texts speak of archiving as well."""
    back = Deed(K.UNARCHIVED, S.IN_PROGRESS)
    yield r"exclu(?:a-se|am-se|id[oa]s?|ir|i-se|sao) d[eo]s?\b.{0,40}arquivamento", back
    yield r"(?:torn\w+|fic\w+) sem efeito\b.{0,80}(?:arquiv|164|133|105)", back
    yield r"(?:despacho de |o )?arquivamento\b.{0,40}(?:tornado sem efeito|revisto|cancelado|anulado|revogado)", back
    refused = r"indefer|indefir|prejudic|negad|nego\b|nao (?:acolh|conhec)|rejeit|improced|inadmit|devolv|deix\w+ de"
    yield rf"(?!arquiv)(?=.{{0,200}}desarquiv)(?=.*(?:{refused}))", Deed(K.REQUEST)
    yield r"desarquiv(?:ad[oa]s?|e-se|em-se)\b", back
    yield r"desarquivamento\b(?!.{0,30}(?:requer|solicit|pedid))", back
    yield r"(?:defer|defir|aprov|acolh|autoriz|determin)\w*(?=.{0,200}desarquiv)", back
    yield r"(?!arquiv)(?=.{0,200}desarquiv)", Deed(K.REQUEST)


_OF_ANOTHER = (
    r"(?! (?:(?:d[aeo]s?|a|o|as|os) )*(?:pauta|ordem|urgencia|regime|assinatura|apoiamento|requerimento|emenda"
    r"|destaque|parecer|sobrestamento|relator|recurso|nome|item|subemenda|substitutivo))"
)
"""After "retirada": what is taken back is not the bill."""

_ENDS = r"(?:[.,;(]|$| dc[nd1])"
"""The end of a clause, or the gazette that many texts end with (DCN, DCD, DC1S)."""


def _withdrawn() -> Iterator[tuple[str, Deed]]:
    """Withdrawals: taken off the agenda, refused, granted, asked."""
    gone = Deed(K.WITHDRAWN, S.WITHDRAWN, R.WITHDRAWN_BY_AUTHOR)
    yield r"retir(?:ad[oa]s?|a-se|ou-se)\b.{0,90}\b(?:d[ea]|em) (?:pauta|ordem do dia)", Deed(K.SCHEDULED)
    yield r"(?:indefer|indefir|rejeit|prejudic|nao acolh|negad)\w*(?=.{0,160}\bretirada\b)", Deed(K.REQUEST)
    granted = r"(?:defer|defir|aprov|acolh|homolog|conced)\w*"
    yield rf"{granted}(?=.{{0,220}}\bretirada\b{_OF_ANOTHER})", gone
    how = r"pel[oa]s?|por|definitiv|em (?:carater|definitivo|virtude|atendimento|face)|a (?:requerimento|pedido)"
    how += r"|nos termos|de tramitacao|atendendo|conforme"
    yield rf"retirad[oa]s? (?:d?{{it}} )?(?:d[ae] tramitacao,? )?(?:{how})", gone
    yield rf"retirad[oa]s?(?: d?{{it}})?{_ENDS}", gone
    asked = r"(?:requer|solicit|apresent|leitura|lid[oa]|pedido|oficio|of\b|mensagem|msg|msc|aviso|receb)"
    answered = r"(?:deferid[oa]|aprovad[oa]|concedid[oa])"
    yield rf"{asked}.{{0,180}}\bretirada\b{_OF_ANOTHER}.{{0,100}}(?<!in)\b{answered}", gone
    yield rf"{asked}(?=.{{0,220}}\bretirada\b)", Deed(K.REQUEST)
    yield r"retirad[oa]s?\b", Deed(K.REQUEST)


_LAW = r"(?:lei|emenda constitucional|emenda a constituicao|decreto|resolucao|norma juridica|ato)\b"
_PAPER = r"(?:projetos?|propostas?|requerimentos?|indicac\w+|recursos?|anteprojeto|[a-z]{2,4}[ \-](?:n\S* ?)?\d)"


def _closed() -> Iterator[tuple[str, Deed]]:
    """Returned to the author, archived, transformed, made law, vetoed."""
    author = r"\b(?:a|aos?|as|a\(?o\)?|ao\(a\)(?:\(s\))?)? ?(?:seus? |su?as? |deputad\w+ |senador\w* )?autor(?:a|es|as)?\b"
    returned = Deed(K.RETURNED, S.RETURNED, R.RETURNED_TO_AUTHOR)
    yield rf"devol(?:uc|vid|va|ve|vo)\w*(?:-se)?.{{0,120}}{author}", returned
    yield r"devolv(?:a-se|e-se|o|ida|ido)\b.{0,90}(?:contraria|137)", returned
    yield r"devol(?:uc|vid|va)\w*", Deed(K.TRANSFERRED)
    yield r"(?:sujeit[oa]|prazo|recurso|requer|proposta)\w*\b.{0,60}arquivamento", Deed(K.DISPATCHED)
    archived = Deed(K.ARCHIVED, S.ARCHIVED)
    another = r"(?!.{0,12}\b(?:o|do) (?:requerimento|recurso|oficio)\b)"
    yield rf"arquiv(?:ad[oa]s?|e-se|em-se|a-se|amento|ar|o\b){another}", archived
    way = r"des?pacho|vai|va|enviad[oa]s?|remetid[oa]s?|encaminhad[oa]s?|recolhid[oa]|volta|determin\w+|remessa|a|o|pelo"
    yield rf"(?:(?:{way}|{{it}}|mesa|definitivamente|seu) )*(?:a\(ao\) |ao\(a\) |ao |o |no |para o )?arquiv(?:o|amento)\b", archived
    yield r"tra?n?sforma\w*\b.{0,6}\bem diligencia", Deed(K.REQUEST)
    turned = r"tra?n?sforma\w* (?:n?[oa]s? |em )?(?:novo |nova |um |uma )?"
    yield turned + _PAPER, Deed(K.TRANSFORMED, S.TRANSFORMED)
    yield turned + _LAW, Deed(K.ENACTED, S.ENACTED)
    yield r"(?:sancionad[oa]|promulgad[oa]|promulgacao d[ae] lei)\b", Deed(K.ENACTED, S.ENACTED)
    named = r"(?: complementar| ordinaria| delegada| legislativo| d[ao] [a-z ]{3,40})?"
    yield rf"{_LAW}{named} (?:n\S* ?)?\d", Deed(K.ENACTED, S.ENACTED)
    partly = r"veto parcial|vet(?:ad[oa]|o) parcialmente|vetad[oa] em parte|(?:rejeitad[oa]|rejeicao d?o) veto"
    yield partly, Deed(K.PARTIALLY_VETOED, S.ENACTED)
    wholly = r"(?:{it} )?(?:vetad[oa] (?:total|integral)|veto total(?!.{0,30}rejeitad)|vetad[oa]\b)"
    yield rf"{wholly}|(?:mantid[oa]|manutencao) .{{0,12}}veto total", Deed(K.VETOED, S.VETOED)
    yield r"(?:perda d[ea]|perdeu (?:a|sua)|sem) eficacia|eficacia perdida", Deed(K.ARCHIVED, S.EXPIRED, R.EXPIRED)
    yield from _moot()


def _moot() -> Iterator[tuple[str, Deed]]:
    moot = Deed(K.MOOT, S.MOOT, R.MOOT)
    judged = r"(?:(?:foi|fica|ficou|esta|e|por ser|declarad[oa]|declaro|considerad[oa]|julgad[oa]|declara-se)[ ,]+)*(?:a )?"
    why = r"pel|em|por|face|nos|ante|devido|tendo|conforme|com|na|no|diante|vide"
    yield rf"{judged}prejudicad[oa]s?(?: {{it}}| (?:{why})|{_ENDS})", moot
    yield rf"{judged}(?:declaracao d[ea] )?prejudicialidade(?: d?{{it}}| (?:{why}|d?est[ea])|{_ENDS})", moot
    yield rf"{judged}prejudicad[oa]s?\b", Deed(K.REQUEST)


def _asked() -> Iterator[tuple[str, Deed]]:
    """What the executive was asked and what it answered: read for requests for information and indications alone."""
    answered = Deed(K.ANSWERED, S.ANSWERED, R.ANSWERED)
    letter = r"(?:leitura d[oe] |receb\w+ (?:d[oe] |o |a )?)?(?:of\b|oficio|aviso|av\b|mensagem|msg|memorando|carta|telegrama)"
    told = r"(?:respost|respond|esclareciment|informac|em atencao|em atendimento)"
    to = r"\b(?:ao|a|aos)\b (?:sr\w*\.? )?(?:exm\w+\.? )?"
    yield r"(?:receb\w+ (?:d[ea] |a )?|encaminhad[ao] .{0,30}|leitura d[ae] |a )?(?:respost\w+|respondid[oa]s?)\b", answered
    yield rf"{letter}(?! (?:ps|sgm|1sec|gp)\b)(?=.{{0,220}}{told})(?!.{{0,60}}{to}(?:ministr|secretari))", answered
    yield r"(?:prestadas? as )?informacoes (?:prestadas|recebidas|encaminhadas)", answered
    body = r"(?:ministr|minister|casa civil|presiden\w+ da republica|poder executivo|banco central|secretaria|advocacia|gabinete civil)"
    waiting = Deed(K.DOCUMENT_ISSUED, S.AWAITING_ANSWER)
    yield rf"(?:remessa|remetid[oa]|enviad[oa]|encaminhad[oa]|encaminhamento|expedi\w+)\b.{{0,80}}{body}", waiting
    yield rf"{letter}.{{0,60}}{to}.{{0,40}}{body}", waiting


def _decided() -> Iterator[tuple[str, Deed]]:
    """Rejected and approved. An opinion that is approved decides nothing, whatever it recommends."""
    opinion = r"(?:(?:unanime|unanimemente|por unanimidade|por maioria|contra|d?[oa]s?),? )*(?:parecer|relatorio|voto|manifestacao|ata)"
    yield rf"(?:aprova\w*|rejei\w*|acolh\w*|adota\w*|adoc\w*),? {opinion}", Deed(K.OPINION)
    where = r"(?: (?:em|no|na|por|pelo|com) [^.,]{3,60},?)?"
    yield rf"(?:rejeitad[oa]s?|rejeicao|nao aprovad[oa]){where}(?: d?{{it}}|{_ENDS})", Deed(K.REJECTED, S.REJECTED, R.REJECTED)
    ended = r"(?:(?:discussao|votacao)\b[^.]{0,80}[.,;] ?(?:encerrada a discussao[.,;] ?)?)?"
    approved = rf"{ended}aprova\w*{where} (?:d?{{it}}|[^.]{{0,40}}redacao final)"
    yield rf"{approved}(?=.*\bvai a (?:sancao|promulgacao))", Deed(K.APPROVED, S.AWAITING_SANCTION, R.APPROVED)
    yield rf"{approved}(?=.*\bvai ao senado)", Deed(K.APPROVED, S.SENT_TO_OTHER_CHAMBER, R.APPROVED)
    yield rf"{approved}|aprovad[oa]{_ENDS}", Deed(K.APPROVED, S.APPROVED, R.APPROVED)


def _on_its_way() -> Iterator[tuple[str, Deed]]:
    """To sanction, to the other house, joined to another bill."""
    sent = r"(?:(?:vai|va|segue|remetid[oa]s?|remessa|remeta-se|encaminhad[oa]s?|encaminhamento|enviad[oa]s?|envio"
    sent += r"|despacho|subiu|os?|as?|d[oa]s?|autografos?|{it}) )*"
    yield sent + r"(?:a|para|para a) (?:sancao|promulgacao)\b", Deed(K.SENT_FOR_SANCTION, S.AWAITING_SANCTION)
    away = Deed(K.SENT_TO_OTHER_CHAMBER, S.SENT_TO_OTHER_CHAMBER)
    yield sent + r"(?:ao|para o) (?:senado|sf)\b", away
    yield r"(?:of|oficio)\b.{0,60}\bao (?:senado|sf)\b.{0,60}(?:remet|encaminh|envi)\w+ (?!.{0,20}autografo).{0,40}(?:{it}|revisao)", away
    yield r"(?:apens|anex)\w*(?:-se)?\b[ ,]*(?:a\(ao\) |ao\(a\) |ao |a |n)?est[ea]\b", Deed(K.NOTIFIED)
    joined = Deed(K.JOINED, S.JOINED)
    to = r"(?:a\(ao\)|ao\(a\)|aos?|as?)(?=[ :])"
    yield rf"(?:apens|anex)(?:e-se|em-se|ad[oa]s?|ad[oa]-se|a-se)(?: {{it}})? ?{to}", joined
    yield r"apensac\w+ d(?:est[ea]|[oa]) (?:{it} )?.{0,20}\b(?:ao|a) (?!est[ea])", joined
    yield r"(?:passa a )?tramita(?:r|ndo|cao)? (?:em )?conjunt", joined
    yield r"desapens\w*(?:-se)?\b[ ,]*(?:dest[ea]|d[oa] presente)\b", Deed(K.NOTIFIED)
    yield r"desapens\w*", Deed(K.SEPARATED, S.IN_PROGRESS)


_SOFT = tuple(
    (pattern, Deed(kind))
    for pattern, kind in (
        (r"(?:leitura|publicacao|publicad[oa]|lid[oa]|(?:encaminhad[oa]s?|encaminhamento|vai|a|enviad[oa]).{0,40}\bpublicacao)\b", K.PUBLISHED),
        (r"(?:apresent\w+|ofereci\w+|receb\w+) .{0,30}(?:emenda|subemenda|destaque)", K.AMENDMENT),
        (r"(?:prazo|abertura de prazo|encerra\w+ o? ?prazo|esgotad\w+ o prazo|emenda|nao foram (?:apresent|receb)\w+ emenda)", K.AMENDMENT),
        (r"(?:apresent\w+|receb\w+|juntad\w+) .{0,30}(?:parecer|voto|relatorio|complementacao)", K.OPINION),
        (r"(?:parecer|voto|relatorio|manifestacao|reformulacao)", K.OPINION),
        (r"(?:vistas?\b|conced\w+ vista|pedido de vista|requer|solicit|recurso|aprova\w* (?:d?[oa]s? )?req|apresent\w+ .{0,30}(?:requerimento|recurso))", K.REQUEST),
        (r"(?:defer|indefer|defir|indefir|questao de ordem|aprova\w* (?:d?[oa]s? )?(?:urgencia|preferencia|adiamento))", K.REQUEST),
        (r"(?:designa|relator\w*\b|avocad|redistribuid[oa] (?:ao|a) (?:relator|dep)|distribuid[oa] (?:ao|a) (?:relator|dep|sr))", K.RAPPORTEUR_DESIGNATED),
        (r"(?:distribu|redistribu|despacho (?:inicial )?as?\b|as? comiss|a c[a-z]{2,5}\b)", K.REFERRED),
        (r"(?:discussao|em discussao|adiad[oa] (?:a |por .{0,30})?discussao|adiada|encerrada a discussao|audiencia publica)", K.DISCUSSED),
        (r"(?:votacao|em votacao|aprova|rejei|adocao|adotad|mantid|suprimid|verificacao|falta de quorum)", K.VOTED),
        (r"(?:inclu|em pauta|pront[oa]|ordem do dia|nao deliberad|na ordem do dia|adiad)", K.SCHEDULED),
        (r"(?:apresentacao|apresentad[oa]|autuad)", K.INTRODUCED),
        (r"(?:receb|entrada|entregue|recepcao)", K.RECEIVED),
        (r"(?:of|ofs|oficios?|avisos?|av|mensagem|mensagens|msg|msc|memorando|expedi\w+|remessa|carta|telegrama|guia|gr)\b", K.DOCUMENT_ISSUED),
        (r"(?:comunic|notific|ciente|vide|ver\b|errata|reconstitui|restitu|conferencia|republic|constituicao|criacao|instalacao|inteiro teor)", K.NOTIFIED),
        (r"(?:encaminh|remet|enviad|retorn|volta|aguard|ao? |as |aos |a\(ao\)|saida|transfer|providencia|em poder|na c|no c)", K.TRANSFERRED),
    )
)  # fmt: skip

_LETTER = re.compile(
    r"(?:leitura d[oe] |recebiment\w+ d[oe] |recebid[oa]s? (?:o |a )?|remessa d[oe] |restituicao d[oe] )?"
    r"(?:(?:of|ofs|oficio|mensagem|msg|msc|aviso)\b|apresentacao do doc n\S* [\d/]+ \(oficio )"
)
"""A letter of another body, or to it. Its own words are what it tells, also where they come in quotation marks."""

_LAW_IN_LETTER = re.compile(
    r"(?:autografos?|restitu\w+|comunic\w+|encaminh\w+|inform\w+|envi\w+|remet\w+)\b(?!.{0,40}\bnao\b).{0,120}"
    r"(?:\bsancionad[oa]s?\b|\bpromulgad[oa]s?\b|\bpromulgacao d[aeo]s? (?:partes?|vetos?|lei|emenda)\b"
    r"|\bvetos? parcia\w+\b|\bpartes? vetadas?\b|\bvetos? rejeitados?\b|\bsancao d[aeo]\b)"
)

_ARTICLE = r"(?:art(?:igos?)?s?\b\.?,? ?(?:\d+[º°o]?,? ?(?:e|c/c|,) ?)*)"
_REASONS: tuple[tuple[re.Pattern[str], StatusReason, bool], ...] = (
    # What the text says, the outcome, and whether it is said by an article of the present rules.
    (re.compile(rf"{_ARTICLE}133\b"), R.REJECTED_IN_COMMITTEE, True),
    (re.compile(r"pareceres? contrari\w+.{0,40}comiss|rejeitad\w+.{0,20}(?:n|pel)as? comiss"), R.REJECTED_IN_COMMITTEE, False),
    (re.compile(r"(?:fim|final|termino|encerramento) d[aeo] legislatura|finda a legislatura"), R.END_OF_LEGISLATURE, False),
    (re.compile(r"rejeitad|rejeicao"), R.REJECTED, False),
    (re.compile(r"prejudic"), R.MOOT, False),
    (re.compile(r"\bvet(?:o|ad[oa])\b"), R.VETOED, False),
    (re.compile(r"inconstitucional|injuridic|inadequac|incompatibil|inadmissib"), R.INADMISSIBLE, False),
    (re.compile(r"retirad[oa]"), R.WITHDRAWN_BY_AUTHOR, False),
    (re.compile(r"transformad"), R.TRANSFORMED, False),
    (re.compile(r"respondid|respost"), R.ANSWERED, False),
    (re.compile(r"eficacia"), R.EXPIRED, False),
    (re.compile(r"\baprovad"), R.APPROVED, False),
    (re.compile(rf"{_ARTICLE}105\b"), R.END_OF_LEGISLATURE, True),
    (re.compile(rf"{_ARTICLE}164\b|§ ?4\S* (?:do )?{_ARTICLE}164"), R.MOOT, True),
    (re.compile(rf"{_ARTICLE}(?:54|58)\b"), R.INADMISSIBLE, True),
)  # fmt: skip


def _reason(opening: str, present_rules: bool) -> StatusReason | None:
    """Why it was archived, from what follows in the same text."""
    return next(
        (reason for rule, reason, by_article in _REASONS if (present_rules or not by_article) and rule.search(opening)),
        None,
    )
