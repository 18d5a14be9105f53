"""The status of a bill in the Senado: equal from list row and detail, and by its history where neither has a status."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from legis.domain.bill import Action
from legis.domain.proceedings.status_rule import DerivedStatus, Evidence, Step, derive_status
from legis.domain.vocabulary import BillStatus, QualityFlagCode, StatusBasis

from ingest_senado.normalizer.notes import Notes
from ingest_senado.vocabulary.actions import action_kind
from ingest_senado.vocabulary.statuses import bill_status


def standing(
    text: str | None, sign: str | None, in_progress: bool | None, *, enacted: bool, notes: Notes
) -> dict[str, Any]:
    """The status claims of a situation and a norm. Where there is neither, the status is not claimed.

    A history, which only details have, changes nothing in these claims: list and detail must agree.
    """
    found = derive_status(Evidence(bill_status(text, sign), text or sign, enacted=enacted))
    if found.stale:
        notes.flag(QualityFlagCode.STATUS_STALE, "status", found.stale)
    if found.basis is StatusBasis.ENACTMENT:
        in_progress = False
    claims = {"status_text": text, "in_progress": in_progress}
    if found.status is BillStatus.UNKNOWN:
        notes.flag(QualityFlagCode.STATUS_MISSING, "status", "upstream gives no situation")
        return claims
    return claims | _status(found)


def by_history(actions: Sequence[Action]) -> dict[str, Any]:
    """The status claims of a detail with neither situation nor norm: by its last decisive action, if it has one."""
    steps = [Step(action.kind, _by_sign(action), on=action.date) for action in actions]
    return _status(derive_status(Evidence(steps=steps))) if steps else {}


def status_day(text: str | None, notes: Notes) -> date | None:
    """The day of a situation, with a flag where it is older than any parliament."""
    return notes.day(text, "status_on")


def _status(found: DerivedStatus) -> dict[str, Any]:
    return {"status": found.status, "status_basis": found.basis, "status_reason": found.reason}


def _by_sign(action: Action) -> bool:
    return action.status_code is not None and action_kind(None, action.status_code) is action.kind
