"""The values of the API's counts in words."""

from api_gateway.site.subject_words import subject
from api_gateway.site.visit import Visit


def label(visit: Visit, name: str, value: str | int) -> str:
    """What a value of one of the API's counts is called on the page."""
    if name == "type":
        found = visit.words.label("BillType", str(value))
        return f"{value}: {found.text}" if found.text != value else str(value)
    if name == "status":
        return visit.words.label("BillStatus", str(value)).text
    if name == "chamber":
        return visit.words.label("Chamber", str(value)).text
    if name == "stage":
        return visit.words.label("PathStage", str(value)).text
    if name in ("month", "law_month"):
        return visit.formats.month(str(value))
    if name == "party":
        return visit.formats.party(str(value))
    return subject(str(value)) if name == "subject" else str(value)
