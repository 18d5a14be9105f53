"""Finds free loopback ports."""

import socket

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port on which nothing listens now; the caller should bind it soon."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


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
