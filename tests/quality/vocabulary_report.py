"""How much of what is recorded has no word of ours, weighed by frequency: `python -m quality.vocabulary_report`.

For each field the share of `UNKNOWN` and `OTHER`, and the commonest official words behind them. Exits with 1 where
more than 1 % of the actions, or 2 % of the statuses of rows that say anything, have none.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest_camara.normalizer.bill import from_bulk_row
from ingest_senado.vocabulary.actions import action_kind
from ingest_senado.vocabulary.statuses import bill_status
from legis.domain.vocabulary import ActionKind, BillStatus, BillType

from quality.recorded_rows import FOLDER, read_rows, says_anything, why_missing

ACTIONS_AT_MOST, STATUSES_AT_MOST = 0.01, 0.02


@dataclass(slots=True)
class Tally:
    """How often a field was seen, how often without a word of ours, and what stood there."""

    seen: int = 0
    nameless: Counter[str] = field(default_factory=Counter)

    def add(self, named: bool, official: str) -> None:
        """One more value; `official` is what the source wrote."""
        self.seen += 1
        if not named:
            self.nameless[official[:70]] += 1

    @property
    def share(self) -> float:
        """Values without a word of ours, of all."""
        return self.nameless.total() / self.seen if self.seen else 0.0


def camara(folder: Path) -> dict[str, Tally]:
    """The fields of every recorded row of the Câmara."""
    action, status, kind = Tally(), Tally(), Tally()
    for one in read_rows(folder):
        bill, last = from_bulk_row(one.row), one.row.statusProposicao
        words = " ".join(last.despacho.split()) or last.descricaoTramitacao
        if last.despacho.strip() or last.codTipoTramitacao not in ("", "5"):
            named = bill.latest_action is not None and bill.latest_action.kind is not ActionKind.OTHER
            action.add(named, f"{last.codTipoTramitacao} {words}")
        if says_anything(one.row):
            status.add(bill.status not in (BillStatus.UNKNOWN, BillStatus.OTHER), words)
        kind.add(bill.type is not BillType.OTHER, bill.type_code)
    return {"camara action kind": action, "camara status": status, "camara type": kind}


def senado(folder: Path) -> dict[str, Tally]:
    """Situations and entries of the proceedings in the recorded answers of the Senado, old and new."""
    action, status = Tally(), Tally()
    for path in sorted(folder.rglob("*.json")):
        for node in _nodes(json.loads(path.read_text("utf-8-sig"))):
            text = node.get("situacaoAtual") or node.get("DescricaoSituacao")
            if isinstance(text, str):
                status.add(bill_status(text) not in (BillStatus.UNKNOWN, BillStatus.OTHER), text)
            if "idSituacaoIniciada" in node or "enteAdministrativo" in node or "TextoTramitacao" in node:
                words = node.get("TextoTramitacao") or (node.get("descricao") if "data" in node else None)
                if isinstance(words, str):
                    sign = node.get("siglaSituacaoIniciada") or _sign(node)
                    action.add(action_kind(words, sign) is not ActionKind.OTHER, words)
    return {"senado action kind": action, "senado status": status}


def _sign(node: dict[str, Any]) -> str | None:
    situation = node.get("Situacao")
    return situation.get("SiglaSituacao") if isinstance(situation, dict) else None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="quality.vocabulary_report", description=__doc__)
    parser.add_argument("--recordings", type=Path, default=FOLDER, help="folder of the Câmara's yearly files")
    beside = FOLDER.parents[1] / "senado"
    parser.add_argument("--senado", type=Path, default=beside, help="folder of the Senado's answers")
    arguments = parser.parse_args()
    if missing := why_missing(arguments.recordings):
        print(f"skipped: {missing}")
        return 0
    tallies = camara(arguments.recordings)
    if arguments.senado.is_dir():
        tallies |= senado(arguments.senado)
    else:
        print(f"the Senado is left out: no recordings at {arguments.senado}")
    for name, tally in tallies.items():
        print(f"{name:20} {tally.nameless.total():6} of {tally.seen:6} without a word of ours ({tally.share:.2%})")
        for words, times in tally.nameless.most_common(10):
            print(f"{times:12}  {words}")
    limits = {"camara action kind": ACTIONS_AT_MOST, "camara status": STATUSES_AT_MOST}
    return int(any(tallies[name].share > limit for name, limit in limits.items()))


if __name__ == "__main__":
    raise SystemExit(main())
