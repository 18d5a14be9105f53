"""Requests to the API of the Assembleia de Ensaio.

Answers come as wire models: this room knows HTTP and addresses, not bills.
"""

from dataclasses import dataclass
from datetime import datetime

from legis.errors import RecordRejected, UpstreamSchemaChanged
from legis.upstream import UpstreamAnswer, UpstreamClient
from pydantic import ValidationError

from ingest_ensaio.wire.bill_records import Detail, ListAnswer


@dataclass(frozen=True, slots=True)
class DetailAnswer:
    """A detail with the answer that it came in."""

    detail: Detail
    answer: UpstreamAnswer


@dataclass(frozen=True, slots=True)
class IdList:
    """The ids that a list named, and where and when it was read."""

    ids: tuple[str, ...]
    answer: UpstreamAnswer


class EnsaioApi:
    """The endpoints that we use. Raises what `legis.upstream` raises."""

    def __init__(self, upstream: UpstreamClient, base_url: str) -> None:
        self._upstream = upstream
        self._base = base_url

    async def changed_since(self, moment: datetime) -> IdList:
        """Ids of all bills that changed at `moment` or later."""
        return await self._list({"desde": moment.isoformat()})

    async def year(self, year: int) -> IdList:
        """Ids of all bills of a year."""
        return await self._list({"ano": year})

    async def detail(self, upstream_id: str) -> DetailAnswer:
        """One bill. Raises RecordGone on 404 and RecordRejected when it does not fit or is another's."""
        answer = await self._upstream.get(self.address(upstream_id), endpoint="projetos/{id}")
        try:
            detail = Detail.model_validate(answer.json())
        except ValidationError as error:
            raise _rejected(str(error.errors()[0]["loc"]), upstream_id, answer) from error
        if detail.id != upstream_id:
            raise _rejected(f"it is bill {detail.id}", upstream_id, answer)
        return DetailAnswer(detail, answer)

    def address(self, upstream_id: str) -> str:
        """Where a bill's detail is."""
        return f"{self._base}/projetos/{upstream_id}"

    async def _list(self, params: dict[str, str | int]) -> IdList:
        answer = await self._upstream.get(f"{self._base}/projetos", endpoint="projetos", params=params)
        try:
            rows = ListAnswer.model_validate(answer.json()).projetos
        except ValidationError as error:
            raise UpstreamSchemaChanged(f"{answer.url}: {error.errors()[0]['loc']}") from error
        return IdList(tuple(dict.fromkeys(row.id for row in rows)), answer)


def _rejected(reason: str, upstream_id: str, answer: UpstreamAnswer) -> RecordRejected:
    return RecordRejected(reason, raw=answer.body, upstream_id=upstream_id, source_url=answer.url)
