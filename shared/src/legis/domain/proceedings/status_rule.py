"""Derives a bill's status from named evidence: one rule for both houses, for a list row as for a whole history.

An enactment takes precedence over everything, since the sources leave a law's situation as it was before. Next comes
the source's own situation; where there is none, the last decisive entry of the proceedings, by its code or else by the
opening of its official text; then a main bill that the bill is joined to; then, as weak evidence, the stage that the
last entry shows. Contradictions are reported, not corrected: `DerivedStatus.stale` names a situation that is older than
the actions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from legis.domain.bill import Bill
from legis.domain.proceedings.official_formulas import ASKING_TYPES, OPINION_TYPES, Effect
from legis.domain.proceedings.official_text import action_effect
from legis.domain.vocabulary import ActionKind, BillStatus, StatusBasis, StatusReason

K, S, B, R = ActionKind, BillStatus, StatusBasis, StatusReason

CLOSED = frozenset(
    {
        S.ENACTED, S.ANSWERED, S.VETOED, S.REJECTED, S.MOOT, S.WITHDRAWN, S.RETURNED, S.EXPIRED, S.TRANSFORMED,
        S.ARCHIVED,
    }
)  # fmt: skip
"""Statuses of bills that do not move any more, unless they are reopened."""

LAW = frozenset({K.ENACTED, K.PARTIALLY_VETOED})
"""Kinds of action by which a bill became law, wholly or in part."""

_DECISIVE = {
    K.ENACTED: S.ENACTED, K.PARTIALLY_VETOED: S.ENACTED, K.VETOED: S.VETOED, K.ANSWERED: S.ANSWERED, K.MOOT: S.MOOT,
    K.TRANSFORMED: S.TRANSFORMED, K.WITHDRAWN: S.WITHDRAWN, K.RETURNED: S.RETURNED, K.ARCHIVED: S.ARCHIVED,
    K.UNARCHIVED: S.IN_PROGRESS, K.REJECTED: S.REJECTED, K.APPROVED: S.APPROVED, K.JOINED: S.JOINED,
    K.SEPARATED: S.IN_PROGRESS, K.SENT_TO_OTHER_CHAMBER: S.SENT_TO_OTHER_CHAMBER,
    K.SENT_FOR_SANCTION: S.AWAITING_SANCTION,
}  # fmt: skip
_WEAK = {
    K.INTRODUCED: S.INTRODUCED, K.PUBLISHED: S.IN_PROGRESS, K.RECEIVED: S.IN_PROGRESS, K.REFERRED: S.IN_COMMITTEE,
    K.DISPATCHED: S.IN_PROGRESS, K.RAPPORTEUR_DESIGNATED: S.AWAITING_OPINION, K.OPINION: S.IN_COMMITTEE,
    K.AMENDMENT: S.IN_PROGRESS, K.REQUEST: S.IN_PROGRESS, K.SCHEDULED: S.AWAITING_DELIBERATION,
    K.DISCUSSED: S.AWAITING_DELIBERATION, K.VOTED: S.AWAITING_DELIBERATION, K.NOTIFIED: S.IN_PROGRESS,
    K.DOCUMENT_ISSUED: S.IN_PROGRESS, K.TRANSFERRED: S.IN_PROGRESS,
}  # fmt: skip
_REASONS = {
    K.MOOT: R.MOOT, K.WITHDRAWN: R.WITHDRAWN_BY_AUTHOR, K.RETURNED: R.RETURNED_TO_AUTHOR, K.VETOED: R.VETOED,
    K.REJECTED: R.REJECTED, K.TRANSFORMED: R.TRANSFORMED, K.ANSWERED: R.ANSWERED,
}  # fmt: skip
_PROJECTS = frozenset({"PL", "PLP", "PEC", "PDL", "PDC", "PRC", "PLS", "PLC", "PDS", "PRS", "MSC", "PFC", "INC", "RIC"})
"""Types whose main bill is one that they are joined to. For an opinion or amendment it is the bill that the opinion or
amendment is about."""


_REQUESTS = ("REQ", "RQ", "RIC", "RCP", "RCM", "REC")
"""Types for which approval is the end of the proceedings."""

_PAPERS = OPINION_TYPES | {"CVO", "VTS", "DVT", "REL", "RLP", "RLF", "RRL"}
"""Opinions, separate votes and reports that are records of their own."""


_FIRST = 3
"""Entries among which a bill's own presentation is found: usually the first one, but sometimes registered late."""


