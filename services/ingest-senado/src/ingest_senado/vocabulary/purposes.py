"""Reads the purpose of a voting of the Senado from `descricaoVotacao`."""

import re

from legis.domain.voting import VotePurpose as P

from ingest_senado.vocabulary.folding import count_unknown, upper

_SECOND = r"(?:SEGUNDO TURNO|2[ºO°.]? ?TURNO)"
_FIRST = r"(?:PRIMEIRO TURNO|1[ºO°.]? ?TURNO)"
TURNS = (re.compile(_FIRST), re.compile(_SECOND))
"""The words, in a text in capitals, for the first and the second turn of an amendment to the Constitution."""

_PURPOSES: tuple[tuple[P, re.Pattern[str]], ...] = (
    (P.SEPARATE_VOTE, re.compile(r"\bDESTAQUES?\b|DESTACAD|\bDVS\b|\bDISPOSITIVOS?\b")),
    (P.APPEAL, re.compile(r"QUESTAO DE ORDEM|\bRECURSO\b|DECISAO DA (?:PRESIDENCIA|MESA)")),
    (P.URGENCY, re.compile(r"REQUERIMENTO.*URGENCIA")),
    (P.WITHDRAW_FROM_AGENDA, re.compile(r"RETIRADA DE PAUTA")),
    (P.POSTPONE, re.compile(r"\bADIAMENTO\b")),
    (P.INTERVAL_WAIVER, re.compile(r"\bINTERSTICIO|CALENDARIO ESPECIAL")),
    (P.CLOSE_DEBATE, re.compile(r"\bENCERRAMENTO D")),
    (P.ORDER_OF_AGENDA, re.compile(r"INVERSAO D|INCLUSAO .{0,30}(?:PAUTA|ORDEM DO DIA)")),
    (P.VOTING_METHOD, re.compile(r"PREFERENCIA")),
    (P.REQUEST, re.compile(r"\bREQUERIMENTO\b|\bRQS\b|\bREQ\b")),
    (P.NOMINATION, re.compile(r"\bOFICIO|\bMENSAGEM|\bINDICACAO\b|\bESCOLHA\b|\bOFS\b|\bMSF\b|\bMSG\b")),
    (P.FINAL_TEXT, re.compile(r"REDACAO FINAL")),
    (P.ADMISSIBILITY, re.compile(r"\bADMISSIBILIDADE|PRESSUPOSTOS DE (?:RELEVANCIA|URGENCIA|CONSTITUCIONALIDADE)")),
    (
        P.AMENDMENT,
        re.compile(
            r"^(?:VOTACAO (?:NOMINAL |SECRETA |EM GLOBO )?)?(?:D?[AO]S? )?(?:SUB)?EMENDAS?\b(?! SUBST| A CONST)"
        ),
    ),
    (
        P.PASSAGE,
        re.compile(
            r"\bTURNO\b|SUBSTITUTIVO|\bPROJETO\b|PROPOSTA DE EMENDA|EMENDA SUBSTITUTIVA|MEDIDA PROVISORIA|"
            r"\b(?:PL|PLS|PLC|PLP|PEC|PDL|PDS|PRS|PRN|PLN|MPV|PLV|SCD|ECD) ?(?:N[º°O.]* ?)?\d"
        ),
    ),
    (P.REPORT, re.compile(r"\bPARECER\b|\bRELATORIO\b")),
)
_NOMINATING = frozenset({"OFS", "MSF", "OFN"})
"""Types of papers that nominate people for offices, for descriptions that do not mention a nomination."""


def purpose_of(description: str | None, identifier: str | None) -> P:
    """The purpose by the first rule that fits; where none fits, by the type of the paper voted on."""
    text = upper(description or "")
    for purpose, pattern in _PURPOSES:
        if pattern.search(text):
            return purpose
    if (identifier or "").split(" ")[0].upper() in _NOMINATING:
        return P.NOMINATION
    count_unknown("vote_purpose")
    return P.UNKNOWN
