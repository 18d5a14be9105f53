"""Every recorded answer of the services that we use is read whole: nothing refused, nothing lost unseen."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ingest_senado.legacy.normalizer import bill_key, from_flat_row, from_materia, from_updated_row
from ingest_senado.legacy.wire import FlatRow, MateriaDetail, children, unwrap
from ingest_senado.legacy.wire_histories import LegacyRapporteur, LegacyText, LegacyVoting, Movements, UpdatedRow
from ingest_senado.normalizer import Sighting, from_detail, from_list_row, from_votings
from ingest_senado.vocabulary.statuses import bill_status
from ingest_senado.wire.bodies import Record, split_rows, whole
from ingest_senado.wire.process import Detail, ListRow
from ingest_senado.wire.rapporteur import RapporteurRow
from ingest_senado.wire.record import Wire, count_unknown, leftovers
from ingest_senado.wire.voting import VotingRow
from legis.domain.bill import Bill, VoteCounts
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import BillStatus, CounterpartRule, VoteOption
from legis.events import BillObserved, Walk, WindowRef, decode, encode

ROOT = Path(__file__).parents[3] / "shared" / "recordings" / "senado"
SEEN = Sighting(datetime(2026, 11, 23, tzinfo=UTC))

pytestmark = pytest.mark.skipif(not ROOT.is_dir(), reason="recordings of the Senado are not beside this checkout")


def files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).glob("*.json"))
    assert found, f"no recordings in {folder}"
    return found


def rows(folder: str) -> Iterator[Record]:
    for path in files(folder):
        yield from split_rows(path.read_bytes())


def payloads(folder: str, root: str, pattern: str = "*.json") -> Iterator[tuple[str, dict[str, Any]]]:
    found = sorted((ROOT / folder).glob(pattern))
    assert found
    for path in found:
        yield path.name, unwrap(whole(path.read_bytes()).value, root)


class Census:
    """Counts what became of each field, by where it stood."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.records = 0
        self.mapped: Counter[str] = Counter()
        self.carried: Counter[str] = Counter()
        self.implied: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def add(self, node: Wire, where: str = "") -> None:
        self.records += not where
        for name in type(node).model_fields:
            value = getattr(node, name)
            if value not in (None, ()):
                self.mapped[where + name] += 1
            for child in value if isinstance(value, tuple) else (value,):
                if isinstance(child, Wire):
                    self.add(child, f"{where}{name}.")
        for name in node.model_extra or {}:
            kinds = ((type(node).carried, self.carried), (type(node).implied, self.implied))
            next((counter for names, counter in kinds if name in names), self.unknown)[where + name] += 1

    def report(self) -> None:
        counts = ", ".join(
            f"{len(c)} fields {word}"
            for c, word in (
                (self.mapped, "mapped"), (self.carried, "kept as extras"), (self.implied, "implied elsewhere"),
            )
        )  # fmt: skip
        print(f"{self.title}: {self.records} records, none refused; {counts}; unknown: {dict(self.unknown) or 'none'}")
        assert self.records
        assert not self.unknown


def stored_as_it_is(bill: Bill) -> Bill:
    """The bill after the way over the stream, which takes no characters or values that cannot be stored."""
    event = BillObserved.model_validate(
        {
            "source": bill.source, "published_at": SEEN.fetched_at, "read_seq": 1, "part": "DETAIL",
            "window": WindowRef(window_id="w", walk=Walk.BACKFILL, index=0), "bill": bill,
            "provenance": {"url": "http://x/", "fetched_at": SEEN.fetched_at, "payload_sha256": "0",
                           "parser_version": "t"},
        }
    )  # fmt: skip
    back = decode(encode(event))
    assert isinstance(back, BillObserved)
    return back.bill


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


def test_legacy_details() -> None:
    census, hints = Census("materia/{codigo}"), dict[str, list[str]]()
    found = [
        *payloads("legacy/materia-detalhe", "DetalheMateria"),
        *payloads("legacy-2018", "DetalheMateria", "materia_PLS_5_2010.json"),
    ]
    for _, payload in found:
        detail = MateriaDetail.model_validate(payload["Materia"])
        census.add(detail)
        key = bill_key(None, detail.IdentificacaoMateria.CodigoMateria)
        bill = from_materia(detail, key, SEEN)
        assert stored_as_it_is(bill) == bill
        assert bill.type_code == detail.IdentificacaoMateria.SiglaSubtipoMateria
        assert len(bill.sponsorships) == len(children(payload["Materia"], "Autoria", "Autor"))
        assert len(bill.related_bills) == len(
            children(payload["Materia"], "MateriasRelacionadas", "MateriaRelacionada")
        )
        assert bill.status is not BillStatus.OTHER
        hints[bill.identifier] = [f"{h.rule.value} {h.type_code} {h.number}/{h.year}" for h in bill.counterpart_hints]
    assert hints["PLC 27/2016"] == [f"{CounterpartRule.INITIAL_IDENTIFIER} PL 2646/2015"]
    assert hints["PLS 212/2017"] == [f"{CounterpartRule.OTHER_NUMBER} PLP 441/2017"]
    assert hints["PLS 163/1995"] == [f"{CounterpartRule.OTHER_NUMBER} PL 1292/1995"]
    assert hints["MPV 868/2018"] == []
    census.report()


