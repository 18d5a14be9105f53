"""Words are enumerations of texts in every other way."""

import pickle

import pytest
from legis.domain.bill import Action
from legis.domain.vocabulary import ActionKind, BillStatus, Source
from pydantic import TypeAdapter, ValidationError


def test_a_word_is_its_text_and_keeps_to_its_list() -> None:
    assert (Source.CAMARA.value, Source.CAMARA.name, str(Source.CAMARA)) == ("camara", "CAMARA", "camara")
    assert Source("senado") is Source.SENADO
    assert type(Source.CAMARA.value) is str
    assert pickle.loads(pickle.dumps(BillStatus.ENACTED)) is BillStatus.ENACTED
    with pytest.raises(AttributeError):
        Source.CAMARA.value = "other"  # type: ignore[misc]


def test_models_read_and_write_words_by_their_value() -> None:
    words = TypeAdapter(Source)
    assert words.dump_json(words.validate_python("camara")) == b'"camara"'
    with pytest.raises(ValidationError):
        words.validate_python("CAMARA")


def test_an_action_stored_under_the_former_word_is_read() -> None:
    stored = Action.model_validate_json('{"date": null, "kind": "MOVED"}')
    assert stored.kind is ActionKind.TRANSFERRED
    with pytest.raises(ValidationError):
        Action.model_validate({"date": None, "kind": "ELSEWHERE"})
