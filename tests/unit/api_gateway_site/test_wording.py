"""Every word in both languages, and a label for every value that the API serves."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest
from api_gateway.site import wording
from api_gateway.site.wording import Words, words_of
from legis.languages import Language

OPENAPI = json.loads((Path(__file__).parents[2] / "contract/golden/openapi.json").read_text())
OF_REQUESTS = {"SubscriptionChangeResumeFrom", "SubscriptionChangeState", "SubscriptionRequestLanguage"}
"""Enumerations of what clients send; no page shows them."""

FORMS = [
    (group, key, entry)
    for group, entries in wording.phrases().items()
    if group != "vocabulary"
    for key, entry in entries.items()
]


_KEYS = {f"{group}.{key}" for group, key, _ in FORMS}
OF_NO_PAGE = {"agenda.item", "bill.at_house", "bill.data"}
"""Phrases that no page says; none may be added."""

_SITE = Path(wording.__file__).parent
_SITE_TEXT = "\n".join(file.read_text() for kind in ("*.html", "*.py") for file in sorted(_SITE.rglob(kind)))
_LITERAL = set(re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", _SITE_TEXT))
_WORDS = {word.lower() for word in re.findall(r"[\"']([A-Za-z_]+)[\"']", _SITE_TEXT)}
_BEGINNINGS = tuple(set(re.findall(r"\"([a-z]+_)[\"{]", _SITE_TEXT)))
_PUT_TOGETHER = {
    *re.findall(r"f\"([a-z_]+\.[a-z_]*)\{[^{}\"]+\}([a-z_]*)\"", _SITE_TEXT),
    *re.findall(r"\"([a-z_]+\.[a-z_]*)\" ~ \w+(?: ~ \"([a-z_]+)\")?", _SITE_TEXT),
}
"""Start and end of the keys that code puts together."""


def _enumerations() -> dict[str, list[str]]:
    schemas = OPENAPI["components"]["schemas"]
    found = {name: schema["enum"] for name, schema in schemas.items() if "enum" in schema}
    return {name: values for name, values in found.items() if name not in OF_REQUESTS}


ENUMERATIONS = _enumerations()


def test_the_document_has_enumerations() -> None:
    assert len(ENUMERATIONS) > 30


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", sorted(ENUMERATIONS))
def test_every_value_of_the_api_has_a_label(name: str, language: Language) -> None:
    words = words_of(language)
    missing = [value for value in ENUMERATIONS[name] if not words.has_label(name, value)]
    assert not missing
    assert all(words.label(name, value).text for value in ENUMERATIONS[name])


@pytest.mark.parametrize("status", ENUMERATIONS["BillStatus"])
def test_a_status_has_a_shape_and_an_explanation(status: str) -> None:
    label = Words(Language.PORTUGUESE).label("BillStatus", status)
    assert label.shape in {"go", "soon", "ok", "stop", "unk"}
    assert label.note


def test_a_value_that_is_not_known_yet_is_its_own_label() -> None:
    label = Words(Language.ENGLISH).label("BillStatus", "FROZEN")
    assert (label.text, label.shape) == ("FROZEN", "unk")


@pytest.mark.parametrize(("group", "key", "entry"), FORMS)
def test_a_phrase_has_both_languages_and_the_same_places(group: str, key: str, entry: dict[str, object]) -> None:
    assert set(entry) == {"pt", "en"}
    portuguese, english = (_forms(entry[name]) for name in ("pt", "en"))
    assert len(portuguese) == len(english)
    assert _places(portuguese) == _places(english)


def test_every_phrase_of_a_template_is_there() -> None:
    root = Path(wording.__file__).parent
    files = [*root.rglob("*.html"), *root.rglob("*.py")]
    used = {key for file in files for key in re.findall(r"\"([a-z_]+\.[a-z_]+)\"", file.read_text())}
    groups = wording.phrases()
    wanted = {key for key in used if key.partition(".")[0] in groups and not key.endswith((".html", ".toml"))}
    assert len(wanted) > 50
    assert not {key for key in wanted if key.partition(".")[2] not in groups[key.partition(".")[0]]}


def test_every_phrase_is_used() -> None:
    """A key that is put together counts where its fixed part and, as a word of its own, its other part are there."""
    assert {key for key in _KEYS if not _is_used(key)} <= OF_NO_PAGE
    assert not _is_used("frame.never_heard_of")
    assert not _is_used("follow.never_heard_of")


def _is_used(key: str) -> bool:
    if key in _LITERAL or key.removesuffix("_text") in _LITERAL:
        return True
    for start, end in _PUT_TOGETHER:
        if not (key.startswith(start) and key.endswith(end) and len(key) > len(start + end)):
            continue
        rest = key[len(start) : len(key) - len(end)]
        if not start.endswith(".") or rest in _WORDS or rest.startswith(_BEGINNINGS):
            return True
    return False


def test_a_number_chooses_the_form_and_is_written_in_the_language() -> None:
    assert words_of(Language.PORTUGUESE).t("frame.on_this_page", n=1234).startswith("1.234 ")
    assert words_of(Language.ENGLISH).t("frame.on_this_page", n=1234).startswith("1,234 ")


def test_values_in_a_phrase_of_html_are_escaped() -> None:
    said = words_of(Language.ENGLISH).html("errors.not_found_text", path="<b>")
    assert "&lt;b&gt;" in said


def _forms(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _places(forms: list[str]) -> set[str | None]:
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None}
