"""Maps the results of the Câmara's votings to `VoteResult`, and the choices of members to `VoteOption`."""

import re

from legis.domain.vote_totals import option_named
from legis.domain.voting import VoteOption
from legis.domain.voting import VotePurpose as P
from legis.domain.voting import VoteResult as R
from legis.telemetry.metrics import UNKNOWN_CODES

_UNKNOWN = UNKNOWN_CODES.labels("camara", "tipoVoto")

_BY_VERB = (
    (re.compile(r"nao (?:foi |foram )?(?:aprovad|adotad|acatad|acolhid|admitid)|desaprovad"), R.FAILED),
    (re.compile(r"\b(?:rejeitad|inadmitid|recusad|negado provimento)"), R.FAILED),
    (re.compile(r"\b(?:aprovad|adotad|acatad|acolhid|admitid)[oa]s?\b|dado provimento"), R.PASSED),
    (re.compile(r"\bmantid[oa]s?\b"), R.KEPT),
    (re.compile(r"\bsuprimid[oa]s?\b"), R.REMOVED),
)
_CHAIR = re.compile(r"art(igo|\.)? ?17")
"""The chair, who votes only to break a tie (RICD art. 17)."""


def vote_option(text: str | None) -> VoteOption:
    """The option that a member chose, also where it is misspelt; an unknown word is `OTHER` and counted."""
    word = (text or "").strip()
    option = VoteOption.PRESIDING if _CHAIR.fullmatch(word.lower()) else option_named(word)
    if option is None:
        _UNKNOWN.inc()
        return VoteOption.OTHER
    return option


def result_of(folded: str, purpose: P, approval: str | None) -> tuple[R, bool]:
    """The result by the first verb of the text, and whether `aprovacao` contradicts it.

    The text of a nomination has no such verb: its result is that of `aprovacao`.
    """
    if purpose is P.NOT_A_VOTE:
        return R.NO_VOTE, False
    found = [(match.start(), result) for pattern, result in _BY_VERB if (match := pattern.search(folded))]
    if not found:
        told = {"1": R.PASSED, "0": R.FAILED} if purpose is P.NOMINATION else {}
        return told.get(approval or "", R.UNKNOWN), False
    result = min(found)[1]
    denied = {"1": (R.FAILED, R.REMOVED), "0": (R.PASSED, R.KEPT)}
    return result, result in denied.get(approval or "", ())
