"""Rows of the yearly files of votings: votacoes, votacoesVotos, votacoesOrientacoes, votacoesProposicoes."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from upstream_sim.camara.documents import HOST, bill_uri
from upstream_sim.camara.votes import (
    Voting,
    event_of,
    opening_of,
    orientation_items,
    totals_of,
    vote_items,
    voting_item,
)
from upstream_sim.camara.voting_index import held_between
from upstream_sim.congress.nation import Nation

VOTING_COLUMNS: Final = (
    "id",
    "uri",
    "data",
    "dataHoraRegistro",
    "idOrgao",
    "uriOrgao",
    "siglaOrgao",
    "idEvento",
    "uriEvento",
    "aprovacao",
    "votosSim",
    "votosNao",
    "votosOutros",
    "descricao",
    "ultimaAberturaVotacao_dataHoraRegistro",
    "ultimaAberturaVotacao_descricao",
    "ultimaApresentacaoProposicao_dataHoraRegistro",
    "ultimaApresentacaoProposicao_descricao",
    "ultimaApresentacaoProposicao_idProposicao",
    "ultimaApresentacaoProposicao_uriProposicao",
)
VOTE_COLUMNS: Final = (
    "idVotacao",
    "uriVotacao",
    "dataHoraVoto",
    "voto",
    "deputado_id",
    "deputado_uri",
    "deputado_nome",
    "deputado_siglaPartido",
    "deputado_uriPartido",
    "deputado_siglaUf",
    "deputado_idLegislatura",
    "deputado_urlFoto",
)
ORIENTATION_COLUMNS: Final = (
    "idVotacao",
    "uriVotacao",
    "siglaOrgao",
    "descricao",
    "siglaBancada",
    "uriBancada",
    "orientacao",
)
BILL_COLUMNS: Final = (
    "idVotacao",
    "uriVotacao",
    "data",
    "descricao",
    "proposicao_id",
    "proposicao_uri",
    "proposicao_titulo",
    "proposicao_ementa",
    "proposicao_codTipo",
    "proposicao_siglaTipo",
    "proposicao_numero",
    "proposicao_ano",
)
_VOTES_SINCE: Final = 2001
_ORIENTATIONS_SINCE: Final = 2003
_MEMBER: Final = ("id", "uri", "nome", "siglaPartido", "uriPartido", "siglaUf", "idLegislatura", "urlFoto")
Rows = Iterator[list[str]]


def voting_rows(nation: Nation, year: int) -> Rows:
    """Each voting of the year; 0 and "" where there is no value, an opening in half of the rows that have one."""
    for voting in _of_year(nation, year):
        item = voting_item(voting)
        yes, no, other = totals_of(voting)
        event = event_of(voting)
        opening = opening_of(voting) if voting.bill.index % 2 else None
        cells = {
            **item,
            "idOrgao": voting.action.body.id,
            "idEvento": event or 0,
            "votosSim": yes,
            "votosNao": no,
            "votosOutros": other,
            "ultimaAberturaVotacao_descricao": opening,
            "ultimaApresentacaoProposicao_descricao": voting.action.text,
            "ultimaApresentacaoProposicao_idProposicao": voting.bill.id,
            "ultimaApresentacaoProposicao_uriProposicao": bill_uri(voting.bill.id),
        }
        yield [_text(cells.get(name)) for name in VOTING_COLUMNS]


def vote_rows(nation: Nation, year: int) -> Rows:
    """Members' votes; the choice is "" in a secret voting. Votings do not stand in the order of the other file."""
    for voting in reversed(_of_year(nation, year) if year >= _VOTES_SINCE else []):
        for item in vote_items(voting):
            member = item["deputado_"]
            head = [voting.id, _uri(voting), item["dataRegistroVoto"], _text(item["tipoVoto"])]
            yield [*head, *(_text(member[name]) for name in _MEMBER)]


def orientation_rows(nation: Nation, year: int) -> Rows:
    """Orientations of benches."""
    for voting in _of_year(nation, year) if year >= _ORIENTATIONS_SINCE else []:
        item = voting_item(voting)
        for row in orientation_items(voting):
            bench = (row["siglaPartidoBloco"], row["uriPartidoBloco"], row["orientacaoVoto"])
            yield [voting.id, _uri(voting), item["siglaOrgao"], item["descricao"], *map(_text, bench)]


def bill_rows(nation: Nation, year: int) -> Rows:
    """The bill of a voting, for most of them."""
    for voting in _of_year(nation, year):
        if voting.number % 4 == 3 and voting.bill.index % 5:
            kind, number, of_year = voting.bill.identity
            item = voting_item(voting)
            head = [voting.id, _uri(voting), item["data"], item["descricao"], str(voting.bill.id)]
            title = [bill_uri(voting.bill.id), f"{kind} {number}/{of_year}", voting.bill.listed_title]
            yield [*head, *title, str(voting.bill.kind.code), kind, str(number), str(of_year)]


SETS: Final[dict[str, tuple[tuple[str, ...], Callable[[Nation, int], Rows]]]] = {
    "votacoes": (VOTING_COLUMNS, voting_rows),
    "votacoesVotos": (VOTE_COLUMNS, vote_rows),
    "votacoesOrientacoes": (ORIENTATION_COLUMNS, orientation_rows),
    "votacoesProposicoes": (BILL_COLUMNS, bill_rows),
}


def _of_year(nation: Nation, year: int) -> list[Voting]:
    return list(held_between(nation, date(year, 1, 1), date(year, 12, 31)))


def _uri(voting: Voting) -> str:
    return f"{HOST}/votacoes/{voting.id}"


def _text(value: object) -> str:
    return "" if value is None else str(value)
