"""Reads from the opening of an official text of the proceedings what was done to the bill itself.

Only the opening counts, and nothing inside quotation marks: a text may quote the title of another paper ("Apresentação
do REQ 12, que "solicita a retirada…") or report what somebody else wants. Requests that were not granted, acts on
another paper, and opinions have no effect on the bill. The formulas are in `official_formulas`.
"""

import re
from datetime import date
from functools import lru_cache

from legis.domain.proceedings.official_formulas import Effect, formulas
from legis.domain.search_text import plain
from legis.domain.vocabulary import ActionKind, BillStatus, StatusReason

R = StatusReason

_OPENING = 300
"""Characters that are read. The longest formula in use, with the names in it, is about 200 characters."""

_QUOTE = re.compile('["“”«»]')
_LEAD = re.compile(
    r"^(?:(?:despacho(?: d[ao] \w+| inicial| exarado[^:]{0,60})?|mesa(?: diretora)?|plenario|decisao[^:]{0,40}"
    r"|resolucao da mesa|errata|resposta)\s*[:\-]\s*|\([^)]{1,160}\)\s*)+"
)
_SITTING = re.compile(
    r"^(?:(?:e |o presidente )?(?:(?:votacao em |em )?(?:discussao|votacao)(?: (?:unica|previa|especial|inicial|final"
    r"|em turno unico|unica encerrada a discussao))?|encerrada a discussao|anuncia(?:da)? a votacao"
    r"|(?:encaminhamento|discussao|votacao|discurso|falam?)\b[^.]{3,160})\. )+"
)
"""Beginnings of a sitting's record, before the decision itself."""

_DONE = (
    "arquivad|desarquivad|prejudicad|retirad|devolvid|rejeitad|aprovad|transformad|vetad|sancionad|promulgad|apensad"
)
_SUBJECT = re.compile(
    r"^(?:o |a |est[ea] )?(?:projeto|proposicao|proposta|materia|medida provisoria)(?: de lei)?,? "
    rf"(?:foi |fica |e |esta )?(?=(?:{_DONE}))"
)
"""The bill named before what was done to it: "Matéria prejudicada"."""

_LETTER = re.compile(
    r"(?:leitura d[oe] |recebiment\w+ d[oe] |recebid[oa]s? (?:o |a )?|remessa d[oe] |restituicao d[oe] )?"
    r"(?:(?:[o0]f|ofs|oficio|mensagem|msg|msc|aviso)\b"
    r"|apresentacao d[oa] \w+ n\S* [\d/]+ \((?:oficio|mensagem|aviso)\b)"
)
"""A letter from or to another body. It is read whole, including what it puts in quotation marks."""

_LAW_IN_LETTER = re.compile(
    r"(?!.*\b(?:desnecessari|requer|solicit))"
    r".*\b(?:autografos?|restitu\w+|comunic\w+|encaminh\w+|inform\w+|envi\w+|remet\w+)\b(?!.{0,40}\bnao\b)"
    r"(?:.{0,120}(?:\bsancionad[oa]s?\b|\bpromulgad[oa]s?\b|\bvetos? parcia\w+\b|\bpartes? vetadas?\b"
    r"|\bvetos?\b.{0,40}\brejeitad|\brejei\w+ .{0,40}\bvetos?\b)| (?:a )?(?:promulgacao|sancao) d)"
)

_PROJECTS = ("PL", "PEC", "PDL", "PDC", "PDS", "PDN", "PRC", "PRS", "PRN", "MPV", "EMS", "SCD")
"""Types that may become law; letters about laws also appear in the proceedings of requests."""

_RULES_OF_1989 = date(1989, 9, 21)
"""First day of the house's present rules of procedure (Resolução 17/1989): before, its articles had other numbers."""

_ARTICLE = r"(?:art(?:igos?)?s?\b\.?,? ?(?:\d+[º°o]?,? ?(?:e|c/c|,) ?)*)"
_REASONS: tuple[tuple[re.Pattern[str], StatusReason, bool], ...] = tuple(
    (re.compile(pattern), reason, by_article)
    for pattern, reason, by_article in (
        # pattern, outcome, and whether the pattern is an article number of the present rules
        (rf"{_ARTICLE}133\b", R.REJECTED_IN_COMMITTEE, True),
        (
            r"pareceres? contrari\w+.{0,40}comiss|rejeitad\w+.{0,20}(?:n|pel)as? comiss",
            R.REJECTED_IN_COMMITTEE,
            False,
        ),
        (r"(?:fim|final|termino|encerramento) d[aeo] legislatura|finda a legislatura", R.END_OF_LEGISLATURE, False),
        (r"rejeitad|rejeicao", R.REJECTED, False),
        (r"prejudic", R.MOOT, False),
        (r"\bvet(?:o|ad[oa])\b", R.VETOED, False),
        (r"inconstitucional|injuridic|inadequac|incompatibil|inadmissib", R.INADMISSIBLE, False),
        (r"retirad[oa]", R.WITHDRAWN_BY_AUTHOR, False),
        (r"transformad", R.TRANSFORMED, False),
        (r"respondid|respost|esclareciment", R.ANSWERED, False),
        (r"eficacia", R.EXPIRED, False),
        (r"\baprovad", R.APPROVED, False),
        (rf"{_ARTICLE}105\b", R.END_OF_LEGISLATURE, True),
        (rf"{_ARTICLE}164\b", R.MOOT, True),
        (rf"{_ARTICLE}(?:54|58)\b", R.INADMISSIBLE, True),
    )
)


def action_effect(text: str | None, type_code: str = "", on: date | None = None) -> Effect | None:
    """The effect of the action that a text begins with; None where no formula matches.

    `type_code` is the bill's: in a request's proceedings "Prejudicado o requerimento" refers to the bill itself. `on`
    is the day of the action, by which the articles of the rules of procedure are interpreted.
    """
    if not text:
        return None
    return _read(text[: 3 * _OPENING], type_code, on is None or on >= _RULES_OF_1989)


@lru_cache(maxsize=16_384)
def _read(text: str, type_code: str, present_rules: bool) -> Effect | None:
    whole = " ".join(plain(text).split())
    if type_code.startswith(_PROJECTS) and _LETTER.match(whole) and _LAW_IN_LETTER.match(whole[:_OPENING]):
        return Effect(ActionKind.ENACTED, BillStatus.ENACTED)
    opening = _LEAD.sub("", _QUOTE.split(whole, maxsplit=1)[0])
    decided = _SUBJECT.sub("", _SITTING.sub("", opening))
    found = _first(decided, type_code, present_rules)
    if decided != opening and (found is None or found.status is None):
        return _first(opening, type_code, present_rules)
    return found


def _first(opening: str, type_code: str, present_rules: bool) -> Effect | None:
    opening = opening[:_OPENING]
    effect = next((effect for rule, effect in formulas(type_code) if rule.match(opening)), None)
    if effect is not None and effect.kind is ActionKind.ARCHIVED and effect.reason is None:
        return Effect(effect.kind, effect.status, _reason(opening, present_rules))
    return effect


def _reason(opening: str, present_rules: bool) -> StatusReason | None:
    """The reason for archiving, from the rest of the same text."""
    return next(
        (reason for rule, reason, by_article in _REASONS if (present_rules or not by_article) and rule.search(opening)),
        None,
    )
