"""The links of a bill: its text, its main bill, the bills before and after it, and the Senado's record of it."""

from collections.abc import Iterable
from datetime import MAXYEAR

from legis.digits import digits_value
from legis.domain.bill import Document, RelatedBill, Subject
from legis.domain.identity.identifiers import print_label
from legis.domain.vocabulary import DocumentKind, RelationKind

from ingest_camara.normalizer.addresses import counterpart, proposal_id, text_id
from ingest_camara.normalizer.claims import Claims
from ingest_camara.wire.bill_records import Related
from ingest_camara.wire.shapes import DetailShape

_LINKS = (
    ("uriPropPrincipal", RelationKind.MAIN_BILL),
    ("uriPropAnterior", RelationKind.PREVIOUS),
    ("uriPropPosterior", RelationKind.NEXT),
)


def relate(claims: Claims, item: DetailShape) -> None:
    """Claims documents, and the relations that the record itself names."""
    if item.has("urlInteiroTeor"):
        url = claims.text("documents", item.urlInteiroTeor)
        full_text = Document(kind=DocumentKind.FULL_TEXT, url=url, upstream_id=text_id(url)) if url else None
        claims.values["documents"] = (full_text,) if full_text else ()
    if item.has("uriPropPrincipal"):
        claims.values["related_bills"] = tuple(_links(item))
    if item.has("uriPropPosterior"):
        hints = (counterpart(item.uriPropAnterior), counterpart(item.uriPropPosterior))
        claims.values["counterpart_hints"] = tuple(dict.fromkeys(hint for hint in hints if hint))


def add_related(claims: Claims, rows: Iterable[Related]) -> None:
    """Adds the bills that refer to this one. A bill already named as main, previous or next is not added twice."""
    named: tuple[RelatedBill, ...] = claims.values.get("related_bills", ())
    known = {bill.upstream_id for bill in named}
    others: dict[str, RelatedBill] = {}
    for row in rows:
        if row.id not in known:
            others[row.id] = _related(claims, row)
    claims.values["related_bills"] = (*named, *(others[key] for key in sorted(others, key=int)))


def classify(claims: Claims, themes: Iterable[tuple[str | None, str | None]]) -> None:
    """Claims the subjects, given as pairs of code and name; upstream's order of them has no meaning."""
    subjects = {
        Subject(code=claims.text("subjects", code), name=name)
        for code, text in themes
        if (name := claims.text("subjects", text)) is not None
    }
    claims.values["subjects"] = tuple(sorted(subjects, key=lambda subject: (subject.name, subject.code or "")))


def _links(item: DetailShape) -> Iterable[RelatedBill]:
    for name, kind in _LINKS:
        upstream_id = proposal_id(getattr(item, name))
        if upstream_id is not None and upstream_id != item.id:
            yield RelatedBill(kind=kind, upstream_id=upstream_id)


def _related(claims: Claims, row: Related) -> RelatedBill:
    type_code = claims.text("related_bills", row.siglaTipo) or ""
    year = digits_value(row.ano or "", MAXYEAR)
    return RelatedBill(
        kind=RelationKind.RELATED,
        upstream_id=row.id,
        identifier=print_label(type_code, claims.text("related_bills", row.numero), year).strip() or None,
        title=claims.text("related_bills", row.ementa),
    )
