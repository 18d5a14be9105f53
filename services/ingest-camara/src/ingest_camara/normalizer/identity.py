"""The identity of a bill: type, number, year, title, and the day it was introduced."""

from legis.domain.identity.identifiers import print_label
from legis.domain.vocabulary import Chamber, QualityFlagCode

from ingest_camara.normalizer.claims import Claims, whole
from ingest_camara.vocabulary.bill_types import official_type_code, type_of
from ingest_camara.wire.shapes import ItemShape

_PAGE = "https://www.camara.leg.br/proposicoesWeb/fichadetramitacao?idProposicao="


def identify(claims: Claims, item: ItemShape) -> None:
    """Claims the fields that list, file and detail share with equal values."""
    values = claims.values
    type_code = claims.text("type_code", item.siglaTipo) or ""
    variant = claims.text("type_variant_code", item.codTipo)
    if not type_code:
        claims.flag(QualityFlagCode.TYPE_UNKNOWN, "type_code", "upstream gives no type code")
    elif official := official_type_code(variant, type_code):
        claims.flag(QualityFlagCode.TYPE_CONFLICT, "type_code", f"codTipo {variant} is {official}, not {type_code}")
    number_text = claims.text("number", item.numero)
    year = _year(claims, item.ano)
    values["chamber"] = Chamber.CAMARA
    values["type"] = type_of(type_code)
    values["type_code"] = type_code
    values["type_variant_code"] = variant
    values["number"] = _number(claims, number_text)
    values["number_text"] = number_text
    values["year"] = year
    values["identifier"] = print_label(type_code, number_text, year).strip()
    values["url"] = _PAGE + item.id
    if item.has("ementa"):
        values["title"] = claims.text("title", item.ementa)
        if values["title"] is None:
            claims.flag(QualityFlagCode.TITLE_MISSING, "title")
    if item.has("dataApresentacao"):
        introduced = claims.minute("introduced_on", item.dataApresentacao)
        values["introduced_on"] = introduced.date if introduced else None
        values["introduced_at"] = introduced.at if introduced else None


def _number(claims: Claims, text: str | None) -> int | None:
    number = whole(text)
    if number is None and text is not None:
        claims.flag(QualityFlagCode.NUMBER_NOT_NUMERIC, "number", text[:80])
    return number


def _year(claims: Claims, text: str | None) -> int | None:
    year = whole(text)
    if not text or year == 0:
        claims.flag(QualityFlagCode.YEAR_MISSING, "year")
        return None
    if year is None or not 1800 <= year <= 2200:
        claims.flag(QualityFlagCode.VALUE_UNREADABLE, "year", text[:80])
        return None
    return year
