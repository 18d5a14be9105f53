"""Stages of a bill's path that its source tells with a day, and the first day of those that its actions tell."""

from collections.abc import Mapping
from datetime import date

from legis.domain.bill import Bill
from legis.domain.vocabulary import ActionKind
from legis.domain.word_enum import Word


class PathStage(Word):
    """A stage of a bill after its presentation; the members are in the order of the path."""

    REFERRED = "REFERRED"
    """Sent to a committee (enviado à comissão)."""
    RAPPORTEUR_DESIGNATED = "RAPPORTEUR_DESIGNATED"
    OPINION = "OPINION"
    """An opinion of a rapporteur was delivered (parecer)."""
    VOTED = "VOTED"
    """Put to a vote, in a committee or in plenary, whatever came of it."""
    DECISION = "DECISION"
    """The final deliberation of the house, as its source publishes it; no action tells it."""
    SENT_TO_OTHER_CHAMBER = "SENT_TO_OTHER_CHAMBER"
    SENT_FOR_SANCTION = "SENT_FOR_SANCTION"
    LAW = "LAW"
    """Signed as law; told by the enactment and by no action."""


STAGE_OF_ACTION: Mapping[ActionKind, PathStage] = {
    ActionKind.REFERRED: PathStage.REFERRED,
    ActionKind.RAPPORTEUR_DESIGNATED: PathStage.RAPPORTEUR_DESIGNATED,
    ActionKind.OPINION: PathStage.OPINION,
    ActionKind.VOTED: PathStage.VOTED,
    ActionKind.APPROVED: PathStage.VOTED,
    ActionKind.REJECTED: PathStage.VOTED,
    ActionKind.SENT_TO_OTHER_CHAMBER: PathStage.SENT_TO_OTHER_CHAMBER,
    ActionKind.SENT_FOR_SANCTION: PathStage.SENT_FOR_SANCTION,
}
"""The kinds of action that tell a stage."""


def first_days(bill: Bill, latest: date) -> dict[PathStage, date]:
    """The day of the first action of each stage. Days before the presentation or after `latest` are mistakes of the
    source, and are passed over; without a day of presentation nothing is told.
    """
    found: dict[PathStage, date] = {}
    if bill.introduced_on is None:
        return found
    for action in bill.actions:
        stage, day = STAGE_OF_ACTION.get(action.kind), action.date
        if stage is not None and day is not None and bill.introduced_on <= day <= latest:
            found[stage] = min(day, found.get(stage, day))
    return found
