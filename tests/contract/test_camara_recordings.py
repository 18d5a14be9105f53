"""Every recorded answer of an endpoint that we use is read and normalised without loss."""

import asyncio
import csv
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ingest_camara.client.yearly_files import YearFile, read_lines
from ingest_camara.normalizer.bill import SubResources, from_bulk_row, from_detail, from_list_item
from ingest_camara.normalizer.marks import detail_mark, row_mark
from ingest_camara.normalizer.votings import is_nominal
from ingest_camara.vocabulary.actions import kind_of
from ingest_camara.vocabulary.statuses import status_of
from ingest_camara.wire.bill_records import Author, Detail, ListItem, Status, Theme
from ingest_camara.wire.bulk import BulkRow, BulkStatus, ProposalLayout
from ingest_camara.wire.voting_records import Deputy, MemberVote, Voting
from ingest_camara.wire.wire_model import WireModel
from legis.domain.bill import Bill
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ActionKind, BillStatus, StatusBasis
from legis.domain.vote_totals import published_counts
from legis.domain.voting import VoteOption
from legis.events import BillObserved, Walk, WindowRef, decode, encode
from legis.telemetry.metrics import UNKNOWN_CODES
from material_folder import CAMARA_RECORDINGS as RECORDINGS

NOW = datetime(2026, 11, 20, tzinfo=UTC)
BULK_ROWS = 67_296
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="recordings of the Câmara are not beside the checkout")


def answers(folder: str) -> Iterator[tuple[str, Any]]:
    """Every recorded answer that is JSON by itself, with `dados` taken out of its envelope."""
    for path in sorted((RECORDINGS / folder).rglob("*.json")):
        body = json.loads(path.read_text("utf-8-sig"))
        yield path.name, body["dados"] if isinstance(body, dict) and "dados" in body else body


def rows(folder: str, model: type[WireModel]) -> list[Any]:
    return [model.model_validate(row) for _, data in answers(folder) for row in data]


def details() -> list[Detail]:
    return [Detail.model_validate(data) for _, data in answers("proposicoes_detail")]


def said(bills: list[Bill], name: str) -> None:
    """Prints how many bills claim each field, for people who compare a new recording with these."""
    counts = Counter(field for bill in bills for field in bill.model_fields_set)
    flags = Counter(f"{flag.code}/{flag.field}" for bill in bills for flag in bill.quality_flags)
    kept = Counter(field for bill in bills for field in bill.extras)
    print(f"\n{name}: {len(bills)} records\n  mapped: {dict(sorted(counts.items()))}")
    print(f"  flags: {dict(flags)}\n  kept as extras: {dict(kept)}")


def unknown_codes() -> dict[tuple[str, str], float]:
    return {
        (sample.labels["source"], sample.labels["list"]): sample.value
        for metric in UNKNOWN_CODES.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    }


def survives_the_stream(bill: Bill) -> None:
    provenance = {"url": "u", "fetched_at": NOW, "payload_sha256": "0" * 64, "parser_version": "camara/1"}
    window = WindowRef(window_id="w", walk=Walk.BACKFILL, index=0)
    event = BillObserved.model_validate(
        dict(
            source="camara",
            published_at=NOW,
            window=window,
            read_seq=1,
            bill=bill,
            provenance=provenance,
            part="DETAIL",
        )
    )
    back = decode(encode(event))
    assert isinstance(back, BillObserved)
    assert back.bill == bill
    assert back.bill.model_fields_set == bill.model_fields_set


def test_list_rows() -> None:
    items = rows("proposicoes_list", ListItem)
    caches = [row for _, data in answers("_whole_files") for row in data.values()]
    items += [ListItem.model_validate(row) for row in caches]
    bills = [from_list_item(item, fetched_at=NOW) for item in items]
    said(bills, "list rows")
    assert len(bills) == 74
    assert all(bill.number and bill.year and bill.title and not bill.extras for bill in bills)
    assert {"introduced_on" in bill.model_fields_set for bill in bills} == {True, False}


def test_details() -> None:
    bills = [from_detail(detail, fetched_at=NOW) for detail in details()]
    said(bills, "details")
    assert len(bills) == 29
    assert all(bill.latest_action and bill.title and bill.documents for bill in bills)
    assert {bill.status for bill in bills} >= {BillStatus.ENACTED, BillStatus.JOINED}
    assert all(bill.status not in (BillStatus.OTHER, BillStatus.UNKNOWN) for bill in bills)
    silent = {bill.identifier: (bill.status, bill.status_basis) for bill in bills if not bill.status_text}
    assert silent == {
        "PLP 108/2024": (BillStatus.IN_PROGRESS, StatusBasis.ACTION_CODE),
        "PL 2925/2023": (BillStatus.JOINED, StatusBasis.RELATION),
    }
    for bill in bills:
        survives_the_stream(bill)


