"""Finds free loopback ports."""

import itertools
import socket
from random import SystemRandom

LOOPBACK = "127.0.0.1"

PORTS = range(10_000, 32_768)
"""Below those that Linux gives to outgoing connections, one of which could take a port before its server binds it."""

_turns = itertools.count(SystemRandom().randrange(len(PORTS)))


def free_port() -> int:
    """A port on which nothing listens now; the caller should bind it soon. Each call gives another port, and each
    process begins elsewhere, so that programs that start side by side do not choose the same. Raises OSError if no port
    is free.
    """
    for turn in itertools.islice(_turns, len(PORTS)):
        port = PORTS[turn % len(PORTS)]
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        return port
    raise OSError(f"no port from {PORTS[0]} to {PORTS[-1]} is free")


def is_free(port: int) -> bool:
    """Whether the port can be bound on loopback now, as a server would bind it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def answers(port: int, *, seconds: float = 0.5) -> bool:
    """Whether something accepts connections on that loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=seconds):
            return True
    except OSError:
        return False
