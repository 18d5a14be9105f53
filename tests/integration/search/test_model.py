"""The search engine against the model: a short run of what `make search-model` does at length."""

from search.questions import shown
from search.run import invented


def test_engine_and_model_agree() -> None:
    failures = [f"{one.number}: {one.why} {shown(one.small)}" for one in invented(1, 600, 1500)]
    assert not failures
