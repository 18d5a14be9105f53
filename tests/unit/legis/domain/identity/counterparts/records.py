"""Records of both houses, as short as a test can say them."""

from datetime import date
from typing import Any

from legis.domain.bill import Bill, CounterpartHint, OtherIdentifier, Sponsorship
from legis.domain.identity.counterparts import CounterpartMatch, match
from legis.domain.vocabulary import Chamber, CounterpartRule, Source, SponsorKind, SponsorshipRole

FAKE_NEWS = "Institui a Lei Brasileira de Liberdade, Responsabilidade e Transparência na Internet."
HARVEST = "Dispõe sobre o seguro da safra de arroz e a política de preços mínimos do produtor rural."


def _parts(label: str) -> dict[str, Any]:
    type_code, rest = label.split(" ", 1)
    number, year = rest.split(" ")[0].split("/")
    return {"type_code": type_code, "number": int(number), "year": int(year)}


def record(source: Source, label: str, upstream_id: str = "1", **claims: Any) -> Bill:
    chamber = Chamber.CAMARA if source is Source.CAMARA else Chamber.SENADO
    if "introduced_on" in claims:
        claims["introduced_on"] = date.fromisoformat(claims["introduced_on"])
    return Bill(
        source=source, upstream_id=upstream_id, chamber=chamber, identifier=label, **{**_parts(label), **claims}
    )


def camara(label: str, upstream_id: str = "1", **claims: Any) -> Bill:
    return record(Source.CAMARA, label, upstream_id, **claims)


def senado(label: str, upstream_id: str = "2", **claims: Any) -> Bill:
    return record(Source.SENADO, label, upstream_id, **claims)


def hint(rule: CounterpartRule, chamber: Chamber, label: str, upstream_id: str | None = None) -> CounterpartHint:
    return CounterpartHint(
        rule=rule, chamber=chamber, evidence=f"says {label}", upstream_id=upstream_id, **_parts(label)
    )


def other_number(label: str, chamber: Chamber, note: str | None = None) -> OtherIdentifier:
    return OtherIdentifier(identifier=label, chamber=chamber, note=note, **_parts(label))


def author(name: str) -> Sponsorship:
    return Sponsorship(name=name, role=SponsorshipRole.AUTHOR, kind=SponsorKind.ORGANIZATION)


def only(bill: Bill, other: Bill) -> CounterpartMatch:
    """The one link between two records, found from either side alike."""
    (there,), (back,) = match(bill, [other]), match(other, [bill])
    assert (there.bill_id, there.counterpart_id) == (back.counterpart_id, back.bill_id) == (bill.id, other.id)
    assert (there.rule, there.confidence, there.evidence) == (back.rule, back.confidence, back.evidence)
    assert there.evidence
    return there
