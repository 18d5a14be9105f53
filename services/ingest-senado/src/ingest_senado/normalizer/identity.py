"""The identity of a bill: type, number, year and label, all read from `identificacao`."""

from typing import Any

from legis.domain.bill import OtherIdentifier
from legis.domain.identity.identifiers import BillLabel, bill_type, parse_label, print_label
from legis.domain.vocabulary import BillType, Chamber, QualityFlagCode

from ingest_senado.normalizer.notes import Notes, folded
from ingest_senado.vocabulary.folding import count_unknown

INT32 = 2**31 - 1


def identity(text: str, notes: Notes) -> dict[str, Any]:
    """The claims of an `identificacao`.

    The label is stored as written, since `PL 458/2021 (Substitutivo-CD)` is a bill of its own; the text after the year
    is also the type's variant. The list has only this text, so the detail's `sigla`, `numero` and `ano` are not used.
    """
    identifier = folded(text) or text
    label = read_label(identifier)
    if label is None:
        notes.flag(QualityFlagCode.VALUE_UNREADABLE, "identifier", identifier[:80])
        return {
            "identifier": identifier,
            "type": BillType.OTHER,
            "type_code": identifier.split(" ")[0][:80],
            "type_variant_code": None,
            "number": None,
            "number_text": None,
            "year": None,
        }
    kind = bill_type(label.type_code)
    if kind is BillType.OTHER:
        count_unknown("bill_type")
    if label.number is None:
        notes.flag(QualityFlagCode.NUMBER_NOT_NUMERIC, "number", label.number_text)
    return {
        "identifier": identifier,
        "type": kind,
        "type_code": label.type_code,
        "type_variant_code": label.suffix.strip("()- ")[:80] or None,
        "number": label.number,
        "number_text": label.number_text,
        "year": label.year,
    }


def read_label(text: str) -> BillLabel | None:
    """The type, number and year of a label; a number too large for its column is treated as text."""
    label = parse_label(text)
    if label is None or label.number is None or label.number <= INT32:
        return label
    return BillLabel(label.type_code, None, label.number_text[:80], label.year, label.suffix)


def other_identifier(
    sigla: str, number_text: str | None, year: int | None, chamber: Chamber | None, **more: str | None
) -> OtherIdentifier:
    """A number of the bill in another house or service, without the zeros with which upstream pads it."""
    digits = (number_text or "").strip()
    number = int(digits) if digits.isdecimal() and int(digits) <= INT32 else None
    shown = str(number) if number is not None else digits or None
    return OtherIdentifier(
        identifier=print_label(sigla.strip(), shown, year),
        type_code=sigla.strip(),
        number=number,
        year=year,
        chamber=chamber,
        **more,
    )
