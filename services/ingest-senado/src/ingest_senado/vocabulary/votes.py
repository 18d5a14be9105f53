"""Maps the Senado's vote codes to `VoteOption`, and its voting results to `VoteResult`."""

from legis.domain.voting import VoteOption, VoteResult

from ingest_senado.vocabulary.folding import count_unknown, upper

# Codes come as a sign (`P-NRV`) or as its description, in either of two fields; both are listed.
_OPTIONS = {
    "SIM": VoteOption.YES,
    "SIM - PRESIDENTE ART.48 INCISO XXIII": VoteOption.YES,
    "NAO": VoteOption.NO,
    "NAO - PRESIDENTE ART.48 INCISO XXIII": VoteOption.NO,
    "ABSTENCAO": VoteOption.ABSTAIN,
    "VOTOU": VoteOption.SECRET,
    "VO": VoteOption.SECRET,
    "VS": VoteOption.SECRET,
    "PRESIDENTE (ART. 51 RISF)": VoteOption.PRESIDING,
    "PRESIDENTE": VoteOption.PRESIDING,
    "PR": VoteOption.PRESIDING,
    "OBSTRUCAO": VoteOption.OBSTRUCTION,
    "OB": VoteOption.OBSTRUCTION,
    "P-OD": VoteOption.OBSTRUCTION,
    "PRESENTE (OBSTRUCAO DECLARADA)": VoteOption.OBSTRUCTION,
    "P-NRV": VoteOption.PRESENT,
    "PRESENTE – NAO REGISTROU VOTO": VoteOption.PRESENT,
    "PRESENTE - NAO REGISTROU VOTO": VoteOption.PRESENT,
    "NR": VoteOption.PRESENT,
    "PS": VoteOption.PRESENT,
    "PSF": VoteOption.PRESENT,
    "SF": VoteOption.PRESENT,
    "REP": VoteOption.PRESENT,
    "MERC": VoteOption.PRESENT,
    "AP": VoteOption.ABSENT,
    "ATIVIDADE PARLAMENTAR": VoteOption.ABSENT,
    "MIS": VoteOption.ABSENT,
    "MISSAO DA CASA NO PAIS/EXTERIOR": VoteOption.ABSENT,
    "LS": VoteOption.ABSENT,
    "LICENCA SAUDE": VoteOption.ABSENT,
    "LP": VoteOption.ABSENT,
    "LICENCA PARTICULAR": VoteOption.ABSENT,
    "LA": VoteOption.ABSENT,
    "LAP": VoteOption.ABSENT,
    "LC": VoteOption.ABSENT,
    "LG": VoteOption.ABSENT,
    "LM": VoteOption.ABSENT,
    "AFO": VoteOption.ABSENT,
    "IMPEDIDO (ART.306 RISF)": VoteOption.PRESENT,  # has a personal interest; the presence counts for the quorum
    "IMPEDIDO (ART. 306 RISF)": VoteOption.PRESENT,
    "IMPEDIDO": VoteOption.PRESENT,
    "NCOM": VoteOption.ABSENT,
    "NAO COMPARECEU": VoteOption.ABSENT,
    # Values that upstream itself marks as no vote at all: OTHER is their meaning, not a gap in the table.
    "NA": VoteOption.OTHER,
    "DISPOSITIVO NAO CITADO": VoteOption.OTHER,
    "NH": VoteOption.OTHER,
    "SI": VoteOption.OTHER,
}

_IN_COMMITTEES = {"S": VoteOption.YES, "N": VoteOption.NO, "A": VoteOption.ABSTAIN}

_RESULTS = {
    "A": VoteResult.PASSED,
    "APROVADO": VoteResult.PASSED,
    "APROVADA": VoteResult.PASSED,
    "R": VoteResult.FAILED,
    "REJEITADO": VoteResult.FAILED,
    "REJEITADA": VoteResult.FAILED,
    "NAO INFORMADO": VoteResult.UNKNOWN,
}


def vote_option(sign: str | None, description: str | None = None, *, secret: bool = False) -> VoteOption:
    """The vote of one member; an unknown code is OTHER, counted. In a secret voting yes, no and abstain are SECRET."""
    for text in (sign, description):
        if text and (option := _OPTIONS.get(upper(text))) is not None:
            hidden = secret and option in (VoteOption.YES, VoteOption.NO, VoteOption.ABSTAIN)
            return VoteOption.SECRET if hidden else option
    if sign or description:
        count_unknown("vote_option")
    return VoteOption.OTHER


def committee_option(code: str | None) -> VoteOption:
    """The vote of a member in a committee; an unknown code is OTHER, counted."""
    return _IN_COMMITTEES.get(upper(code or "")) or vote_option(code)


def vote_result(text: str | None) -> VoteResult:
    """The result for `A` or `R`, or the same in words; UNKNOWN without a text and, counted, for an unknown text."""
    if text is None:
        return VoteResult.UNKNOWN
    result = _RESULTS.get(upper(text))
    if result is None:
        count_unknown("vote_result")
    return result or VoteResult.UNKNOWN
