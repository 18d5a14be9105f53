"""Parameters whose values are ids of records: a value that can be no id is an error, not an empty list."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from legis.domain.identity.source_registry import BILL_ID, BY_ID, legislator_id
from legis.languages import Text

from api_gateway.search.filtering.values import InvalidParameter, clean, values

_MAX_ID, _MAX_SHOWN = 120, 40
_REST = r"[A-Za-z0-9._-]{1,100}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of id: its pattern, what it is of in English and in Portuguese, one as an example, and the parameter
    that finds it.
    """

    pattern: re.Pattern[str]
    en: str
    pt: str
    example: str
    finder: str

    def read(self, name: str, value: str) -> str:
        """The id. Raises InvalidParameter where it can be none."""
        if self.pattern.fullmatch(value):
            return value
        given = repr(value[:_MAX_SHOWN])
        en = f"{given} is not the id of {self.en}, which looks like {self.example}; {self.finder} finds it"
        pt = f"{given} não é o id de {self.pt}, que tem a forma {self.example}; {self.finder} o encontra"
        raise InvalidParameter(name, Text(en, pt))


_BILL = _Kind(re.compile(BILL_ID), "a bill", "uma proposição", "camara-2256735", "/api/v1/resolve?q=")
_LEGISLATOR = _Kind(
    re.compile(f"(?:{'|'.join(legislator_id(source, '') for source in BY_ID)}){_REST}"),
    "a legislator",
    "parlamentar",
    "camara-deputy-204534",
    "/api/v1/legislators?q=",
)
_ORGANIZATION = _Kind(
    re.compile(f"(?:party|(?:{'|'.join(BY_ID)})-org)-{_REST}"),
    "an organization",
    "um órgão",
    "camara-org-2003",
    "/api/v1/organizations?q=",
)


def bill_ids(given: Iterable[str]) -> tuple[str, ...]:
    """The ids of the parameter `bill`, each once. Raises InvalidParameter."""
    return tuple(dict.fromkeys(_BILL.read("bill", value) for value in values("bill", given, _MAX_ID)))


def legislator_of(name: str, value: str | None) -> str | None:
    """The id of a legislator that a parameter has; None where it is not given. Raises InvalidParameter."""
    return None if value is None else _LEGISLATOR.read(name, clean(name, value, _MAX_ID))


def organization_of(name: str, value: str | None) -> str | None:
    """The id of an organization that a parameter has; None where it is not given. Raises InvalidParameter."""
    return None if value is None else _ORGANIZATION.read(name, clean(name, value, _MAX_ID))
