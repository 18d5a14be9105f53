"""Every recorded answer of the deprecated services is read whole: nothing refused, nothing lost unseen."""

from collections import Counter

from contract.senado_recordings.census import SEEN, Census, beside, payloads, stored_as_it_is
from ingest_senado.legacy.legacy_bill import bill_key, from_flat_row, from_materia, from_updated_row
from ingest_senado.legacy.legacy_bill_records import FlatRow, MateriaDetail
from ingest_senado.legacy.legacy_history_records import (
    LegacyRapporteur,
    LegacyText,
    LegacyVoting,
    Movements,
    UpdatedRow,
)
from ingest_senado.wire.legacy_envelopes import children
from ingest_senado.wire.wire_model import count_unknown, leftovers
from legis.domain.vocabulary import BillStatus, CounterpartRule
from legis.domain.voting import VoteOption

pytestmark = beside


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
