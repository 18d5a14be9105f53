"""The shape of one reason why two records are taken for one bill or person."""

from legis.domain.identity.evidence import KINDS

from api_gateway.documents.shapes import Out, described


class EvidencePart(Out):
    """A sentence of `evidence` in parts: what clients show in their own words."""

    kind: str = described(f"Kind of the sentence: {', '.join(KINDS)}; open list", "SAME_NUMBER")
    text: str = described("The sentence, as in `evidence`", "both are PL 2630/2020")
    record_id: str | None = described("Id of the record that says it; null where both do", "camara-2256735")
    field: str | None = described("The source's name of the field in which it is said, of FIELD", "uriPropAnterior")
    value: str | None = described(
        "What was found: a number, a year, a share from 0 to 1, a day, a name, an address, or a house", "PL 2630/2020"
    )
