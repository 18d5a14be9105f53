"""A TCP proxy that stops half-way: after so many bytes from the server it carries nothing more and closes nothing."""

import contextlib
import socket
import threading
from types import TracebackType

CHUNK_BYTES = 65_536


class HalfWayProxy:
    """One port of loopback that leads to another, for `limit` bytes of all its connections together."""

    def __init__(self, target: int, limit: int) -> None:
        self._target = target
        self._left = limit
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "HalfWayProxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # close() alone would not wake the thread that reads it
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target), 10)
                server.settimeout(None)
                self._sockets += [client, server]
                threading.Thread(target=self._carry, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, True), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                if counted:
                    data = self._taken(data)
                sink.sendall(data)

    def _taken(self, data: bytes) -> bytes:
        with self._lock:
            taken = data[: self._left]
            self._left -= len(taken)
            return taken
