"""Titles, subjects and keywords of synthetic bills, in the Portuguese of the two chambers."""

from typing import Final, NamedTuple

from upstream_sim.congress.people import deputies
from upstream_sim.congress.seeded_random import SeededRandom
from upstream_sim.congress.themes import THEMES, Theme
from upstream_sim.congress.words import ENDINGS, LAWS, MINISTRIES, PLACES, PURPOSES, RARE_WORDS

TextKey = tuple[int | str, ...]

_CONTRACTIONS: Final = {
    ("de", "a"): "da",
    ("de", "o"): "do",
    ("de", "as"): "das",
    ("de", "os"): "dos",
    ("a", "a"): "à",
    ("a", "o"): "ao",
    ("a", "as"): "às",
    ("a", "os"): "aos",
}
_CAPITALS_UNTIL: Final = 1999


class Text(NamedTuple):
    """The texts of a bill: `title` is the ementa without any of the chambers' oddities."""

    title: str
    explanation: str
    themes: tuple[Theme, ...]
    keywords: tuple[str, ...]


def joined(preposition: str, phrase: str) -> str:
    """A preposition and a phrase, contracted: `de` and `a saúde` give `da saúde`."""
    article, _, rest = phrase.partition(" ")
    return f"{_CONTRACTIONS.get((preposition, article), f'{preposition} {article}')} {rest}"


def _law_title(rng: SeededRandom, phrase: str) -> str:
    law, day, name = rng.pick_common(LAWS)
    purpose, ending = rng.pick_common(PURPOSES), rng.pick_common(ENDINGS)
    form = rng.below(9)
    if form < 3:
        return f"Altera a Lei nº {law}, de {day}{name}, para {purpose} {phrase}{ending}"
    if form == 3:
        return f"Dispõe sobre {phrase}{ending}"
    if form == 4:
        return f"Institui a Política Nacional de Promoção {joined('de', phrase)}{ending}"
    if form == 5:
        article = 2 + rng.below(90)
        return f"Acrescenta o art. {article}-A à Lei nº {law}, de {day}, a fim de {purpose} {phrase}{ending}"
    if form == 6:
        return f"Cria o Programa Nacional de Apoio {joined('a', phrase)} no Município de {rng.pick(PLACES)}{ending}"
    if form == 7:
        return f"Institui o Dia Nacional {joined('de', phrase)}, a ser celebrado em {1 + rng.below(28)} de agosto."
    return f"Obriga os órgãos públicos a divulgar informações sobre {phrase}{ending}"


def _accessory_title(rng: SeededRandom, kind: str, phrase: str) -> str:
    person = rng.pick(deputies())
    if kind in ("REQ", "RQS"):
        return f"Requer a realização de audiência pública para debater {phrase} em {rng.pick(PLACES)}."
    if kind == "INC":
        ministry, purpose = rng.pick(MINISTRIES), rng.pick_common(PURPOSES)
        return f"Sugere ao Ministério {ministry} a adoção de medidas para {purpose} {phrase}."
    if kind == "RIC":
        return f"Solicita informações ao Ministro de Estado {rng.pick(MINISTRIES)} sobre {phrase}."
    if kind in ("PRL", "P.C"):
        return f"Parecer do Relator, Dep. {person.name} ({person.party}-{person.state}), pela aprovação."
    if kind == "SBT":
        return f"Substitutivo que dispõe sobre {phrase}."
    if kind == "EMC":
        return f"Dê-se ao art. {1 + rng.below(20)} do projeto nova redação, para {rng.pick_common(PURPOSES)} {phrase}."
    if kind in ("MSC", "MSF", "OFS", "AVS"):
        return f"Submete à apreciação do Congresso Nacional exposição sobre {phrase}."
    return f"Dispõe sobre {phrase}."


def compose(seed: int, key: TextKey, kind: str, year: int) -> Text:
    """The texts of one bill; `key` identifies the bill where it began, so both houses' records have the same texts."""
    rng = SeededRandom(seed, "text", *key)
    theme = rng.pick_common(THEMES)
    phrase = rng.pick_common(theme.objects)
    if rng.chance(0.05):
        phrase = f"{phrase}, inclusive quanto a {rng.pick(RARE_WORDS)},"
    if kind == "PEC":
        title = f"Altera o art. {5 + rng.below(240)} da Constituição Federal para {rng.pick_common(PURPOSES)} {phrase}."
    elif kind in _LAW_LIKE:
        title = _law_title(rng, phrase)
    else:
        title = _accessory_title(rng, kind, phrase)
    title = title.replace(",.", ".").replace(",,", ",")
    if year < _CAPITALS_UNTIL and rng.chance(0.9):
        title = title.upper()
    themes = (theme, rng.pick_common(THEMES)) if rng.chance(0.3) else (theme,)
    words = dict.fromkeys(rng.pick(theme.keywords) for _ in range(2 + rng.below(4)))
    explanation = f"Trata {joined('de', phrase)}." if rng.chance(0.2) else ""
    return Text(title, explanation, tuple(dict.fromkeys(themes)), tuple(words))


_LAW_LIKE: Final = frozenset({"PL", "PLP", "PLS", "PLC", "PDC", "PDL", "PDS", "PRC", "PRS", "MPV"})
