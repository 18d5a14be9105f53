"""Sends requests for senators, bodies, votings and agendas: the legacy services, and two of the newer ones."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from legis.errors import RecordGone, RecordRejected, UpstreamSchemaChanged, UpstreamUnavailable
from legis.upstream import UpstreamAnswer, UpstreamClient

from ingest_senado.client.answers import WHOLE_PAGE, Emptiness, EmptyAnswer, One, Page, Received, fit
from ingest_senado.client.api import ACCEPT, DETAIL_TIMEOUT, LIST_TIMEOUT
from ingest_senado.wire.json_records import Record, whole
from ingest_senado.wire.legacy_envelopes import rows_under, spread
from ingest_senado.wire.private_fields import without_private
from ingest_senado.wire.wire_model import WireModel

W = TypeVar("W", bound=WireModel)


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its path with names in braces, the root of its envelope, and the path to its repeated node.

    Without a root the answer is a plain list. `empty` is what an answer without rows may mean. `of_record` says that
    the first node of the path is the record that the list belongs to: without it there is no answer.
    """

    path: str
    root: str | None = None
    inside: tuple[str, ...] = ()
    empty: Emptiness = Emptiness.NORMAL
    of_record: bool = False


IN_OFFICE = Service(
    "senador/lista/atual", "ListaParlamentarEmExercicio", ("Parlamentares", "Parlamentar"), Emptiness.IMPOSSIBLE
)
ON_LEAVE = Service("senador/afastados", "AfastamentoAtual", ("Parlamentares", "Parlamentar"), Emptiness.POSSIBLE)
OF_LEGISLATURE = Service(
    "senador/lista/legislatura/{number}",
    "ListaParlamentarLegislatura",
    ("Parlamentares", "Parlamentar"),
    Emptiness.POSSIBLE,
)
SENATOR = Service("senador/{code}", "DetalheParlamentar", ("Parlamentar",))
MANDATES = Service(
    "senador/{code}/mandatos", "MandatoParlamentar", ("Parlamentar", "Mandatos", "Mandato"), of_record=True
)
AFFILIATIONS = Service(
    "senador/{code}/filiacoes", "FiliacaoParlamentar", ("Parlamentar", "Filiacoes", "Filiacao"), of_record=True
)
SEATS = Service(
    "senador/{code}/comissoes",
    "MembroComissaoParlamentar",
    ("Parlamentar", "MembroComissoes", "Comissao"),
    of_record=True,
)
OFFICES = Service("senador/{code}/cargos", "CargoParlamentar", ("Parlamentar", "Cargos", "Cargo"), of_record=True)
LEAVES = Service(
    "senador/{code}/licencas", "LicencaParlamentar", ("Parlamentar", "Licencas", "Licenca"), of_record=True
)
LEADERSHIPS = Service("composicao/lideranca")
BLOCS = Service("composicao/lista/blocos", "ListaBlocoParlamentar", ("Blocos", "Bloco"), Emptiness.POSSIBLE)
BLOC = Service("composicao/bloco/{code}", "blocos", ("bloco",))
BODIES = Service("comissao/lista/colegiados", "ListaColegiados", ("Colegiados", "Colegiado"), Emptiness.IMPOSSIBLE)
BODY = Service("comissao/{code}", "ComissoesCongressoNacional", ("Colegiados", "Colegiado"))
BODY_SEATS = Service(
    "composicao/comissao/{code}",
    "ComposicaoAtivaComissaoSf",
    ("ComposicaoComissao", "Membros", "Membro"),
    of_record=True,
)
BOARD_SF = Service("composicao/mesaSF", "MesaSenado", ("Colegiados", "Colegiado"))
BOARD_CN = Service("composicao/mesaCN", "MesaCongresso", ("Colegiados", "Colegiado"))
ORIENTATIONS = Service("plenario/votacao/orientacaoBancada/{first}/{last}", "votacoes")
COMMITTEE_VOTINGS = Service("votacaoComissao/comissao/{acronym}", "VotacoesComissao", ("Votacoes", "Votacao"))
SESSIONS = Service("plenario/agenda/mes/{day}", "AgendaPlenario", ("Sessoes", "Sessao"), Emptiness.POSSIBLE)
RESULTS = Service("plenario/resultado/mes/{day}", "ResultadoPlenario", ("Sessoes", "Sessao"))
MEETINGS = Service("comissao/agenda/{first}/{last}", "AgendaReuniao", ("reunioes", "reuniao"), Emptiness.POSSIBLE)
MEETING = Service("comissao/reuniao/{code}", "DetalheReuniao", ("reuniao",))


