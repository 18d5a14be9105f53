"""Tools about votings, people, the agenda, changes and words."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from legis_cli.mcp_server import item_shapes as shapes
from legis_cli.mcp_server import tool_arguments as arguments
from legis_cli.mcp_server.api_reader import ApiReader, record_id
from legis_cli.mcp_server.bounded_answers import listed, provenance
from legis_cli.mcp_server.tool_arguments import FEW, VOCABULARIES, described, words
from legis_cli.mcp_server.tool_searches import LegislatorSearch

NEWEST_ENTRIES = (200, 1000, 5000)
"""Entries at the end of the change log in which `changes` looks if it is not told where to begin; in more of them if it
finds nothing.
"""

Vocabulary = Literal[
    "house", "bill_type", "bill_status", "action_kind", "change_kind", "event_status", "event_classification",
    "vote_option", "vote_purpose", "vote_result", "journey_stage", "organization_classification",
]  # fmt: skip


class RecordTools:
    """The tools; their docstrings are what an assistant reads."""

    def __init__(self, api: ApiReader) -> None:
        self._api = api

    async def vote_event(
        self,
        id: Annotated[str, described("Id of a voting, from bill_votes or legislator")],
        option: Annotated[str | None, described("Only members who chose this", "vote_option")] = None,
        party: Annotated[str | None, described("Only members of this party then")] = None,
        state: Annotated[str | None, described("Only members of this federal unit, two letters")] = None,
        limit: arguments.Limit = FEW,
        cursor: Annotated[int | None, Field(ge=0, description="next_cursor of the answer before")] = None,
    ) -> str:
        """Read one voting: what was decided, the counts, the parties' orientations, and how each member voted.

        Mostra uma votação: o que se decidiu, placar, orientação das bancadas e o voto de cada parlamentar.
        """
        path = f"vote-events/{record_id(id)}"
        reply = await self._api.reply(path)
        voting, begin = reply["data"], cursor or 0
        wanted = {"option": option, "party": party, "state": state}
        votes = [one for one in voting["votes"] if _matches(one, wanted)]
        source = provenance(reply["meta"], self._api.url(path, {}), voting["change_seq"])
        told = {"item": _with_orientations(voting), "count": len(votes), "provenance": source}
        return _page_of_votes(votes, begin, limit, told)

    async def legislator(self, asked: LegislatorSearch) -> str:
        """Find deputies and senators, or read one: profile with offices, their bills, or how they voted.

        Encontra deputados e senadores por nome, partido ou UF; com `id`, mostra perfil e cargos, proposições (`bills`)
        ou votos (`votes`) da pessoa.
        """
        filters = asked.model_dump(include={"q", "party", "state", "house", "in_office"})
        if asked.id is None:
            return await self._api.list("legislators", shapes.person_item, asked.limit, cursor=asked.cursor, **filters)
        if any(one is not None for one in filters.values()):
            raise ToolError("id reads one person: leave q, party, state, house and in_office out, or leave id out")
        path = f"legislators/{record_id(asked.id)}"
        if asked.section == "profile":
            return await self._api.one(path, shapes.person_detail)
        shape = shapes.bill_item if asked.section == "bills" else shapes.vote_of_member
        return await self._api.list(f"{path}/{asked.section}", shape, asked.limit, cursor=asked.cursor)

    async def agenda(
        self,
        house: arguments.House = None,
        from_day: arguments.FromDay = None,
        to_day: arguments.ToDay = None,
        organization: Annotated[str | None, described("Acronym or id of a body, such as CCJC")] = None,
        bill: Annotated[str | None, described("Only events with this bill on the agenda: id or label")] = None,
        limit: arguments.Limit = FEW,
        cursor: arguments.Cursor = None,
    ) -> str:
        """List sessions, meetings and hearings, soonest first; without days, from today on.

        Pauta e agenda: sessões, reuniões e audiências, a partir de hoje se não houver datas; `bill` mostra quando uma
        proposição está na pauta.
        """
        named = None if bill is None else await self._api.bill_in_both_houses(bill)
        asked: dict[str, Any] = {"from": from_day, "to": to_day, "house": house, "organization": organization}
        asked |= {"bill": named.ids if named else None, "cursor": cursor}
        return await self._api.list("events", shapes.event_item, limit, named.told if named else None, **asked)

    async def changes(
        self,
        after: Annotated[
            int | None, Field(ge=0, description="Entries after this seq; without it, only the newest")
        ] = None,
        epoch: Annotated[str | None, described("`epoch` of the answer before, with its `after`")] = None,
        kind: Annotated[str | None, described("Kinds joined by commas", "change_kind")] = None,
        bill: Annotated[str | None, described("Only this bill: id or label")] = None,
        type: Annotated[str | None, described("Types of bills such as PL,PEC")] = None,
        q: Annotated[str | None, described("Words that the bill has")] = None,
        limit: arguments.Limit = FEW,
    ) -> str:
        """Read the log of changes, oldest first: what moved, was edited or corrected, old and new values.

        Novidades: o que mudou nas proposições (tramitou, foi corrigido, entrou), com valores antigos e novos; para
        continuar, repita com `after` = `next_after` e o mesmo `epoch`.
        """
        named = None if bill is None else await self._api.bill_in_both_houses(bill)
        asked = {"kind": kind, "type": type, "q": q, "ids": named.ids if named else None, "epoch": epoch}
        begin = after if after is not None else await self._newest(asked)
        while True:
            query = {**asked, "after": begin, "limit": limit}
            reply = await self._api.reply("changes", **query)
            page = reply["page"]
            told = {
                **(named.told if named else {}),
                **{name: page[name] for name in ("next_after", "has_more", "epoch")},
                "provenance": provenance(reply["meta"], self._api.url("changes", query), page["head"]),
            }
            text = listed([shapes.change_entry(one) for one in reply["data"]], told)
            if text is not None:
                return text
            limit = max(1, limit // 2)

    async def vocabulary(
        self,
        name: Annotated[Vocabulary | None, described("Which words; without it, the names are listed")] = None,
        organization: Annotated[str | None, described("Or find bodies and parties by words of their names")] = None,
        limit: arguments.Limit = FEW,
    ) -> str:
        """List the words that arguments take, or find committees and parties and their ids.

        Lista os valores aceitos nos parâmetros (situações, tipos, opções de voto…) ou encontra comissões e partidos.
        """
        if organization is not None:
            return await self._api.list("organizations", shapes.organization_item, limit, q=organization)
        if name is None:
            return listed([{"name": one, "words": len(words(one))} for one in VOCABULARIES], {}) or ""
        return listed([{"word": one} for one in words(name)], {"open": True}) or ""

    async def _newest(self, asked: Mapping[str, Any]) -> int:
        """The position before the newest entries that match."""
        head = int((await self._api.reply("changes", after=0, limit=1))["page"]["head"])
        begin = head
        for entries in NEWEST_ENTRIES:
            begin = max(0, head - entries)
            if begin == 0 or (await self._api.reply("changes", **asked, after=begin, limit=1))["data"]:
                break
        return begin


def _matches(vote: Mapping[str, Any], wanted: Mapping[str, str | None]) -> bool:
    return all(value is None or (vote[name] or "").casefold() == value.casefold() for name, value in wanted.items())


def _with_orientations(voting: Mapping[str, Any]) -> dict[str, Any]:
    told = [f"{one['label']}: {one['option']}" for one in voting["orientations"]]
    return {**shapes.voting_item(voting), "orientations": told}


def _page_of_votes(votes: list[Any], begin: int, limit: int, told: Mapping[str, Any]) -> str:
    while True:
        shown = votes[begin : begin + limit]
        following = begin + len(shown)
        members = {**told, "next_cursor": following if following < len(votes) else None}
        text = listed([shapes.member_vote(one) for one in shown], members)
        if text is not None:
            return text
        limit = max(1, limit // 2)
