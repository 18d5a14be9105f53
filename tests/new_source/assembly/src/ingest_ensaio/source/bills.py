"""Reads one bill whole, as one reading with the mark to remember."""

from legis.domain.bill import Provenance
from legis.domain.fingerprint import fingerprint
from legis.domain.vocabulary import ReadingPart
from legis.errors import RecordRejected
from legis.ingest.source import Item, ReadContext, Reading
from legis.telemetry import traces

from ingest_ensaio.client.api import EnsaioApi
from ingest_ensaio.normalizer.bill import PARSER_VERSION, from_detail


class BillReader:
    """Reads bills by id. Each reading is one span; its sequence is taken before the request."""

    def __init__(self, api: EnsaioApi) -> None:
        self._api = api

    async def read(self, upstream_id: str, context: ReadContext, *, always: bool = False) -> list[Item]:
        """The bill, where it differs from what is stored or `always`. Raises RecordGone, RecordRejected and whatever
        `legis.upstream` raises.
        """
        with traces.tracer("ingest_ensaio").start_as_current_span("read bill") as span:
            span.set_attribute("legis.bill.id", f"ensaio-{upstream_id}")
            seq = context.next_seq()
            found = await self._api.detail(upstream_id)
            try:
                bill = from_detail(found.detail)
            except ValueError as error:
                url = found.answer.url
                raise RecordRejected(
                    f"makes no bill: {error}", raw=found.answer.body, upstream_id=upstream_id, source_url=url
                ) from error
            mark = fingerprint(bill)
            if not always and context.seen(upstream_id, ReadingPart.DETAIL) == mark:
                return []
            provenance = Provenance(
                url=found.answer.url,
                fetched_at=found.answer.fetched_at,
                payload_sha256=found.answer.sha256,
                parser_version=PARSER_VERSION,
            )
            marks = {ReadingPart.DETAIL: mark}
            return [Reading(bill, provenance, ReadingPart.DETAIL, seq, marks, traces.current_traceparent())]