def test_no_detail_has_a_field_that_we_do_not_know() -> None:
    for detail in details():
        assert not detail.unknown
        assert detail.statusProposicao is not None
        assert not detail.statusProposicao.unknown


def test_the_bill_of_which_the_chamber_lost_the_situation() -> None:
    stale = next(detail for detail in details() if detail.id == "2387067")  # PLP 192/2023: law with a partial veto
    bill = from_detail(stale)
    assert bill.status is BillStatus.ENACTED
    assert bill.enactment is not None
    assert (bill.enactment.title, bill.enactment.year) == ("Lei Complementar 219/2025", 2025)


def test_authors_and_themes() -> None:
    authors, themes = rows("proposicoes_autores", Author), rows("proposicoes_temas", Theme)
    detail = details()[0]
    bill = from_detail(detail, SubResources(authors=authors, themes=themes), fetched_at=NOW)
    assert [item.name for item in bill.sponsorships] == ["Abílio Santana", "Luiz Carlos Motta", "Poder Executivo"]
    assert {subject.name for subject in bill.subjects} >= {"Educação", "Direito e Justiça"}
    assert not any(row.unknown for row in (*authors, *themes))


def test_proceedings() -> None:
    recorded = rows("proposicoes_tramitacoes", Status)
    actions = from_detail(details()[0], SubResources(proceedings=recorded), fetched_at=NOW).actions
    assert len(actions) == len(recorded) == 7
    assert all(action.kind is not ActionKind.OTHER and action.description for action in actions)
    assert not any(row.unknown for row in recorded)


def votes() -> dict[str, list[MemberVote]]:
    """Recorded members' votes by voting, whose id is in the file's name."""
    return {
        name.split("_")[1]: [MemberVote.model_validate(row) for row in data] for name, data in answers("votacoes_votos")
    }


def test_votings_and_votes() -> None:
    recorded = rows("proposicoes_votacoes", Voting)
    bill = from_detail(details()[0], SubResources(votings=recorded, votes=votes()), fetched_at=NOW)
    options = Counter(vote.option for event in bill.vote_events for vote in event.votes)
    with_totals = sum(event.counts is not None for event in bill.vote_events)
    print(f"\nvotings: {len(recorded)}; {Counter(event.result for event in bill.vote_events)}")
    print(f"  {with_totals} with totals, {sum(map(is_nominal, recorded))} may be nominal; votes: {options}")
    assert len(bill.vote_events) == len(recorded) == 1180
    assert all(event.date and event.description for event in bill.vote_events)
    assert VoteOption.OTHER not in options
    assert options[VoteOption.YES] == 1113
    assert not any(row.unknown for row in recorded)
    survives_the_stream(bill)


def test_totals_are_missed_in_few_descriptions() -> None:
    totals = re.compile(r"total:? ?\d", re.IGNORECASE)
    described = [v.descricao for v in rows("proposicoes_votacoes", Voting) if totals.search(v.descricao or "")]
    missed = [text for text in described if published_counts(text) is None]
    assert len(described) > 300
    assert len(missed) <= len(described) // 100, missed


def test_published_totals_are_those_of_the_votes() -> None:
    checked = 0
    recorded = {voting.id: voting for voting in rows("proposicoes_votacoes", Voting)}
    for voting_id, members in votes().items():
        counts = published_counts(recorded[voting_id].descricao) if voting_id in recorded else None
        if counts is not None and len(members) > 1:  # one recording was trimmed to a single vote
            words = Counter(vote.tipoVoto for vote in members)
            assert (counts.yes, counts.no) == (words["Sim"], words["Não"])
            checked += 1
    assert checked >= 2


def test_deputies() -> None:
    lists = [data for name, data in answers("deputados") if name.startswith("list_")]
    found = [Deputy.model_validate(row) for data in lists for row in data]
    assert len(found) == 512 + 705
    assert all(deputy.id and deputy.nome and deputy.siglaPartido for deputy in found)
    assert not any(deputy.unknown for deputy in found)


