"""Ports for servers that begin later: nobody who connects may be given one of them meanwhile."""

import socket

from deploy.local.ports import LOOPBACK, LOWEST, RANGE_OF_CLIENTS, free_port, is_free


def test_a_free_port_is_none_of_those_for_who_connects() -> None:
    first = int(RANGE_OF_CLIENTS.read_text().split()[0])
    found = {free_port() for _ in range(50)}
    assert len(found) > 40
    assert all(LOWEST <= port < first for port in found)


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    port = free_port()
    with socket.create_server((LOOPBACK, port)):
        assert not is_free(port)
    assert is_free(port)
