"""Tools about bills: find, resolve, read, follow through both houses."""

from typing import Annotated

from legis_cli.mcp_server import item_shapes as shapes
from legis_cli.mcp_server import tool_arguments as arguments
from legis_cli.mcp_server.api_reader import ApiReader
from legis_cli.mcp_server.tool_arguments import FEW, described
from legis_cli.mcp_server.tool_searches import BillSearch


class BillTools:
    """The tools; their docstrings are what an assistant reads."""

    def __init__(self, api: ApiReader) -> None:
        self._api = api

    async def search_bills(self, asked: BillSearch) -> str:
        """Search and list bills of both houses by words and filters; `count` is the number of all matches.

        Busca e lista proposições (PL, PEC, PLP, MPV…) da Câmara e do Senado por palavras, tipo, ano, situação, autor,
        partido, UF, tema, órgão e datas; `count` é o total encontrado.
        """
        filters = asked.model_dump(exclude={"house", "limit"}) | {"chamber": asked.house, "count": "exact"}
        return await self._api.list("bills", shapes.bill_item, asked.limit, **filters)

    async def resolve_bill(
        self, name: Annotated[str, described("PL 2630/2020, a LexML URN, an id, or the address of a bill's page")]
    ) -> str:
        """Find the records with an exact name, in both houses, and their ids.

        Encontra a proposição por rótulo (PL 2630/2020), URN LexML, identificador ou endereço, nas duas Casas.
        """
        return await self._api.found("resolve", shapes.bill_item, q=name)

    async def get_bill(
        self,
        bill: arguments.BillName,
        as_of: Annotated[str | None, described("As it was known at this instant or day, such as 2024-02-01")] = None,
    ) -> str:
        """Read one bill: title, status, where it is, authors, rapporteurs, documents, related bills.

        Mostra uma proposição: ementa, situação, órgão atual, autores, relatores, inteiro teor, apensadas; com `as_of`,
        como era conhecida naquela data.
        """
        named = await self._api.bill(bill)
        return await self._api.one(f"bills/{named.id}", shapes.bill_detail, named.told, as_of=as_of)

    async def bill_journey(
        self, bill: arguments.BillName, limit: arguments.Limit = FEW, cursor: arguments.Cursor = None
    ) -> str:
        """Follow a bill through both houses: actions, votings, sessions, documents, oldest first; and the stage
        that it is in.

        Tramitação de uma proposição nas duas Casas: andamentos, votações, reuniões e documentos, do mais antigo ao mais
        novo; e a fase em que está.
        """
        named = await self._api.bill(bill)
        path = f"bills/{named.id}/journey"
        return await self._api.list(path, shapes.journey_step, limit, named.told, cursor=cursor)

    async def bill_votes(
        self, bill: arguments.BillName, limit: arguments.Limit = FEW, cursor: arguments.Cursor = None
    ) -> str:
        """List the votings on one bill in both houses with results and counts, newest first; vote_event has each
        member's vote. Where `read_whole` is false, votings may be missing.

        Lista as votações de uma proposição nas duas Casas, com resultado e placar; o voto de cada parlamentar está em
        vote_event. Onde `read_whole` é false, podem faltar votações.
        """
        named = await self._api.bill_in_both_houses(bill)
        return await self._api.list("vote-events", shapes.voting_item, limit, named.told, bill=named.ids, cursor=cursor)
