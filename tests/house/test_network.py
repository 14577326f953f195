"""The guard of conftest.py: a test that reaches beyond this machine fails."""

from __future__ import annotations

import socket

import pytest


def test_a_foreign_address_is_refused() -> None:
    with (
        socket.socket() as outgoing,
        pytest.raises(AssertionError, match="only loopback is allowed"),
    ):
        outgoing.connect(("192.0.2.1", 80))


def test_this_machine_may_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as outgoing:
        outgoing.connect(server.getsockname())
        assert outgoing.getpeername() == server.getsockname()
