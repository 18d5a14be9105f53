"""Lays a new observation of a bill over what is stored of it."""

from collections.abc import Mapping

from legis.domain.bill import Bill, OtherIdentifier, QualityFlag, Sponsorship

FORMER = "FORMER"
"""Note on an identifier that this record bore before upstream renumbered it."""


def merge(stored: Bill | None, observed: Bill) -> Bill:
    """The bill after the observation: claimed fields from `observed`, all others as stored.

    Three fields are more than replaced. A label that changes leaves the old one in `other_identifiers`, since a bill
    keeps every number it ever had. A sponsorship seen without party or state keeps those of the same signatory, since
    one endpoint of a source gives them and another does not. Quality flags are replaced only for claimed fields.
    """
    if stored is None:
        return observed
    claimed = {name: getattr(observed, name) for name in observed.model_fields_set}
    if "sponsorships" in claimed:
        claimed["sponsorships"] = _keep_party_and_state(stored.sponsorships, observed.sponsorships)
    claimed["other_identifiers"] = _all_identifiers(stored, observed)
    claimed["quality_flags"] = _flags(stored, observed)
    if "extras" in claimed:
        claimed["extras"] = {**stored.extras, **observed.extras}
    return stored.model_copy(update=claimed)


def _keep_party_and_state(before: tuple[Sponsorship, ...], now: tuple[Sponsorship, ...]) -> tuple[Sponsorship, ...]:
    known: Mapping[tuple[str | None, str], Sponsorship] = {(s.legislator_id, s.name): s for s in before}

    def completed(item: Sponsorship) -> Sponsorship:
        old = known.get((item.legislator_id, item.name))
        if old is None:
            return item
        missing = {n: getattr(old, n) for n in ("party", "state") if getattr(item, n) is None and getattr(old, n)}
        return item.model_copy(update=missing) if missing else item

    return tuple(completed(item) for item in now)


def _all_identifiers(stored: Bill, observed: Bill) -> tuple[OtherIdentifier, ...]:
    current = observed.identifier if "identifier" in observed.model_fields_set else stored.identifier
    declared = observed.other_identifiers if "other_identifiers" in observed.model_fields_set else ()
    kept = [item for item in stored.other_identifiers if not declared or item.note == FORMER]
    if stored.identifier and current != stored.identifier:
        kept.append(
            OtherIdentifier(
                identifier=stored.identifier,
                type_code=stored.type_code,
                number=stored.number,
                year=stored.year,
                chamber=stored.chamber,
                note=FORMER,
            )
        )
    seen: dict[tuple[str, object], OtherIdentifier] = {}
    for item in (*declared, *kept):
        if item.identifier != current or item.chamber != stored.chamber:
            seen.setdefault((item.identifier, item.chamber), item)
    return tuple(seen.values())


def _flags(stored: Bill, observed: Bill) -> tuple[QualityFlag, ...]:
    kept = [flag for flag in stored.quality_flags if flag.field not in observed.model_fields_set]
    return tuple(dict.fromkeys((*kept, *observed.quality_flags)))
