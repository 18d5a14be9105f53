"""Merges a new observation of a bill into its stored state."""

import re
from typing import Any

from legis.domain.bill import Bill, OtherIdentifier, QualityFlag, Sponsorship
from legis.domain.organization import named, names_by_code

FORMER = "FORMER"
"""Note on an identifier that this record had before upstream renumbered it."""

_PATH = re.compile(r"[.\[]")


def merge(stored: Bill | None, observed: Bill) -> Bill:
    """The bill after the observation: claimed fields from `observed`, all others as stored.

    Some claimed fields are merged and not replaced. A changed label leaves the old one in `other_identifiers`, since a
    bill keeps every number it ever had. A sponsorship without party or state keeps those stored for the same signatory,
    since one endpoint of a source has them and another has not; a body without its name keeps the stored name. Quality
    flags are replaced only together with their fields. Merging the same observation again changes nothing.
    """
    claimed: dict[str, Any] = {}
    if stored is not None:
        claimed = {name: getattr(observed, name) for name in observed.model_fields_set}
        if "extras" in claimed:
            claimed["extras"] = {**stored.extras, **observed.extras}
    before = stored or observed
    if "sponsorships" in observed.model_fields_set:
        claimed["sponsorships"] = _keep_party_and_state(before.sponsorships, observed.sponsorships)
    claimed |= _keep_names(before, claimed)
    claimed["other_identifiers"] = _all_identifiers(before, observed)
    claimed["quality_flags"] = _flags(before, observed)
    return before.model_copy(update=claimed)


def _keep_party_and_state(before: tuple[Sponsorship, ...], now: tuple[Sponsorship, ...]) -> tuple[Sponsorship, ...]:
    if all(item.party is not None and item.state is not None for item in now):
        return now
    parties = {_signatory(item): item for item in reversed((*now, *before)) if item.party}
    states = {_signatory(item): item for item in reversed((*now, *before)) if item.state}

    def completed(item: Sponsorship) -> Sponsorship:
        missing: dict[str, str | None] = {}
        said_none = item.party_text is not None  # a member of no party, as the source wrote it
        if item.party is None and not said_none and (known := parties.get(_signatory(item))):
            missing |= {"party": known.party, "party_text": known.party_text}
        if item.state is None and (known := states.get(_signatory(item))):
            missing["state"] = known.state
        return item.model_copy(update=missing) if missing else item

    return tuple(completed(item) for item in now)


def _keep_names(before: Bill, claimed: dict[str, Any]) -> dict[str, Any]:
    """The claimed bodies without a name, with the stored name for their code."""
    action, body = claimed.get("latest_action"), claimed.get("organization")
    bodies = (body, action.organization if action else None)
    if not any(one and one.code and not one.name for one in bodies):
        return {}
    names = names_by_code((before.organization, before.latest_action.organization if before.latest_action else None))
    completed: dict[str, Any] = {"organization": named(body, names)} if body else {}
    if action:
        completed["latest_action"] = action.model_copy(update={"organization": named(action.organization, names)})
    return completed


def _signatory(item: Sponsorship) -> str:
    return f"id {item.legislator_id}" if item.legislator_id else f"name {item.name}"


def _all_identifiers(stored: Bill, observed: Bill) -> tuple[OtherIdentifier, ...]:
    """Former numbers of this record first, never lost, then the other numbers that upstream declares."""
    current = observed.identifier if "identifier" in observed.model_fields_set else stored.identifier
    chamber = observed.chamber if "chamber" in observed.model_fields_set else stored.chamber
    former = [item for item in stored.other_identifiers if item.note == FORMER]
    if stored.identifier and current != stored.identifier:
        former.append(
            OtherIdentifier(
                identifier=stored.identifier,
                type_code=stored.type_code,
                number=stored.number,
                year=stored.year,
                chamber=chamber,
                note=FORMER,
            )
        )
    claims = "other_identifiers" in observed.model_fields_set
    declared = observed.other_identifiers if claims else stored.other_identifiers
    seen: dict[tuple[str, object], OtherIdentifier] = {}
    for item in (*former, *declared):
        if item.identifier != current or item.chamber != chamber:
            seen.setdefault((item.identifier, item.chamber), item)
    return tuple(seen.values())


def _flags(stored: Bill, observed: Bill) -> tuple[QualityFlag, ...]:
    if not stored.quality_flags and not observed.quality_flags:
        return ()
    kept = [flag for flag in stored.quality_flags if not _is_replaced(flag, observed)]
    return tuple(dict.fromkeys((*observed.quality_flags, *kept)))


def _is_replaced(flag: QualityFlag, observed: Bill) -> bool:
    """Whether the observation replaces the flag; a flag on an unknown field is replaced with any flags."""
    name = _PATH.split(flag.field, maxsplit=1)[0]
    return (name if name in Bill.model_fields else "quality_flags") in observed.model_fields_set
