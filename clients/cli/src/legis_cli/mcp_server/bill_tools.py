"""Tools about bills: find, resolve, read, follow through both houses."""

from typing import Annotated, Literal

from legis_cli.mcp_server import item_shapes as shapes
from legis_cli.mcp_server import tool_arguments as arguments
from legis_cli.mcp_server.api_reader import ApiReader
from legis_cli.mcp_server.tool_arguments import FEW, described

Sort = Literal["-last_action_at", "last_action_at", "-introduced_on", "introduced_on", "-changed_at", "relevance"]


class BillTools:
    """The tools; their docstrings are what an assistant reads."""

    def __init__(self, api: ApiReader) -> None:
        self._api = api

    async def search_bills(
        self,
        q: Annotated[str | None, described('Words, "phrases", OR, -not; in Portuguese')] = None,
        type: Annotated[str | None, described("Types such as PL or PL,PEC; a leading - excludes")] = None,
        year: Annotated[int | str | None, described("2024, or 2023,2024")] = None,
        number: Annotated[int | str | None, described("Number of the bill")] = None,
        status: Annotated[str | None, described("Status words, joined by commas; see vocabulary bill_status")] = None,
        house: arguments.House = None,
        author: Annotated[str | None, described("Name of an author, or id of a legislator")] = None,
        party: Annotated[str | None, described("Acronym of an author's party")] = None,
        state: Annotated[str | None, described("Federal unit of an author, two letters")] = None,
        subject: Annotated[str | None, described("Subject, such as Educação")] = None,
        organization: Annotated[str | None, described("Acronym of the body where the bill is, such as CCJC")] = None,
        in_progress: Annotated[bool | None, described("Only bills still in progress, or only ended ones")] = None,
        introduced_from: arguments.FromDay = None,
        introduced_to: arguments.ToDay = None,
        last_action_from: arguments.FromDay = None,
        last_action_to: arguments.ToDay = None,
        as_of: Annotated[
            str | None,
            described("The list as it was on this day; needs type with year, or number: at most 1000 bills"),
        ] = None,
        sort: Annotated[Sort | None, described("Default: newest action first")] = None,
        limit: arguments.Limit = FEW,
        cursor: arguments.Cursor = None,
    ) -> str:
        """Search and list bills of both houses by words and filters; `count` is the number of all matches.

        Busca e lista proposições (PL, PEC, PLP, MPV…) da Câmara e do Senado por palavras, tipo, ano, situação, autor,
        partido, UF, tema, órgão e datas; `count` é o total encontrado.
        """
        return await self._api.list(
            "bills",
            shapes.bill_item,
            limit,
            q=q,
            type=type,
            year=year,
            number=number,
            status=status,
            chamber=house,
            author=author,
            party=party,
            state=state,
            subject=subject,
            organization=organization,
            in_progress=in_progress,
            introduced_from=introduced_from,
            introduced_to=introduced_to,
            last_action_from=last_action_from,
            last_action_to=last_action_to,
            as_of=as_of,
            sort=sort,
            count="exact",
            cursor=cursor,
        )

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
        """List the votings on one bill with results and counts, newest first; vote_event has each member's vote.

        Lista as votações de uma proposição, com resultado e placar; o voto de cada parlamentar está em vote_event.
        """
        named = await self._api.bill(bill)
        return await self._api.list("vote-events", shapes.voting_item, limit, named.told, bill=named.id, cursor=cursor)
