"""What the preferences of a request choose."""

import pytest
from legis.languages import Language, preferred_language
from legis.negotiation import best_media_type, preferences

JSON, HTML = "application/json", "text/html"


def test_preferences_have_weights_from_0_to_1() -> None:
    assert preferences("GZIP;q=0.5, br , zstd; q=0, x;q=nan-ish,,y;level=1;q=2") == (
        ("gzip", 0.5), ("br", 1.0), ("zstd", 0.0), ("x", 0.0), ("y", 1.0),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", HTML),
        ("application/*", JSON),
        ("text/*;q=0.5, application/json;q=0.4", HTML),
        ("text/csv", None),
        ("*/*;q=0", None),
        ("application/json;q=0, */*;q=0.1", HTML),
    ],
)
def test_the_best_media_type_is_what_the_most_specific_ranges_prefer(accept: str, best: str | None) -> None:
    assert best_media_type(accept, (JSON, HTML)) == best


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("fr", Language.ENGLISH),
        ("pt-BR,pt;q=0.9,en;q=0.8", Language.PORTUGUESE),
        ("pt-PT", Language.PORTUGUESE),
        ("en, pt", Language.ENGLISH),
        ("en;q=0.2, fr, pt;q=0.3", Language.PORTUGUESE),
        ("pt;q=0", Language.ENGLISH),
    ],
)
def test_portuguese_is_told_to_who_prefers_it(accepted: str, language: Language) -> None:
    assert preferred_language(accepted) is language
