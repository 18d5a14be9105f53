"""The public shapes of a bill's parts have the fields of the domain, and say what each means."""

import pytest
from api_gateway.documents import bill_parts, voting_parts
from legis.domain import bill, voting
from legis.domain.frozen import Frozen
from pydantic import BaseModel

PAIRS = [
    (public, domain)
    for shapes, models in ((bill_parts, bill), (voting_parts, voting))
    for name, public in vars(shapes).items()
    if isinstance(domain := getattr(models, name, None), type)
    and issubclass(domain, Frozen)
    and public.__module__ == shapes.__name__
]


ADDED = {"Organization": ["id"]}
"""Fields of public shapes that are made from others of the domain."""


def test_every_part_has_its_public_shape() -> None:
    assert len(PAIRS) == 15


@pytest.mark.parametrize(("public", "domain"), PAIRS, ids=lambda model: model.__name__)
def test_a_public_shape_has_the_fields_of_the_domain(public: type[BaseModel], domain: type[BaseModel]) -> None:
    assert list(public.model_fields) == ADDED.get(public.__name__, []) + list(domain.model_fields)
    assert all(field.description for field in public.model_fields.values())
    assert all(field.is_required() for field in public.model_fields.values()), "a reply always has it"
