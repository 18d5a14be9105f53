"""A dump completed from one without defaults is the dump with them, for any bill, key by key."""

import json
from datetime import UTC, date
from typing import Any

import orjson
from api_gateway.documents import render
from api_gateway.documents.complete import Completer
from hypothesis import given
from hypothesis import strategies as st
from legis.domain.bill import HISTORY_FIELDS, Bill
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=5),
    int: st.integers(0, 3000),
    bool: st.booleans(),
    date: st.dates(),
    AwareDatetime: st.datetimes(timezones=st.just(UTC)),
    dict[str, Any]: st.dictionaries(st.text(max_size=3), st.none() | st.integers(0, 9), max_size=2),
}


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type, empty and default ones among them."""
    origin, inside = getattr(annotation, "__origin__", None), getattr(annotation, "__args__", ())
    if annotation in PLAIN:
        return PLAIN[annotation]
    if origin is tuple:
        return st.lists(values(inside[0]), max_size=2).map(tuple)
    if inside:
        return st.one_of(*(st.none() if kind is type(None) else values(kind) for kind in inside if kind is not ...))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return models(annotation)
    return st.sampled_from(annotation)


def models(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Models with every subset of their optional fields."""

    def part(field: FieldInfo) -> st.SearchStrategy[Any]:
        return values(field.annotation)

    fields = {name: field for name, field in model.model_fields.items() if name not in HISTORY_FIELDS}
    needed = {name: part(field) for name, field in fields.items() if field.is_required()}
    other = {name: part(field) for name, field in fields.items() if not field.is_required()}
    return st.fixed_dictionaries(needed, optional=other).map(lambda found: model(**found))


@given(models(Bill))
def test_completing_gives_what_a_whole_dump_gives(bill: Bill) -> None:
    whole = bill.model_dump(mode="json", exclude=set(HISTORY_FIELDS))
    completed = render.dump_full(render.dump_sparse(bill))
    assert completed == whole
    assert orjson.dumps(completed) == orjson.dumps(whole), "fields come in the same order"


def test_every_model_within_a_bill_is_completed() -> None:
    """A field of a new shape must not slip through unseen."""
    bill = Bill(source="camara", upstream_id="1", organization={}, latest_action={"date": None, "kind": "OTHER"})
    completed = render.dump_full(render.dump_sparse(bill))
    assert completed["organization"] == {"code": None, "acronym": None, "name": None, "chamber": None}
    assert completed["latest_action"]["documents"] == []
    assert json.dumps(Completer(Bill, without=HISTORY_FIELDS)(render.dump_sparse(bill))) == json.dumps(completed)
