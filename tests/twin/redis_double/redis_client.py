"""A client of the double, with a wire that delays, loses and breaks: what `redis.asyncio` is to product code."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from redis.exceptions import ConnectionError, ResponseError, TimeoutError

from twin.redis_double.redis_server import RedisServer

_NOTICEABLE = 0.01


class RedisWire:
    """The way to one server, shared by its clients. Faults switch its fields."""

    def __init__(self, server: RedisServer, random: Random) -> None:
        self.server = server
        self.random = random
        self.down = False
        self.hung = False
        self.lossy = 0.0
        """Share of commands that fail: half of them before they are executed, half after."""
        self.slow = 0.002
        self.blocked: dict[asyncio.Future[bool], None] = {}  # in order, which a set has none of
        self.commands = 0

    def cut(self) -> None:
        """Breaks every connection, as a server that dies does."""
        self.server.waiters.clear()
        for waiting in list(self.blocked):
            if not waiting.done():
                waiting.set_exception(ConnectionError("Connection closed by server."))

    async def carry(self, command: Callable[[], Any], timeout: float) -> Any:
        """Brings a command there and its answer back, or not."""
        self.commands += 1
        random = self.random
        if self.hung or self.down:
            await asyncio.sleep(timeout if self.hung else 0.001)
            raise TimeoutError("Timeout reading") if self.hung else ConnectionError("Connection refused.")
        fate = random.random()
        delay = random.random() * self.slow
        if fate < self.lossy / 2:
            await asyncio.sleep(delay)
            raise ConnectionError("Connection lost before the command was read.")
        if self.slow < _NOTICEABLE and 0.3 < fate < 0.7 and not self.lossy:  # at once, which costs the twin nothing
            return command()
        if fate < 0.5:
            await asyncio.sleep(delay)
            if self.down:
                raise ConnectionError("Connection closed by server.")
            answer = command()
        else:
            answer = command()
            await asyncio.sleep(delay)
            if self.down:
                raise ConnectionError("Connection closed by server.")
        if fate > 1 - self.lossy / 2:
            raise TimeoutError("Timeout reading: the answer was lost.")
        return answer


class TwinRedis:
    """One process's client. After `kill` nothing it is asked reaches the server."""

    def __init__(self, wire: RedisWire, *, socket_timeout: float = 5.0) -> None:
        self._wire = wire
        self._timeout = socket_timeout
        self.dead = False

    def kill(self) -> None:
        """The process is gone: what is under way may have arrived, nothing else will."""
        self.dead = True

    async def run(self, command: Callable[[], Any]) -> Any:
        """Sends one command."""
        if self.dead:
            raise asyncio.CancelledError
        return await self._wire.carry(command, self._timeout)

    async def xreadgroup(
        self, groupname: str, consumername: str, streams: dict[str, str], count: int, block: int
    ) -> list[Any]:
        """Reads new entries, blocking `block` milliseconds; wakes when some come or when the stream goes."""
        (name,) = streams
        server = self._wire.server
        deadline = asyncio.get_running_loop().time() + block / 1000
        while True:
            found: list[Any] = await self.run(lambda: server.xreadgroup(name, groupname, consumername, count))
            left = deadline - asyncio.get_running_loop().time()
            if found or left <= 0:
                return found
            if not await self._wait(left):
                return []

    async def _wait(self, seconds: float) -> bool:
        """True when entries came, False when the time is up."""
        wire = self._wire
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def look(came: bool) -> None:
            if waiting.done():
                return
            if came:
                waiting.set_result(True)
            else:
                waiting.set_exception(ResponseError(wire.server.gone))

        wire.server.waiters.append(look)
        wire.blocked[waiting] = None
        timer = asyncio.get_running_loop().call_later(
            seconds, lambda: None if waiting.done() else waiting.set_result(False)
        )
        try:
            return await waiting
        finally:
            timer.cancel()
            wire.blocked.pop(waiting, None)
            if look in wire.server.waiters:
                wire.server.waiters.remove(look)

    def pipeline(self, transaction: bool = True) -> "TwinPipeline":
        """Several commands at once; the double runs all of them together in either case."""
        return TwinPipeline(self, self._wire.server)

    def register_script(self, script: str) -> Callable[..., Any]:
        """The scripts that product code has, known by what they do."""
        server = self._wire.server
        known = (
            (("XADD", "XLEN"), server.add_within),
            (("HSET", "EXPIRE"), server.remember),
            (("HSET", "render_seq"), server.announce),
            (("XACK", "XDEL"), server.finish),
            (("INCR", "PUBLISH"), server.bump),
        )
        acts = [act for words, act in known if all(word in script for word in words)]
        if len(acts) != 1:
            raise NotImplementedError(script)

        async def send(keys: Sequence[str], args: Sequence[Any]) -> Any:
            return await self.run(lambda: acts[0](keys, args))

        return send

    async def aclose(self) -> None:
        """Nothing to close."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._wire.server, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await self.run(lambda: method(*args, **kwargs))

        self.__dict__[name] = call
        return call


class TwinPipeline:
    """Commands that are sent together when `execute` is called."""

    def __init__(self, client: TwinRedis, server: RedisServer) -> None:
        self._client = client
        self._server = server
        self._commands: list[Callable[[], Any]] = []

    async def __aenter__(self) -> "TwinPipeline":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._commands.clear()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._server, name)

        def queue(*args: Any, **kwargs: Any) -> "TwinPipeline":
            self._commands.append(lambda: method(*args, **kwargs))
            return self

        return queue

    async def execute(self) -> list[Any]:
        """Runs what was queued."""
        commands = list(self._commands)
        return list(await self._client.run(lambda: [command() for command in commands]))
