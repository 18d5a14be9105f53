"""The figures of the statuses as a page for people: `docs/data-quality.md`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_OPENING = """# How true the statuses are

Written by `make quality-report`; do not edit. {rows} recorded rows of the Câmara's yearly files ({first} to {last})
were read by two versions of Legis; a row has only the last entry of a bill's proceedings. *Before* is commit a0611ec
(kept in `tests/quality/statuses_before.json`), *after* is this version.

- Rows without a status (`UNKNOWN` or `OTHER`), of those that say anything of their standing: **{before}** before,
  **{after}** after.
- Rows judged by hand, from their words alone and before what Legis says of them was looked at: **{right} of {judged}
  right** ({share}). 200 are a random sample by decade with many types of each (seed {seed}), the others a random sample
  of rows whose source gives no situation, which are harder. They stand with their reasons in
  `tests/quality/judged_statuses.csv`. When they were judged, the rule got 194 of the 200 and 77 of the 80 right; the
  kinds of mistake were then mended, so that these rows alone say little of others: of all rows, those with a situation
  included, some 99 in 100 were right before.

A status rests on evidence, which `status_basis` names ([vocabularies](vocabularies.md)). After: {bases}.

"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows by year and status, and by basis; rows that say anything of their standing, and those without a status."""

    years: Mapping[int, Mapping[str, int]]
    bases: Mapping[str, int]
    speaking: int
    untold: int

    @property
    def total(self) -> int:
        """All rows."""
        return sum(sum(counts.values()) for counts in self.years.values())

    def as_json(self) -> dict[str, Any]:
        """The figures as they are kept in a file."""
        return {"years": self.years, "bases": self.bases, "speaking": self.speaking, "untold": self.untold}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Figures":
        """What `as_json` gave."""
        years = {int(year): counts for year, counts in kept["years"].items()}
        return cls(dict(sorted(years.items())), kept["bases"], kept["speaking"], kept["untold"])


@dataclass(frozen=True, slots=True)
class Miss:
    """A judged row whose status is another than was judged."""

    bill_id: str
    identifier: str
    status: str
    judged: str
    why: str


def page(before: Figures, after: Figures, judged: int, misses: Sequence[Miss], seed: int) -> str:
    """The whole page."""
    right = judged - len(misses)
    opening = _OPENING.format(
        rows=_spaced(after.total), first=min(after.years), last=max(after.years),
        before=_share(before), after=_share(after),
        right=right, judged=judged, share=f"{right / max(judged, 1):.1%}", seed=seed,
        bases=", ".join(f"`{name}` {_spaced(rows)}" for name, rows in Counter(after.bases).most_common()),
    )  # fmt: skip
    return opening + _all_statuses(before, after) + _by_year(before, after) + _wrong(misses)


def _all_statuses(before: Figures, after: Figures) -> str:
    old, new = _summed(before), _summed(after)
    names = sorted(old.keys() | new.keys(), key=lambda name: (-new[name], name))
    rows = [(f"`{name}`", _spaced(old[name]), _spaced(new[name])) for name in names]
    return "## By status\n\n" + _table(("status", "before", "after"), rows)


def _by_year(before: Figures, after: Figures) -> str:
    new = _summed(after)
    shown = [name for name, _ in new.most_common(6) if name != "UNKNOWN"]
    head = ["year", "rows", "unknown before", "after"]
    head += [f"{name} {when}" for name in shown for when in ("before", "after")]
    rows = []
    for year, counts in after.years.items():
        old = before.years.get(year, {})
        cells = [str(year), _spaced(sum(counts.values())), _untold(old), _untold(counts)]
        cells += [str(side.get(name, 0)) for name in shown for side in (old, counts)]
        rows.append(cells)
    intro = "\n## By year\n\nThe year is that of presentation. The commonest statuses are shown.\n\n"
    return intro + _table(head, rows)


def _wrong(misses: Sequence[Miss]) -> str:
    if not misses:
        return "\n## Judged otherwise\n\nNone.\n"
    rows = [(one.bill_id, one.identifier, f"`{one.status}`", f"`{one.judged}`", one.why) for one in misses]
    return "\n## Judged otherwise\n\n" + _table(("id", "bill", "Legis", "judged", "why"), rows)


def _summed(figures: Figures) -> Counter[str]:
    total: Counter[str] = Counter()
    for counts in figures.years.values():
        total.update(counts)
    return total


def _untold(counts: Mapping[str, int]) -> str:
    return str(counts.get("UNKNOWN", 0) + counts.get("OTHER", 0))


def _share(figures: Figures) -> str:
    return f"{_spaced(figures.untold)} of {_spaced(figures.speaking)} ({figures.untold / max(figures.speaking, 1):.2%})"


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *rows])
