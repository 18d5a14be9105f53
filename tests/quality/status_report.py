"""Statuses of every recorded row by year, and of those judged by hand: `python -m quality.status_report`.

Writes `docs/data-quality.md`. `--save-before FILE` keeps the figures of the tree that runs it, `--sample` prints the
rows to be judged without what the product says of them.
"""

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest_camara.normalizer.bill import from_bulk_row
from legis.domain.bill import Bill
from legis.domain.vocabulary import BillStatus

from quality.recorded_rows import FOLDER, SEED, Recorded, read_rows, sample, says_anything, why_missing
from quality.status_page import Figures, Miss, page

PAGE = Path(__file__).resolve().parents[2] / "docs/data-quality.md"
BEFORE = Path(__file__).with_name("statuses_before.json")
JUDGED = Path(__file__).with_name("judged_statuses.csv")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person took the status of a bill to be from its row's words, and why."""

    status: BillStatus
    why: str


def read_judgements(path: Path = JUDGED) -> dict[str, Judgement]:
    """The judged rows by id. Raises ValueError for a status that is none, and for a row judged twice."""
    found: dict[str, Judgement] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["id"] in found:
                raise ValueError(f"{row['id']} is judged twice")
            found[row["id"]] = Judgement(BillStatus(row["status"]), row["why"])
    return found


def count(rows: Iterable[Recorded]) -> Figures:
    """Statuses by year, and of how many rows that say anything the status is unknown."""
    years: defaultdict[int, Counter[str]] = defaultdict(Counter)
    bases: Counter[str] = Counter()
    speaking = untold = 0
    for one in rows:
        bill = from_bulk_row(one.row)
        years[one.year][bill.status.value] += 1
        bases[str(getattr(bill, "status_basis", ""))] += 1
        if says_anything(one.row):
            speaking += 1
            untold += bill.status in (BillStatus.UNKNOWN, BillStatus.OTHER)
    return Figures({year: dict(counts) for year, counts in sorted(years.items())}, dict(bases), speaking, untold)


def compare(rows: Iterable[Recorded], judged: Mapping[str, Judgement]) -> tuple[int, list[Miss]]:
    """How many judged rows were found, and those whose status is another than was judged."""
    found, misses = 0, []
    for one in rows:
        judgement = judged.get(one.row.id)
        if judgement is not None:
            found += 1
            bill = from_bulk_row(one.row)
            if bill.status is not judgement.status:
                misses.append(_miss(bill, judgement))
    return found, misses


def main() -> int:
    """The exit status: 1 where fewer than 99 in 100 judged rows are right."""
    arguments = _arguments()
    if missing := why_missing(arguments.recordings):
        print(f"skipped: {missing}")
        return 0
    rows = list(read_rows(arguments.recordings))
    if arguments.sample:
        _show(sample(rows))
        return 0
    figures = count(rows)
    if arguments.save_before is not None:
        kept = json.dumps(figures.as_json(), indent=1, sort_keys=True)
        arguments.save_before.write_text(f"{kept}\n", encoding="utf-8")
        return 0
    judged = read_judgements()
    found, misses = compare(rows, judged)
    before = Figures.from_json(json.loads(BEFORE.read_text(encoding="utf-8")))
    PAGE.write_text(page(before, figures, found, misses, SEED), encoding="utf-8")
    right = found - len(misses)
    print(f"{figures.total} rows; {right} of {found} judged rows right; {figures.untold} of {figures.speaking} that say"
          " anything have no status")  # fmt: skip
    for miss in misses:
        print(f"  {miss.bill_id} {miss.identifier}: {miss.status}, judged {miss.judged} ({miss.why})")
    return 0 if right * 100 >= found * 99 else 1


def _miss(bill: Bill, judgement: Judgement) -> Miss:
    return Miss(bill.upstream_id, bill.identifier, bill.status.value, judgement.status.value, judgement.why)


def _show(rows: Sequence[Recorded]) -> None:
    for one in rows:
        row, status = one.row, one.row.statusProposicao
        print(
            row.id, one.year, f"{row.siglaTipo} {row.numero}/{row.ano}", f"[{status.descricaoSituacao}]",
            f"({status.codTipoTramitacao} {status.descricaoTramitacao})", " ".join(status.despacho.split())[:400],
            "main" if row.uriPropPrincipal else "", sep=" | ",
        )  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="quality.status_report", description=__doc__)
    parser.add_argument("--recordings", type=Path, default=FOLDER, help="folder of the yearly files")
    parser.add_argument("--sample", action="store_true", help="print the rows to be judged and stop")
    parser.add_argument("--save-before", type=Path, metavar="FILE", help="keep this tree's figures and stop")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
