"""How old the data of a page are, in one badge, from what the API says about each reply."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api_gateway.site.formats import as_instant
from api_gateway.site.visit import Visit
from api_gateway.site.wording import Label

_CURRENT = ("FRESH", "PARTIAL")
"""States in which what changes at the house comes in."""

_WORST_LAST = ("FRESH", "PARTIAL", "STALE", "UNKNOWN", "BLOCKED")


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """One house: its state, and when it was last read. `warning` says what is wrong; empty where it is current."""

    source: Label
    state: Label
    read_at: str | None
    warning: str


@dataclass(frozen=True, slots=True)
class Badge:
    """The worst state of all houses, and the oldest reading; `late` are the houses that are not up to date."""

    state: Label
    read_at: str | None
    sources: tuple[SourceFreshness, ...]
    sample: bool

    @property
    def late(self) -> tuple[SourceFreshness, ...]:
        """The houses whose data are older than they should be, or may be: those that a page warns of."""
        return tuple(one for one in self.sources if one.warning)


def badge(visit: Visit, metas: Iterable[Mapping[str, Any]]) -> Badge | None:
    """The badge of a page made of replies with this `meta`; None where none tells. The oldest news of a house counts:
    a page is no fresher than its oldest part.
    """
    told = [meta for meta in metas if meta.get("freshness")]
    if not told:
        return None
    sources = tuple(_of_source(visit, name, told) for name in sorted(_names(told)))
    worst = max(sources, key=lambda one: _rank(one.state.code))
    reads = [one.read_at for one in sources]
    oldest = None if None in reads else min(read for read in reads if read)
    return Badge(worst.state, oldest, sources, any(meta.get("dataset") == "sample" for meta in told))


def _names(metas: Iterable[Mapping[str, Any]]) -> set[str]:
    return {one["source"] for meta in metas for one in meta["freshness"]}


def _of_source(visit: Visit, name: str, metas: Iterable[Mapping[str, Any]]) -> SourceFreshness:
    entries = [one for meta in metas for one in meta["freshness"] if one["source"] == name]
    state = max((one["state"] for one in entries), key=_rank)
    reads = [one["last_success_at"] for one in entries]
    oldest = None if None in reads else min(reads)
    source = visit.words.label("Source", name)
    return SourceFreshness(
        source, visit.words.label("SourceState", state), oldest, _warning(visit, source, state, oldest)
    )


def _warning(visit: Visit, source: Label, state: str, read_at: str | None) -> str:
    """What is wrong with the data of a house, in a sentence."""
    t, of_house = visit.words.t, source.note or source.text
    if state in _CURRENT:
        return ""
    if state == "BLOCKED":
        return t("frame.late_blocked", of_house=of_house)
    if state != "STALE":
        return t("frame.late_unknown", of_house=of_house)
    if read_at is None:
        return t("frame.late_some", of_house=of_house)
    span = visit.formats.span((visit.now - as_instant(read_at)).total_seconds())
    return t("frame.late", of_house=of_house, span=span)


def _rank(state: str) -> int:
    return _WORST_LAST.index(state) if state in _WORST_LAST else len(_WORST_LAST)
