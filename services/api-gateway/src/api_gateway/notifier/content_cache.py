"""Contents of changes for messages: read once for all subscribers, and dropped when newer ones need the room."""

import asyncio
from collections import OrderedDict

from api_gateway.store.database.connections import Pool
from api_gateway.store.subscriptions.message_reader import ChangeContent, load_contents

MOST_CONTENTS = 2000
"""Contents kept: some 6 MB."""

_TOGETHER_SECONDS = 0.005
"""Requests of this time are read in one statement."""


class ContentCache:
    """The contents of entries by number. For one event loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: OrderedDict[int, ChangeContent | None] = OrderedDict()
        self._wanted: dict[int, asyncio.Future[None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def get(self, seq: int) -> ChangeContent | None:
        """The content of an entry; None where it is not stored any more. Raises StoreUnavailable."""
        while seq not in self._kept:
            if seq not in self._wanted:
                self._wanted[seq] = asyncio.get_running_loop().create_future()
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read())
            await asyncio.shield(self._wanted[seq])
        self._kept.move_to_end(seq)
        return self._kept[seq]

    async def _read(self) -> None:
        await asyncio.sleep(_TOGETHER_SECONDS)
        wanted, self._wanted = self._wanted, {}
        try:
            found = await load_contents(self._pool, sorted(wanted))
        except BaseException as error:
            for waiting in wanted.values():
                if not waiting.done():
                    waiting.set_exception(error)
                    waiting.exception()  # whoever waited may have left
            if not isinstance(error, Exception):
                raise
            return
        for seq, waiting in wanted.items():
            self._kept[seq] = found.get(seq)
            if not waiting.done():
                waiting.set_result(None)
        while len(self._kept) > max(MOST_CONTENTS, len(wanted)):
            self._kept.popitem(last=False)
