"""Values derived from a bill: its URNs, its effective status, and the keys of its filters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from legis.domain.bill import Action, Bill, QualityFlag
from legis.domain.brasilia_time import day_start, local_day
from legis.domain.dates import EARLIEST, FUTURE
from legis.domain.identity.identifiers import parse_label, print_label
from legis.domain.identity.lexml import Urns, urns_for
from legis.domain.parties.party_names import party_keys
from legis.domain.proceedings.path_stages import PathStage, first_days
from legis.domain.proceedings.status_rule import became_law
from legis.domain.search_text import fold, plain
from legis.domain.vocabulary import BillStatus, QualityFlagCode, StatusBasis, StatusReason

_EARLIEST = day_start(EARLIEST)
_DIGIT = re.compile(r"[0-9]")
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Derived:
    """All values computed from one bill. Tuples are sorted and without duplicates."""

    status: BillStatus
    status_basis: StatusBasis
    status_reason: StatusReason | None
    in_progress: bool | None
    quality_flags: tuple[QualityFlag, ...]
    last_action_at: datetime | None
    urns: Urns
    labels: tuple[str, ...]
    parties: tuple[str, ...]
    states: tuple[str, ...]
    subjects: tuple[str, ...]
    organization: str | None
    first_days: Mapping[PathStage, date]


def derive(bill: Bill, *, seen_at: datetime) -> Derived:
    """Computes the values from a bill with its histories, as it was known at `seen_at`."""
    law = became_law(bill)
    flags = bill.quality_flags
    if law is not None and not any(flag.code is QualityFlagCode.STATUS_STALE for flag in flags):
        flags += (QualityFlag(code=QualityFlagCode.STATUS_STALE, field="status", detail=bill.status_text),)
    organization = bill.organization.acronym if bill.organization else None
    return Derived(
        status=bill.status if law is None else BillStatus.ENACTED,
        status_basis=bill.status_basis if law is None else law,
        status_reason=bill.status_reason if law is None else None,
        in_progress=bill.in_progress if law is None else False,
        quality_flags=flags,
        last_action_at=last_action_at(bill, seen_at),
        urns=urns_for(bill),
        labels=labels(bill),
        parties=party_keys(s.party for s in bill.sponsorships),
        states=filter_keys(s.state for s in bill.sponsorships),
        subjects=subject_keys(s.name for s in bill.subjects),
        organization=organization_key(organization),
        first_days=first_days(bill, local_day(seen_at + FUTURE)),
    )


def last_action_at(bill: Bill, seen_at: datetime) -> datetime | None:
    """Time of the bill's latest action or, without a valid one, of the newest of its actions. None if no action has a
    valid date.

    An impossible date is a typing error of the source: it is shown, but never used to sort bills. An action with a day
    only counts from Brasília's midnight.
    """
    limit = seen_at + FUTURE
    latest = action_instant(bill.latest_action)
    if latest is not None and _EARLIEST <= latest <= limit:
        return latest
    known = (action_instant(action) for action in bill.actions)
    return max((at for at in known if at is not None and _EARLIEST <= at <= limit), default=None)


def action_instant(action: Action | None) -> datetime | None:
    """The instant of an action; Brasília's midnight if only its day is known."""
    if action is None:
        return None
    return action.at or (_midnight(action.date) if action.date else None)


def labels(bill: Bill) -> tuple[str, ...]:
    """Every label that the bill has or had, including those of the other house that its source mentions; spelled by
    `label_key`.
    """
    texts = {bill.identifier, print_label(bill.type_code, bill.number_text or _text(bill.number), bill.year)}
    for other in bill.other_identifiers:
        texts |= {other.identifier, print_label(other.type_code, _text(other.number), other.year)}
    texts |= {print_label(hint.type_code, str(hint.number), hint.year) for hint in bill.counterpart_hints}
    return tuple(sorted({label_key(text) for text in texts if _DIGIT.search(text)}))


@lru_cache(4096)  # each label is needed when its bill is rendered and again when it is linked
def label_key(text: str) -> str:
    """The spelling under which a label is stored and looked up: `pl nº 2.630 de 2020` → `PL 2630/2020`."""
    label = parse_label(text)
    if label is not None:
        text = f"{print_label(label.type_code, label.number_text, label.year)} {label.suffix}"
    return " ".join(plain(text).upper().split())


@lru_cache(4096)
def subject_key(name: str) -> str:
    """The spelling under which a subject is stored and looked up: `Educação, Cultura` → `educacao-cultura`."""
    return _NO_SLUG.sub("-", fold(name)).strip("-")


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _midnight(day: date) -> datetime | None:
    try:
        return day_start(day)
    except (ValueError, OverflowError):  # the calendar's first and last days have no midnight in UTC
        return None


def subject_keys(names: Iterable[str]) -> tuple[str, ...]:
    """The keys of subjects, sorted and without duplicates."""
    return tuple(sorted({key for name in names if (key := subject_key(name))}))


def organization_key(acronym: str | None) -> str | None:
    """The spelling under which a body is looked up."""
    return acronym.strip().upper() or None if acronym else None


def filter_keys(values: Iterable[str | None]) -> tuple[str, ...]:
    """States as they are looked up: upper case, sorted and without duplicates."""
    return tuple(sorted({key for value in values if value and (key := value.strip().upper())}))
