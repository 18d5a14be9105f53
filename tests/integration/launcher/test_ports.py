"""Ports that servers are started on."""

import socket

from legis_launcher.servers.ports import LOOPBACK, PORTS, free_port


def test_ports_can_be_bound_differ_and_no_connection_takes_them() -> None:
    chosen = [free_port() for _ in range(50)]
    assert len(set(chosen)) == 50
    assert set(chosen) <= set(PORTS)
    with socket.create_server((LOOPBACK, chosen[-1])):
        pass
