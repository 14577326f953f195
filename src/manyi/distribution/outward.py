"""One post to an address that somebody typed in: never into the house's own network unless that is allowed.

The name is resolved once, every address of it is judged, and the connection goes to the one that was judged:
a name that points elsewhere a moment later gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from manyi.distribution.channels import ChannelError
from manyi.distribution.gateways import TIMEOUT, Answer, answer_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_BYTES = 64 * 1024


def post(url: str, *, body: bytes, headers: Mapping[str, str], private: bool) -> Answer:
    """Post a body; any HTTP status comes back as an answer. ``private``: whether the own network may be
    reached. Raises ChannelError: for good for an address that is not allowed, else for now."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        port = 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port:
        raise ChannelError(f"not a web address: {url!r}", permanent=True)
    targets = _judged(parts.hostname, port, private=private)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, port, timeout=TIMEOUT)
    # The certificate is checked against the name, the socket goes to an address that was judged.
    connection._create_connection = partial(_connect, targets)  # type: ignore[attr-defined]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body=body, headers=dict(headers))
        reply = connection.getresponse()
        return answer_of(reply.status, reply.read(MOST_BYTES))
    except (OSError, http.client.HTTPException) as error:
        raise ChannelError(f"not reached: {error}", permanent=False) from error
    finally:
        connection.close()


def _connect(targets: Sequence[str], to: tuple[str, int], *rest: Any) -> socket.socket:
    """A connection to the first of these addresses that answers."""
    for target in targets[:-1]:
        try:
            return socket.create_connection((target, to[1]), *rest)
        except OSError:
            continue
    return socket.create_connection((targets[-1], to[1]), *rest)


def _judged(host: str, port: int, *, private: bool) -> list[str]:
    """The addresses of a name; raises ChannelError when any of them must not be reached."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ChannelError(f"no such host: {host}", permanent=False) from error
    found = [str(row[4][0]) for row in rows]
    for text in found:
        if not _is_allowed(ipaddress.ip_address(text.partition("%")[0]), private=private):
            raise ChannelError(f"{host} leads into a network that is not allowed ({text})", permanent=True)
    return found


def _is_allowed(address: Address, *, private: bool) -> bool:
    """Public addresses; those of the house's networks only where it said so; link-local ones never: a cloud's
    machines give out their keys there."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or (private and address.is_private)
