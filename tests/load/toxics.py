"""A TCP proxy that spoils what it carries: the eight toxics that Toxiproxy made customary, in a thread of its own."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["latency", "down", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data"]
KINDS: tuple[Kind, ...] = (
    "latency",
    "down",
    "bandwidth",
    "slow_close",
    "timeout",
    "reset_peer",
    "slicer",
    "limit_data",
)
CHUNK_BYTES = 65_536
SLICE_SECONDS = 0.0005
ORDER_SECONDS = 10
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Toxic:
    """What is wrong on the way from the server to its client.

    `value` by kind: seconds added to each piece (`latency`), bytes a second (`bandwidth`), seconds before a close is
    passed on (`slow_close`), bytes in a piece (`slicer`), bytes a connection may carry (`limit_data`). `down` refuses,
    `reset_peer` resets, `timeout` lets nothing through in either direction and closes nothing.
    """

    kind: Kind
    value: float = 0.0


class Proxy:
    """One port that leads to another. `spoil` and `heal` work on connections that are open, too."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._target = (host, port)
        self._toxic: Toxic | None = None
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._held: set[asyncio.StreamWriter] = set()
        self._healed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0
        self.carried = 0
        """Bytes that came from the server, spoilt or not."""
        self._spoilt_bytes, self._spoilt_seconds = 0, 0.0

    def start(self) -> None:
        """Listens on a free port; the same one again after `down`."""
        self._thread.start()
        self._do(self._listen())

    def spoil(self, toxic: Toxic) -> None:
        """From now on this is wrong, in place of what was before."""
        self._do(self._spoil(toxic))

    def heal(self) -> None:
        """Nothing is wrong any more; connections that were held up are closed."""
        self._do(self._heal())

    def seconds_for(self, size: float) -> float:
        """What the toxic that is there now makes so many bytes of one connection take, by what it did take so far."""
        return size * self._spoilt_seconds / self._spoilt_bytes if self._spoilt_bytes else 0.0

    def close(self) -> None:
        """Ends everything."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ORDER_SECONDS)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(ORDER_SECONDS)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _spoil(self, toxic: Toxic) -> None:
        await self._heal()
        self._toxic = toxic
        self._spoilt_bytes, self._spoilt_seconds = 0, 0.0
        self._healed.clear()
        if toxic.kind == "down" and self._server is not None:
            self._server.close()
            self._server = None
        if toxic.kind in ("down", "reset_peer", "limit_data"):
            self._cut(self._open, reset=toxic.kind == "reset_peer")

    async def _heal(self) -> None:
        self._toxic = None
        self._healed.set()
        self._cut(self._held, reset=False)
        if self._server is None:
            await self._listen()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._cut(self._open, reset=False)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _cut(self, writers: set[asyncio.StreamWriter], *, reset: bool) -> None:
        for writer in list(writers):
            if reset and (sock := writer.get_extra_info("socket")) is not None:
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()
        writers.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        try:
            if self._toxic is not None and self._toxic.kind == "reset_peer":
                self._cut({writer}, reset=True)
                return
            async with asyncio.timeout(ORDER_SECONDS):
                far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._open.add(far_writer)
            try:
                await self._both_ways(reader, writer, far_reader, far_writer)
            finally:
                self._forget(far_writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            self._forget(writer)
            self._tasks.discard(task)

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        self._held.discard(writer)
        writer.close()

    async def _both_ways(
        self,
        near: asyncio.StreamReader,
        to_near: asyncio.StreamWriter,
        far: asyncio.StreamReader,
        to_far: asyncio.StreamWriter,
    ) -> None:
        up = asyncio.ensure_future(self._carry(near, to_far, spoiled=False))
        down = asyncio.ensure_future(self._carry(far, to_near, spoiled=True))
        try:
            await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            if self._toxic is not None and self._toxic.kind == "slow_close":
                await asyncio.sleep(self._toxic.value)
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, spoiled: bool) -> None:
        carried = 0
        while data := await reader.read(CHUNK_BYTES):
            toxic = self._toxic
            self.carried += len(data) if spoiled else 0
            if toxic is not None and toxic.kind == "timeout":
                self._held.add(writer)
                await self._healed.wait()
                return
            if toxic is not None and spoiled:
                carried += len(data)
                if toxic.kind == "limit_data" and carried > toxic.value:
                    return
                await self._spoiled(toxic, data, writer)
            else:
                writer.write(data)
            await writer.drain()

    async def _spoiled(self, toxic: Toxic, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Passes one piece on, late, slowly, or in crumbs."""
        began = self._loop.time()
        await self._pass_on(toxic, data, writer)
        self._spoilt_bytes += len(data)
        self._spoilt_seconds += self._loop.time() - began

    async def _pass_on(self, toxic: Toxic, data: bytes, writer: asyncio.StreamWriter) -> None:
        if toxic.kind == "latency":
            await asyncio.sleep(toxic.value)
        elif toxic.kind == "bandwidth":
            await asyncio.sleep(len(data) / toxic.value)
        elif toxic.kind == "slicer":
            size = int(toxic.value)
            for start in range(0, len(data), size):
                writer.write(data[start : start + size])
                await writer.drain()
                await asyncio.sleep(SLICE_SECONDS)
            return
        writer.write(data)
