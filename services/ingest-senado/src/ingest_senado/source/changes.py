"""Reads the processes updated in the last days: the list, then the details of its rows."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from legis.ingest.source import Item, ReadContext, Window

from ingest_senado.client.api import SenadoApi
from ingest_senado.client.checked_lists import CheckedLists
from ingest_senado.settings import SenadoSettings
from ingest_senado.source.bills import BillReader
from ingest_senado.source.details import Details
from ingest_senado.source.list_sheets import changed_rows, read_sheet
from ingest_senado.source.listing import Listed


class Changes:
    """The walks INCREMENTAL and OVERLAP, and the first part of RECONCILE."""

    def __init__(
        self, api: SenadoApi, lists: CheckedLists, bills: BillReader, details: Details, settings: SenadoSettings
    ) -> None:
        self._api = api
        self._lists = lists
        self._bills = bills
        self._details = details
        self._settings = settings

    async def read(self, window: Window, context: ReadContext) -> AsyncGenerator[Item, None]:
        """Every process of the window's days that changed."""
        days = int(window.detail["days"])
        sheets = [await read_sheet(self._lists.changed(days), context)]
        if "in_progress" in window.detail:
            sheets.append(await read_sheet(self._api.in_progress(), context))
        # The first walk finds nothing stored; the backfill brings those details anyway.
        lists_only = "first" in window.detail and self._settings.backfill
        wanting: list[Listed] = []
        async with aclosing(changed_rows(sheets, context, wanting, lists_too=lists_only)) as rows:
            async for item in rows:
                yield item
        if lists_only:
            return

        async def read(row: Listed) -> list[Item]:
            return await self._bills.read(row.id, context, row=row)

        async with aclosing(self._details.read(wanting, read, context, listed_already=False)) as details:
            async for item in details:
                yield item
