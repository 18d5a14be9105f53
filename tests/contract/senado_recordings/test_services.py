"""Every recorded answer of today's services is read whole: nothing refused, nothing lost unseen."""

import json
from collections import Counter
from typing import Any

from contract.senado_recordings.census import ROOT, SEEN, Census, beside, files, rows, stored_as_it_is
from ingest_senado.legacy.legacy_bill_records import unwrap
from ingest_senado.normalizer.bill import from_detail, from_list_row, from_votings
from ingest_senado.vocabulary.statuses import bill_status
from ingest_senado.wire.bill_records import Detail, ListRow
from ingest_senado.wire.json_records import split_rows, whole
from ingest_senado.wire.rapporteur_records import RapporteurRow
from ingest_senado.wire.voting_records import VotingRow
from legis.domain.bill import VoteCounts
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import BillStatus
from legis.domain.voting import VoteOption

pytestmark = beside


def test_lists() -> None:
    census = Census("processo")
    for record in rows("processo/processo-lista"):
        row = ListRow.model_validate(record.value)
        census.add(row)
        bill = from_list_row(row, SEEN)
        assert stored_as_it_is(bill) == bill
        assert bill.status not in (BillStatus.OTHER, BillStatus.UNKNOWN)
        assert (bill.number, bill.year, bill.quality_flags) == (
            int(row.identificacao.split(" ")[1].split("/")[0]), int(row.identificacao.split("/")[1]), (),
        )  # fmt: skip
    census.report()


def test_details() -> None:
    census = Census("processo/{id}")
    for path in files("processo/processo-detalhe"):
        detail = Detail.model_validate(whole(path.read_bytes()).value)
        census.add(detail)
        bill = from_detail(detail, SEEN)
        assert stored_as_it_is(bill) == bill
        reports = [r for filing in detail.autuacoes for r in filing.informesLegislativos]
        ids = {action.upstream_id for action in bill.actions}
        assert {str(report.id) for report in reports} <= ids
        assert {str(dispatch.id) for dispatch in detail.despachos} <= ids
        assert len(bill.sponsorships) == len(detail.documento.autoria if detail.documento else ())
        assert "OTHER" not in {action.kind for action in bill.actions}
    census.report()


def test_the_same_bill_by_list_and_detail_has_one_fingerprint() -> None:
    listed = {bill.upstream_id: bill for bill in (
        from_list_row(ListRow.model_validate(r.value), SEEN) for r in rows("processo/processo-lista")
    )}  # fmt: skip
    compared = 0
    for path in files("processo/processo-detalhe"):
        full = from_detail(Detail.model_validate(whole(path.read_bytes()).value), SEEN)
        if (short := listed.get(full.upstream_id)) is not None:
            compared += 1
            shared = short.model_fields_set - {"extras"}
            assert {n: getattr(short, n) for n in shared} == {n: getattr(full, n) for n in shared}
            assert fingerprint(short) == fingerprint(full, short.model_fields_set)
            assert short.upstream_updated_at == full.upstream_updated_at
    assert compared == 1


def test_rapporteurs() -> None:
    census = Census("processo/relatoria")
    detail = Detail.model_validate({"id": 8783948, "identificacao": "PL 34/2025"})
    found = [RapporteurRow.model_validate(record.value) for record in rows("processo/processo-relatoria")]
    for row in found:
        census.add(row)
    bill = from_detail(detail, SEEN, relatorias=found)
    assert [r.name for r in bill.rapporteurs] == ["Zenaide Maia"]
    assert bill.rapporteurs[0].ended_on is None
    census.report()


def test_votings() -> None:
    census, options = Census("votacao"), Counter[VoteOption]()
    for path in files("processo/votacao"):
        for record in split_rows(path.read_bytes()):
            row = VotingRow.model_validate(record.value)
            census.add(row)
            bill = from_votings(str(row.idProcesso), [row], SEEN)
            assert stored_as_it_is(bill) == bill
            (event,) = bill.vote_events
            options.update(vote.option for vote in event.votes)
            assert len(event.votes) == len(row.votos)
            if row.votacaoSecreta == "S":
                assert event.counts is not None
                assert (event.counts.yes, event.counts.no, event.counts.abstain) == (48, 4, 1)
                assert {v.option for v in event.votes} <= {VoteOption.SECRET, VoteOption.PRESENT, VoteOption.ABSENT}
            else:
                assert event.counts == VoteCounts(
                    yes=sum(v.option is VoteOption.YES for v in event.votes),
                    no=sum(v.option is VoteOption.NO for v in event.votes),
                )
    print("votes:", {option.value: count for option, count in options.items()})
    assert VoteOption.OTHER not in options
    census.report()


def test_tables_of_situations_have_a_place_in_our_list() -> None:
    found = [record.value["descricao"] for record in split_rows(
        (ROOT / "processo/processo-tabelas/tipos-situacao_first8__20260919.json").read_bytes()
    )]  # fmt: skip
    old = unwrap(json.loads((ROOT / "legacy-2018/materia_situacoes.json").read_bytes()), next(
        iter(json.loads((ROOT / "legacy-2018/materia_situacoes.json").read_bytes()))
    ))  # fmt: skip
    found += _descriptions(old)
    assert len(found) > 80
    assert [text for text in found if bill_status(text) in (BillStatus.OTHER, BillStatus.UNKNOWN)] == []


def _descriptions(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["Descricao"]] if {"Sigla", "Descricao", "Codigo"} <= node.keys() else []
        return own + [text for value in node.values() for text in _descriptions(value)]
    return [text for value in node for text in _descriptions(value)] if isinstance(node, list) else []