def test_legacy_searches() -> None:
    census = Census("materia/pesquisa/lista")
    for _, payload in payloads("legacy/materia-pesquisa-lista", "PesquisaBasicaMateria"):
        for node in children(payload, "Materias", "Materia"):
            row = MateriaDetail.model_validate(node)
            census.add(row)
            bill = from_materia(row, "materia-91341", SEEN)
            assert (bill.identifier, bill.status) == ("PLS 229/2009", BillStatus.SENT_TO_OTHER_CHAMBER)
    census.report()


def test_legacy_flat_row_names_the_process() -> None:
    row = FlatRow.model_validate(
        {"Codigo": "135080", "IdentificacaoProcesso": "7900000", "DescricaoIdentificacao": "PL 867/2018",
         "Sigla": "PL", "Numero": "00867", "Ano": "2018", "Ementa": "Altera.", "Autor": "Câmara dos Deputados",
         "Data": "2018-12-20", "UrlDetalheMateria": "http://legis.senado.leg.br/dadosabertos/materia/135080?v=7"}
    )  # fmt: skip
    assert count_unknown(row) == 0
    bill = from_flat_row(row, SEEN)
    assert (bill.id, bill.legacy_id, bill.number) == ("senado-7900000", "135080", 867)


def test_legacy_updates() -> None:
    census = Census("materia/atualizadas")
    for _, payload in payloads("legacy-2018", "ListaMateriasAtualizadas", "materia_atualizadas-*.json"):
        for node in children(payload, "Materias", "Materia"):
            row = UpdatedRow.model_validate(node)
            census.add(row)
            bill = from_updated_row(row, bill_key(None, row.IdentificacaoMateria.CodigoMateria), SEEN)
            assert bill.upstream_updated_at is not None
    assert census.records == 422
    census.report()


def test_legacy_movements() -> None:
    census, kinds, steps = Census("materia/movimentacoes"), Counter[str](), 0
    found = [
        *payloads("legacy/materia-movimentacoes", "MovimentacaoMateria"),
        *payloads("legacy-2018", "MovimentacaoMateria", "materia_movimentacoes_*.json"),
    ]
    for _, payload in found:
        movements = Movements.model_validate(payload["Materia"])
        census.add(movements)
        bill = from_materia(MateriaDetail.model_validate(payload["Materia"]), "materia-1", SEEN, movements=movements)
        assert stored_as_it_is(bill) == bill
        expected = children(payload["Materia"], "Tramitacoes", "Tramitacao")
        assert len(bill.actions) == len(expected)
        steps += len(expected)
        kinds.update(action.kind.value for action in bill.actions)
        dates = [action.date for action in bill.actions if action.date]
        assert dates == sorted(dates)
        assert ("actions" in bill.model_fields_set) == bool(expected)
    print("actions:", dict(kinds.most_common()))
    assert steps > 2000
    assert kinds["OTHER"] < 0.2 * steps
    census.report()


def test_legacy_rapporteurs_texts_and_votings() -> None:
    census, documents, options = Census("materia/{relatorias,textos,votacoes}"), 0, Counter[VoteOption]()
    bare = MateriaDetail.model_validate(
        {"IdentificacaoMateria": {"CodigoMateria": "91341", "SiglaSubtipoMateria": "PLS", "NumeroMateria": "00229",
                                  "AnoMateria": ["2009", "2009"]}}
    )  # fmt: skip
    for _, payload in payloads("legacy/materia-relatorias", "RelatoriaMateria"):
        nodes = children(payload["Materia"], "HistoricoRelatoria", "Relator")
        relators = [LegacyRapporteur.model_validate(node) for node in nodes]
        for relator in relators:
            census.add(relator)
        bill = from_materia(bare, "materia-91341", SEEN, relators=relators)
        assert len(bill.rapporteurs) == len(nodes) == 7
        assert [r.designated_on for r in bill.rapporteurs] == sorted(
            r.designated_on for r in bill.rapporteurs if r.designated_on
        )
    for _, payload in payloads("legacy/materia-textos", "TextoMateria"):
        nodes = children(payload["Materia"], "Textos", "Texto")
        texts = [LegacyText.model_validate(node) for node in nodes]
        for text in texts:
            census.add(text)
        bill = from_materia(bare, "materia-91341", SEEN, texts=texts)
        assert len(bill.documents) + len(bill.extras.get("emendas", ())) == len(nodes)
        documents += len(nodes)
    for _, payload in payloads("legacy/materia-votacoes", "VotacaoMateria"):
        nodes = children(payload["Materia"], "Votacoes", "Votacao")
        votings = [LegacyVoting.model_validate(node) for node in nodes]
        for voting in votings:
            census.add(voting)
        bill = from_materia(bare, "materia-91341", SEEN, votings=votings)
        assert stored_as_it_is(bill) == bill
        assert len({event.upstream_id for event in bill.vote_events}) == len(nodes)
        for event in bill.vote_events:
            options.update(vote.option for vote in event.votes)
            assert len(event.votes) == 81
    assert documents > 3800
    assert VoteOption.OTHER not in options
    assert leftovers(bare) == {}
    census.report()
