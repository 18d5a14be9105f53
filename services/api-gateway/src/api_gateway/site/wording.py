"""The words of the pages in both languages, read once from the files in `words/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from legis.languages import Language
from markupsafe import Markup

from api_gateway.site.formats import Formats

_SHORT = {Language.PORTUGUESE: "pt", Language.ENGLISH: "en"}
_VOCABULARY = "vocabulary"


@dataclass(frozen=True, slots=True)
class Label:
    """A value of an enumeration in words. `shape` is the family of its mark; empty where it has none."""

    code: str
    text: str
    note: str = ""
    shape: str = ""


class Words:
    """The words of one language. A phrase is named by its file and its key there: `search.button`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.short = _SHORT[language]

    def t(self, key: str, n: int | None = None, **values: object) -> str:
        """A phrase with its values put in. With `n` the phrase may have two forms: of one, and of any other number."""
        return self._form(key, n).format(count=self._count(n), **values)

    def html(self, key: str, n: int | None = None, **values: object) -> Markup:
        """The same where the phrase is HTML; the values are escaped unless they are Markup."""
        return Markup(self._form(key, n)).format(count=self._count(n), **values)

    def label(self, vocabulary: str, code: str | None) -> Label:
        """The label of a value. A value that the words do not know yet (lists are open) is its own label."""
        known = phrases()[_VOCABULARY][vocabulary].get(code or "UNKNOWN")
        if known is None:
            return Label(code or "", code or "", shape="unk")
        note = known.get(f"{self.short}_note", "")
        return Label(code or "UNKNOWN", known[self.short], note, known.get("shape", ""))

    def has(self, group: str, name: str) -> bool:
        """Whether there is a phrase of that name."""
        return name in phrases()[group]

    def has_label(self, vocabulary: str, code: str | None) -> bool:
        """Whether the words know the value."""
        return code in phrases()[_VOCABULARY][vocabulary]

    def _count(self, n: int | None) -> str:
        return "" if n is None else Formats(self.language).number(n)

    def _form(self, key: str, n: int | None) -> str:
        group, _, name = key.partition(".")
        found = phrases()[group][name][self.short]
        if isinstance(found, list):
            return str(found[0 if n == 1 else 1])
        return str(found)


@cache
def phrases() -> Mapping[str, Mapping[str, Any]]:
    """All words, by the name of their file and their key."""
    folder = files("api_gateway.site") / "words"
    return {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


@cache
def words_of(language: Language) -> Words:
    """The words of a language."""
    return Words(language)