class RecordApi:
    """The services of records that are not bills. Rows that do not fit are returned as data.

    `keep_off` waits while no requests are wanted. Every method may raise RecordGone for 404, UpstreamUnavailable and
    the other errors of `legis.upstream`.
    """

    def __init__(self, upstream: UpstreamClient, base_url: str, keep_off: Callable[[], Awaitable[None]]) -> None:
        self._upstream = upstream
        self._keep_off = keep_off
        self._base = base_url.rstrip("/")

    async def rows(
        self,
        model: type[W],
        service: Service,
        params: Mapping[str, str | int] | None = None,
        record_id: str | None = None,
        **path: str | int,
    ) -> Page[W]:
        """The rows of a list, which belongs to the record that is ours by `record_id`, if any.

        An answer without rows is asked for once more where it may not be empty.
        """
        for attempt in (1, 2):
            answer, nodes = await self._nodes(service, params or {}, path)
            if nodes or service.empty is Emptiness.NORMAL or (attempt == 2 and service.empty is Emptiness.POSSIBLE):
                return _page(model, nodes, answer, record_id)
        raise EmptyAnswer(f"{service.path} {path}: 200 without rows, twice")

    async def one(self, model: type[W], service: Service, record_id: str, **path: str | int) -> One[W]:
        """A single record, ours by `record_id`. Raises RecordGone where the envelope holds none, and RecordRejected for
        a misfit.
        """
        answer, nodes = await self._nodes(service, {}, path)
        if not nodes:
            raise RecordGone(f"{service.path} {path}: an envelope without a record")
        return One(answer.url, answer.fetched_at, fit(model, Record.of(nodes[0]), answer.url, record_id))

    def address(self, service: Service, **path: str | int) -> str:
        """The URL of a service."""
        quoted = {name: quote(str(value), safe="") for name, value in path.items()}
        return f"{self._base}/{service.path.format(**quoted)}"

    async def _nodes(
        self, service: Service, params: Mapping[str, str | int], path: Mapping[str, str | int]
    ) -> tuple[UpstreamAnswer, list[Any]]:
        timeout = LIST_TIMEOUT if service.empty is not Emptiness.NORMAL else DETAIL_TIMEOUT
        await self._keep_off()
        answer = await self._upstream.get(
            self.address(service, **path), endpoint=service.path, params=params, accept=ACCEPT, total_timeout=timeout
        )
        record = whole(answer.body)
        if record.undecodable:
            raise UpstreamUnavailable(f"{service.path}: not UTF-8")
        value = without_private(record.value)
        if service.root is not None:
            if service.of_record and not spread(value, service.root, service.inside[0]):
                raise RecordGone(f"{service.path} {path}: an envelope without a record")
            return answer, rows_under(value, service.root, *service.inside)
        if not isinstance(value, list):
            raise UpstreamSchemaChanged(f"{service.path}: no list")
        return answer, value


def _page(model: type[W], nodes: list[Any], answer: UpstreamAnswer, record_id: str | None) -> Page[W]:
    """Nodes as rows. Raises UpstreamSchemaChanged when none of many fits."""
    rows: list[Received[W]] = []
    misfits: list[RecordRejected] = []
    for node in nodes:
        try:
            rows.append(fit(model, Record.of(node), answer.url, record_id))
        except RecordRejected as error:
            misfits.append(error)
    if not rows and len(misfits) >= WHOLE_PAGE:
        raise UpstreamSchemaChanged(f"none of {len(misfits)} rows fits {model.__name__}: {misfits[0]}")
    return Page(answer.url, answer.fetched_at, answer.server_date, tuple(rows), tuple(misfits))
