"""Readable addresses of bills: `/pl/2630/2020`."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_TYPE = re.compile(r"[A-Za-z]{2,6}")
_NUMBER = re.compile(r"[1-9]\d{0,6}")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_DIGITS = re.compile(r"0*[1-9]\d{0,6}")
_YEAR = re.compile(r"(?:18|19|20)\d\d")


def readable(bill: Mapping[str, Any]) -> str | None:
    """The readable address of a bill; None where its type, number or year is not a plain one."""
    parts = str(bill.get("type_code") or ""), str(bill.get("number") or ""), str(bill.get("year") or "")
    label = label_of(*parts)
    if label is None or bill.get("identifier") != label:
        return None
    return f"/{parts[0].lower()}/{parts[1]}/{parts[2]}"


def label_of(type_code: str, number: str, year: str) -> str | None:
    """`PL 2630/2020` of the parts of an address; None where they cannot be one."""
    if not (_TYPE.fullmatch(type_code) and _NUMBER.fullmatch(number) and _YEAR.fullmatch(year)):
        return None
    return f"{type_code.upper()} {number}/{year}"


def plain_number(number: str) -> str:
    """A number without points between thousands and without zeros before it; the text itself where it is none."""
    bare = number.replace(".", "") if _DOTTED.fullmatch(number) else number
    return bare.lstrip("0") if _DIGITS.fullmatch(bare) else number


def bears_alone(bill: Mapping[str, Any], resolved: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the bill's number leads to it alone: every other bill of that number is the same bill in the other
    house. `resolved` is the data of `/resolve`.
    """
    return are_one(bill, (one for one in resolved if one["identifier"] == bill["identifier"]))


def are_one(bill: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> bool:
    """Whether all of these are the bill itself, or the same bill in the other house."""
    same = {bill["id"], *(one["id"] for one in bill["counterparts"])}
    return all(one["id"] in same for one in others)
