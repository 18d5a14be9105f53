"""Parses labels of bills as people type them: `PL 2630/2020`, `pl-39-2024`, `projeto de lei nº 1.234, de 1975`.

A text becomes one or more labels in the spelling of the index, with the type codes that the same kind of bill had at
another time or in the other house: a PDL was a PDC in the Câmara until 2018, and a PDS in the Senado.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from legis.domain.identity.identifiers import BillLabel, parse_label, print_label

from api_gateway.documents.derive import label_key
from api_gateway.search.language.analysis import folded, full_year, hyphenated
from api_gateway.search.language.law_names import DAY

MAX_NUMBER = 2**31 - 1
_LONGEST = 200

_SPELLED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("projeto de lei do congresso nacional", ("PLN",)),
    ("projeto de lei de conversao", ("PLV",)),
    ("projeto de lei complementar", ("PLP",)),
    ("projeto de lei da camara dos deputados", ("PL", "PLC")),
    ("projeto de lei da camara", ("PLC", "PL")),
    ("projeto de lei do senado federal", ("PLS", "PL")),
    ("projeto de lei do senado", ("PLS", "PL")),
    ("projeto de lei ordinaria", ("PL",)),
    ("projeto de lei", ("PL", "PLS", "PLC")),
    ("projeto de decreto legislativo", ("PDL", "PDC", "PDS", "PDN")),
    ("projeto de resolucao da camara dos deputados", ("PRC",)),
    ("projeto de resolucao da camara", ("PRC",)),
    ("projeto de resolucao do senado federal", ("PRS",)),
    ("projeto de resolucao do senado", ("PRS",)),
    ("projeto de resolucao do congresso nacional", ("PRN",)),
    ("projeto de resolucao", ("PRC", "PRS", "PRN")),
    ("proposta de emenda a constituicao", ("PEC",)),
    ("proposta de emenda constitucional", ("PEC",)),
    ("proposta de fiscalizacao e controle", ("PFC",)),
    ("medida provisoria", ("MPV",)),
    ("requerimento de informacao", ("RIC", "RQS")),
    ("requerimento de instituicao de cpi", ("RCP",)),
    ("requerimento", ("REQ", "RQS", "RIC")),
    ("indicacao", ("INC", "INS")),
    ("mensagem", ("MSC", "MSG", "MSF")),
    ("sugestao", ("SUG",)),
    ("recurso", ("REC",)),
    ("emenda de plenario", ("EMP",)),
    ("emenda na comissao", ("EMC",)),
    ("parecer do relator", ("PRL",)),
    ("substitutivo", ("SBT",)),
    ("ato de concessao e renovacao de concessao de emissora de radio e televisao", ("TVR",)),
    ("veto", ("VET",)),
)
_ALSO: dict[str, tuple[str, ...]] = {
    "MP": ("MPV",),
    "PDL": ("PDC", "PDS"),
    "PDC": ("PDL",),
    "PDS": ("PDL",),
    "PL": ("PLS", "PLC"),
    "PLS": ("PL",),
    "PLC": ("PL",),
    "INC": ("INS",),
    "MSC": ("MSG",),
    "REQ": ("RQS",),
}
"""Type codes that a code may also stand for; bills with the code itself come first."""

_ALL_CODES = tuple(
    dict.fromkeys(("PL", "PEC", "PLP", "MPV", "PDL", "PLS", *(code for _, codes in _SPELLED for code in codes)))
)
"""Type codes of which a number alone may be meant, those asked for most often first."""

_SIGN = r"(?:\s*n(?:[ºª°o]\.?|\.[ºª°o]?|r\.?|um\.?)?\s*|\s+)"
_NUMBER = r"(?P<number>(?:\d{1,3}(?:\.\d{3})+|\d{1,9})(?:-\d{1,3})?)"
_YEAR = rf"(?:\s*[/-]\s*|\s*,?\s+de\s+{DAY}|\s*,\s*|\s+)(?P<year>[12]\d{{3}}|\d\d)(?![\w/])"
_SPELLED_LABEL = re.compile(
    rf"(?P<type>{'|'.join(words.replace(' ', r'[ ]+') for words, _ in _SPELLED)})(?:[ ]*\([a-z]{{2,5}}\))?"
    rf"{_SIGN}{_NUMBER}{_YEAR}\W*"
)
_CODE_LABEL = re.compile(rf"(?P<type>[a-z][a-z.]{{1,7}})(?:-|{_SIGN})?{_NUMBER}{_YEAR}\W*")
_BARE_LABEL = re.compile(
    r"\s*(?:n[ºª°o.]*\s*)?(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,9})\s*/\s*(?P<year>[12]\d{3}|\d\d)\s*"
)
_BEGINNING = re.compile(
    rf"(?:(?P<spelled>{'|'.join(words for words, _ in _SPELLED)})|(?P<code>[a-z][a-z.-]{{0,11}}?))?"
    r"(?:-| ?n[o.]{1,2} ?| )?(?P<number>\d[\d.]{0,10})(?:(?: ?[/-] ?| de | )(?P<year>\d{0,4}))?"
)
_BODY = re.compile(r"(?:-\s*)?([A-Za-z][A-Za-z0-9]{1,14})")
"""What follows the year of a label: the acronym of a body."""

_LAWS = frozenset({"lei", "decreto", "art", "artigo", "lc", "portaria", "resolucao", "de", "em", "no", "ano"})
"""Words that do not name a bill when they precede a number and a year."""


@dataclass(frozen=True, slots=True)
class LabelQuery:
    """The bills that a label asks for: those that have or had one of the labels `keys`, followed by those of `also`. If
    no type was given, every bill with this number and year.
    """

    keys: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    number: int | None = None
    year: int | None = None


def label_beginnings(text: str) -> tuple[str, ...]:
    """Beginnings of labels that a text may be the beginning of: `PL 26` for `pl nº 26` and `projeto de lei 26`. A
    number without a type must have the slash of its year: `2630/20`.
    """
    match = _BEGINNING.fullmatch(folded(text[:_LONGEST]))
    if match is None:
        return ()
    year = match["year"]
    codes = dict(_SPELLED).get(match["spelled"] or "", ())
    if match["code"]:
        code = match["code"].replace(".", "").upper()
        codes = (code, *_ALSO.get(code, ())) if code in _ALSO else (code,)
    elif not codes and year is not None:
        codes = _ALL_CODES
    number = match["number"].replace(".", "")
    years = [] if not year else [year, str(full_year(year))] if len(year) == 2 else [year]
    rests = [f"{number}/{one}" for one in dict.fromkeys(years)] or [number if year is None else f"{number}/"]
    return tuple(f"{code} {rest}" for code in codes for rest in rests)


@lru_cache(4096)
def read_label(text: str) -> LabelQuery | None:
    """The bill that the whole text names; None if it names none."""
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None
    name = folded(text)
    if match := _BARE_LABEL.fullmatch(name):
        number = int(match["number"].replace(".", ""))
        return LabelQuery(number=number, year=full_year(match["year"])) if number <= MAX_NUMBER else None
    if match := _SPELLED_LABEL.fullmatch(name):
        codes = dict(_SPELLED)[" ".join(match["type"].split())]
        return _query(codes, match)
    if (match := _CODE_LABEL.fullmatch(name)) and (code := match["type"].replace(".", "")) not in _LAWS:
        return _query(_codes(code.upper(), match["type"].strip(".").upper()), match)
    label = parse_label(hyphenated(text))
    if label is None or label.suffix or label.type_code.lower() in _LAWS or not _fits(label):
        return None
    return LabelQuery(keys=(_key(label.type_code, label.number_text, label.year),))


def read_whole_label(text: str) -> LabelQuery | None:
    """The one bill whose complete label the text is, including what follows the year: `PL 458/2021
    (Substitutivo-CD)`. The acronym of a body there is read with and without its hyphen: `REQ 5/2022 - CE`.
    """
    text = hyphenated(text)
    label = parse_label(text)
    if label is None or label.type_code.lower() in _LAWS or not _fits(label):
        return None
    keys = [label_key(text)]
    if body := _BODY.fullmatch(label.suffix):
        plain = print_label(label.type_code, label.number_text, label.year)
        keys += [label_key(f"{plain} {body[1]}"), label_key(f"{plain} - {body[1]}")]
    return LabelQuery(keys=tuple(dict.fromkeys(keys)))


def _codes(code: str, dotted: str) -> tuple[str, ...]:
    """A code and what else it may stand for; last with its dots, since some old codes have them."""
    return tuple(dict.fromkeys((code, *_ALSO.get(code, ()), dotted)))


def _query(codes: tuple[str, ...], match: re.Match[str]) -> LabelQuery:
    number, year = match["number"].replace(".", ""), full_year(match["year"])
    first, *others = (_key(code, number.lstrip("0") or "0", year) for code in codes)
    return LabelQuery(keys=(first,), also=tuple(others))


def _key(code: str, number: str, year: int) -> str:
    return label_key(print_label(code, number, year))


def _fits(label: BillLabel) -> bool:
    return label.number is None or label.number <= MAX_NUMBER
