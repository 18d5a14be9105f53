"""A door in front of an API: passes everything on, and notes what was asked for."""

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

_ASKED = re.compile(rb"(?:^|\r\n\r\n|\n)GET (/\S*) HTTP/1\.1\r\n")


class Door:
    """Listens on a free port and passes connections on to another. A request is noted by its address."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._noted: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def seen(self, act: Callable[[], object]) -> list[str]:
        """The addresses under `/api/v1/` that were asked for while this was done."""
        self._noted.clear()
        act()
        return [path for path in self._noted if path.startswith("/api/v1/")]

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                inner, _ = self._listener.accept()
                outer = socket.create_connection(("127.0.0.1", self._target))
                for one, other, asks in ((inner, outer, True), (outer, inner, False)):
                    threading.Thread(target=self._pass, args=(one, other, asks), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, asks: bool) -> None:
        with suppress(OSError), one, other:
            while data := one.recv(65536):
                if asks:
                    self._noted += [path.decode() for path in _ASKED.findall(data)]
                other.sendall(data)