class Step(NamedTuple):
    """An entry of the proceedings as evidence; `order` is its sequence number, from 1, where the source gives it.

    `by_code` is true where its kind was read from its code, not from its text; `reason` is the outcome that the code
    names.
    """

    kind: ActionKind
    by_code: bool = True
    text: str | None = None
    on: date | None = None
    reason: StatusReason | None = None
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence for a bill's status: the source's situation as our status and as its text, the proceedings (oldest
    first, as far as known), and whether the source names a norm or a main bill.
    """

    situation: BillStatus = S.UNKNOWN
    situation_text: str | None = None
    steps: Sequence[Step] = ()
    enacted: bool = False
    has_main_bill: bool = False
    type_code: str = ""


@dataclass(frozen=True, slots=True)
class DerivedStatus:
    """A status with the evidence for it. `stale` describes a contradiction, for people to read."""

    status: BillStatus
    basis: StatusBasis
    reason: StatusReason | None = None
    in_progress: bool | None = None
    stale: str | None = None


class _Found(NamedTuple):
    status: BillStatus
    basis: StatusBasis
    reason: StatusReason | None


def in_progress(status: BillStatus) -> bool | None:
    """Whether a bill of this status still moves; None where the status does not determine it."""
    return None if status in (S.UNKNOWN, S.OTHER) else status not in CLOSED


def derive_status(evidence: Evidence) -> DerivedStatus:
    """The status that the evidence gives."""
    found = [_status_after(step, evidence.type_code) for step in evidence.steps]
    decisive = [one for one in found if one is not None]
    law = next((one for one in reversed(decisive) if one.status is S.ENACTED), None)
    if law is None and evidence.enacted:
        law = _Found(S.ENACTED, B.ENACTMENT, None)
    if evidence.situation is not S.UNKNOWN:
        return _by_situation(evidence, found, decisive, law)
    if law is not None:
        return _from_found(law)
    if decisive:
        return _from_found(decisive[-1])
    if evidence.has_main_bill and evidence.type_code in _PROJECTS:
        return DerivedStatus(S.JOINED, B.RELATION, in_progress=True)
    return _weak(evidence.steps, evidence.type_code)


def became_law(bill: Bill) -> StatusBasis | None:
    """The evidence that a stored bill, merged from several readings, became law despite its status; None where there is
    none.
    """
    if bill.status in (S.ENACTED, S.TRANSFORMED):
        return None
    if any(action.kind in LAW for action in bill.actions):
        return B.ACTION_CODE
    return B.ENACTMENT if bill.enactment is not None else None


def _by_situation(
    evidence: Evidence, found: Sequence[_Found | None], decisive: Sequence[_Found], law: _Found | None
) -> DerivedStatus:
    said, situation = evidence.situation_text or evidence.situation.value, evidence.situation
    if law is not None and situation is not S.ENACTED:
        return DerivedStatus(S.ENACTED, law.basis, in_progress=False, stale=f"{said}, though it became law")
    answered = next((one for one in reversed(decisive) if one.status is S.ANSWERED), None)
    if situation is S.ARCHIVED and answered is not None and evidence.type_code in ASKING_TYPES:
        return _from_found(answered)
    reason = _why_archived(evidence, decisive) if situation is S.ARCHIVED else None
    last = found[-1] if found else None
    stale = _contradiction(said, situation, evidence, last)
    return DerivedStatus(situation, B.SITUATION, reason, in_progress(situation), stale)


def _contradiction(said: str, situation: BillStatus, evidence: Evidence, last: _Found | None) -> str | None:
    """Why the situation looks older than the last entry; None where they agree."""
    if last is None or evidence.steps[-1].kind is K.REQUEST:  # a request changes nothing
        return None
    if situation in CLOSED:
        reopened = situation is S.ARCHIVED and evidence.steps[-1].kind is K.UNARCHIVED and last.status is S.IN_PROGRESS
        return f"{said}, though its last action is UNARCHIVED" if reopened else None
    if last.status not in CLOSED or (last.status, situation) == (S.VETOED, S.AWAITING_VETO_REVIEW):
        return None
    return f"{said}, though its last action says {last.status.value}"


def _why_archived(evidence: Evidence, decisive: Sequence[_Found]) -> StatusReason | None:
    named = action_effect(evidence.situation_text)
    if named is not None and named.reason is not None:
        return named.reason
    if not decisive:
        return None
    if decisive[-1].status is S.APPROVED and evidence.type_code.startswith(_REQUESTS):
        return R.APPROVED
    return decisive[-1].reason


def _status_after(step: Step, type_code: str) -> _Found | None:
    """The status of the bill after an entry; None where the entry decided nothing."""
    effect = action_effect(step.text, type_code, step.on) or Effect(step.kind)
    status = _DECISIVE.get(step.kind)
    if status is None:
        return None if effect.status is None else _Found(effect.status, B.ACTION_TEXT, step.reason or effect.reason)
    basis = B.ACTION_CODE if step.by_code else B.ACTION_TEXT
    if effect.kind is step.kind and effect.status is not None:
        return _Found(effect.status, basis, step.reason or effect.reason)
    return _Found(S.EXPIRED if step.reason is R.EXPIRED else status, basis, step.reason or _REASONS.get(step.kind))


def _from_found(found: _Found) -> DerivedStatus:
    reason = found.reason if found.status is S.ARCHIVED else None
    moves = None if found.status is S.APPROVED else in_progress(found.status)  # more may follow an approval
    return DerivedStatus(found.status, found.basis, reason, moves)


def _weak(steps: Sequence[Step], type_code: str) -> DerivedStatus:
    """The stage that the last entry shows. Nothing shows that it is still current, so `in_progress` stays None."""
    if not steps:
        return DerivedStatus(S.UNKNOWN, B.NONE)
    last = steps[-1]
    status = _WEAK.get(last.kind)
    if last.kind is K.OPINION and type_code in _PAPERS:  # the bill is the opinion itself, and it was presented
        status = S.INTRODUCED
    if last.kind is K.INTRODUCED and (last.order or 1) > _FIRST:  # another paper was presented, long after the bill
        status = S.IN_PROGRESS
    if status is None:
        return DerivedStatus(S.UNKNOWN, B.NONE)
    return DerivedStatus(status, B.ACTION_CODE if last.by_code else B.ACTION_TEXT)
