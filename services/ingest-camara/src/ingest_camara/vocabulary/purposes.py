"""Reads the purpose of a voting of the Câmara from the beginning of its description; figures never decide.

A request can fail with more Yes than No (257 are needed), and a text can be removed with Yes ahead (308). Rules and
counts come from 1 744 recorded votings.
"""

import re

from legis.domain.search_text import plain
from legis.domain.voting import VotePurpose as P

_DECIDED = r"(?:aprovad|rejeitad|mantid|suprimid|adotad|acatad|acolhid|admitid|inadmitid)"
_ROLL_CALL_GRANTED = re.compile(rf"concedid[oa] a? ?votacao nominal\b.*?[.;!] *(?=(?:foi |foram )?{_DECIDED})")
"""The grant of a roll call by the chair, which some descriptions put before the decision itself."""

_NO_VOTE = re.compile(
    r"(?:fica |ficam )?(?:realizar o encaminhamento|concedid|alteracao do regime|apresentacao d|retirad[oa]s?\b"
    r"|prejudicad|deferid|indeferid|devolvid|designad|encerrad|adiad|suspens|cancelad|sobrestad|encaminhad|recebid"
    r"|vista\b|pedido de vista|leitura|lid[oa]\b|nao (?:apreciad|deliberad)|arquivad|transferid)"
)
"""Beginnings that describe an act of the secretariat or the chair: nobody voted."""

_ASIDE = re.compile(r"ressalvad[oa]s? (?:\w+ ){0,3}(?:destaques?|dispositivos?)")
_METHOD_OF_DESTAQUES = re.compile(r"admissibilidade d\w+ destaque|inadmitid")
_PARTS = re.compile(rf"{_DECIDED}\w* (?:[ao]s? )?(?:parte|artigos?|paragrafos?|incisos?|alineas?|expressa)\b")
"""An article or part of a text that was voted on separately, though the description does not call it a destaque."""

_EXTENT = 120
"""Length in characters of the beginning in which a request names itself; after it come titles of bills."""

_PURPOSES: tuple[tuple[P, re.Pattern[str]], ...] = (
    (P.APPEAL, re.compile(r"\bo recurso\b|\brecurso (?:n|contra)")),
    (P.URGENCY, re.compile(r"(?:requerimento|\breq\b).*urgencia")),
    (P.WITHDRAW_FROM_AGENDA, re.compile(r"retirada d\w+ (?:\w+ ){0,3}?pauta|retirada de pauta")),
    (P.POSTPONE, re.compile(r"\badiamento\b")),
    (P.INTERVAL_WAIVER, re.compile(r"\bintersticio\b")),
    (P.CLOSE_DEBATE, re.compile(r"\bencerramento d")),
    (P.ORDER_OF_AGENDA, re.compile(r"seguinte ordem|inclusao (?:\w+ ){0,4}pauta|ordem dos trabalhos|inversao d")),
    (P.VOTING_METHOD, re.compile(r"preferencia|parcelad|admissibilidade d\w+ destaque|inadmitid|votacao nominal d")),
)
_BARE_REQUEST = re.compile(
    r"(?:submetid[oa] a votacao, )?(?:foi )?(?:aprovado|rejeitado) o requerimento"
    r"(?: *[.;:,]? *(?:$|(?:resultado|sim|votos|total)\b))"
)
"""A description that says no more than that a request was passed or failed, with or without totals."""

_FINAL_TEXT = re.compile(r"redacao final|redacao para o segundo turno")
_ADMISSIBILITY = re.compile(r"apreciacao preliminar|pela admissibilidade|a admissibilidade")
_AMENDMENT = re.compile(
    rf"{_DECIDED}\w*,?(?: [^,]{{1,40}},)?(?: [ao]s?)? ?(?:art\.? \d+\w* da )?(?:sub)?emendas?\b"
    r"(?! (?:\w+ ){0,2}?substitutivas?\b)"
)
_PASSAGE = re.compile(
    r"substitutiv|\bprojetos?\b|medida provisoria|\bturno\b|proposta de emenda|projeto de lei de conversao"
    r"|\b(?:pl|plp|pec|pdl|pdc|prc|mpv) ?n?[º.]* ?\d"
)
_REPORT = re.compile(r"\bparecer(?:es)?\b|\brelatorio\b")


def fold(description: str | None) -> str:
    """A description in the form of the rules: lower case, no accents, without the grant of a roll call."""
    text = " ".join(plain(description or "").split())
    return _ROLL_CALL_GRANTED.sub("", text, count=1)


def purpose_of(folded: str, object_label: str | None) -> P:
    """The purpose of a voting; the first rule that fits decides. `object_label` is upstream's label: `REQ 1/2025`."""
    kind = (object_label or "").strip().split(" ")[0].upper()
    if _NO_VOTE.match(folded):
        return P.NOT_A_VOTE
    if kind == "OBJ" or folded.startswith("votos:"):
        return P.NOMINATION
    if _is_separate(folded):
        return P.SEPARATE_VOTE
    if kind == "REC":
        return P.APPEAL
    for purpose, pattern in _PURPOSES:
        if pattern.search(folded):
            return purpose
    if kind == "REQ" or re.search(r"requerimentos?\b|\breq\b", folded[:_EXTENT]):
        return P.REQUEST
    return _of_text(folded)


def is_bare_request(folded: str) -> bool:
    """Whether only the opening of the voting can tell what a request asked for."""
    return _BARE_REQUEST.match(folded) is not None


def purpose_with_opening(folded: str, object_label: str | None, opening: str | None) -> P:
    """The purpose of a voting; of a bare request that which its opening (`ultimaAberturaVotacao`) names."""
    purpose = purpose_of(folded, object_label)
    if purpose is P.REQUEST and opening and is_bare_request(folded):
        named = fold(opening)
        return next((found for found, pattern in _PURPOSES if pattern.search(named)), purpose)
    return purpose


def _is_separate(folded: str) -> bool:
    """Whether a part of a text was voted on separately (destaque para votação em separado)."""
    if re.match(r"(?:fica |ficam )?(?:mantid|suprimid)", folded):
        return True
    if _METHOD_OF_DESTAQUES.search(folded):
        return False
    if _PARTS.match(folded):
        return True
    return re.search(r"materia destacada|\bdispositivos?\b|\bdestaques?\b", _ASIDE.sub("", folded)) is not None


def _of_text(folded: str) -> P:
    if _FINAL_TEXT.search(folded):
        return P.FINAL_TEXT
    if _ADMISSIBILITY.search(folded):
        return P.ADMISSIBILITY
    if _AMENDMENT.match(folded):
        return P.AMENDMENT
    if _PASSAGE.search(folded):
        return P.PASSAGE
    return P.REPORT if _REPORT.search(folded) else P.UNKNOWN