def bulk_files(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Every recorded yearly file, unpacked into `folder`, and whether it is one of the 45 whole ones."""
    for path in sorted((RECORDINGS / "bulk_csv").rglob("proposicoes-*.csv*")):
        packed = path.suffix == ".gz"
        target = folder / path.name.removesuffix(".gz")
        target.write_bytes(gzip.decompress(path.read_bytes()) if packed else path.read_bytes())
        yield target, packed


async def read_file(path: Path) -> tuple[list[BulkRow], int]:
    found: list[BulkRow] = []
    broken = 0
    async for lines in read_lines(YearFile(path, path.name, NOW), ProposalLayout):
        found += [line.row for line in lines if line.row is not None]
        broken += sum(line.row is None for line in lines)
    return found, broken


def test_yearly_files(tmp_path: Path) -> None:
    before, total, in_whole_files, seconds = unknown_codes(), 0, 0, 0.0
    statuses: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    enacted_by_name = 0
    for path, whole in bulk_files(tmp_path):
        began = time.process_time()
        found, broken = asyncio.run(read_file(path))
        bills = [from_bulk_row(row, fetched_at=NOW) for row in found]
        seconds += time.process_time() - began
        assert broken == 0, path.name
        with path.open(encoding="utf-8-sig", newline="") as handle:  # counted independently
            assert len(found) == sum(1 for _ in csv.reader(handle, delimiter=";")) - 1
        total += len(bills)
        in_whole_files += len(bills) if whole else 0
        statuses.update(bill.status for bill in bills)
        flags.update(f"{flag.code}/{flag.field}" for bill in bills for flag in bill.quality_flags)
        enacted_by_name += sum("enactment" in bill.model_fields_set for bill in bills)
        for bill in bills[:20]:
            survives_the_stream(bill)
    print(f"\nyearly files: {total} rows, {total / seconds:,.0f} rows a second of one core\n  {dict(statuses)}")
    print(f"  {dict(flags)}\n  norms named: {enacted_by_name}; unknown codes: {unknown_codes()}")
    assert in_whole_files == BULK_ROWS
    assert unknown_codes() == before
    assert BillStatus.OTHER not in statuses
    assert enacted_by_name > 7_000


def test_every_recorded_code_has_a_word_of_ours() -> None:
    before = unknown_codes()
    derived = RECORDINGS / "derived"
    with (derived / "codSituacao_seen.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            status = status_of(row["cod"] or None, row["descricao"] or None)
            assert status not in (BillStatus.OTHER, BillStatus.IN_PROGRESS), row
            by_text = status_of("0", row["descricao"]) if row["cod"] else status
            if row["cod"]:
                assert by_text is status or by_text is BillStatus.IN_PROGRESS, row
    with (derived / "codTipoTramitacao_seen.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            kind_of(row["cod"])
    after = unknown_codes()
    assert after.get(("camara", "codTipoTramitacao"), 0) == before.get(("camara", "codTipoTramitacao"), 0)


def test_list_and_detail_of_the_same_recorded_bill_agree() -> None:
    by_id = {detail.id: detail for detail in details()}
    listed = [*rows("proposicoes_list", ListItem)]
    listed += [ListItem.model_validate(row) for _, data in answers("_whole_files") for row in data.values()]
    compared = 0
    for item in listed:
        if item.id in by_id:
            here, there = from_list_item(item, fetched_at=NOW), from_detail(by_id[item.id], fetched_at=NOW)
            common = here.model_fields_set & there.model_fields_set - {"quality_flags"}
            assert fingerprint(here, common) == fingerprint(there, common), item.id
            compared += 1
    print(f"\n{compared} bills recorded both as a list row and as a detail")
    assert compared >= 20


def test_a_recorded_detail_and_the_row_made_of_it_agree() -> None:
    for detail in details():
        bill = from_detail(detail, fetched_at=NOW)
        row = from_bulk_row(as_row(detail), fetched_at=NOW)
        common = bill.model_fields_set & row.model_fields_set
        assert len(common) > 25
        assert fingerprint(bill, common) == fingerprint(row, common)
        assert row_mark(bill) == row_mark(row)
        assert detail_mark(bill) == detail_mark(from_detail(detail, fetched_at=NOW))


def as_row(detail: Detail) -> BulkRow:
    """The row that a yearly file holds of a bill: seconds on its times, empty cells for nulls."""
    status = detail.statusProposicao
    assert status is not None
    cells: dict[str, Any] = {name: getattr(detail, name, None) or "" for name in BulkRow._fields}
    told: dict[str, Any] = {name: getattr(status, name) or "" for name in BulkStatus._fields if name != "unknown"}
    told.update(dataHora=f"{status.dataHora}:00", ambito=None, apreciacao=status.apreciacao, unknown={})
    cells.update(dataApresentacao=f"{detail.dataApresentacao}:00", ementa=(detail.ementa or "").replace("\r\n", "\n"))
    cells.update(statusProposicao=BulkStatus(**told), unknown={}, texto=None, justificativa=None)
    return BulkRow(**cells)
