"""One request to an address from outside: never into the house's own network unless that is allowed.

The name is resolved once, every address of it is judged, and the connection goes to the one that was judged:
a name that points elsewhere a moment later gains nothing. A post follows no redirect; a file that is fetched
only one within its host.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from manyi.distribution.channels import ChannelError
from manyi.distribution.gateways import TIMEOUT, Answer, answer_of

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_BYTES = 64 * 1024
#: A file is read in such pieces, for so many seconds in all, along so many redirects.
_PIECE, PATIENCE, MOST_HOPS = 64 * 1024, 60, 3
_LATER = frozenset({408, 425, 429})


class Unfetched(Exception):
    """A file that was not fetched: ``reason`` is host, address, redirect, status, size or reach; ``lasting``:
    trying again changes nothing."""

    def __init__(self, reason: str, detail: str = "", *, lasting: bool) -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason, self.detail, self.lasting = reason, detail[:300], lasting


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


def is_listed(host: str, hosts: Collection[str]) -> bool:
    """Whether a host is one of these names; ``*.example.cn`` stands for all names below example.cn."""
    host = host.lower().rstrip(".")
    return any(host.endswith(each[1:]) if each.startswith("*.") else host == each for each in hosts)


def fetch(url: str, *, hosts: Collection[str], most: int, loopback: bool = False) -> bytes:
    """The content of a file of ``most`` bytes at most, by https from one of the hosts; ``loopback`` also lets
    plain http to this machine through. Raises Unfetched."""
    ends = time.monotonic() + PATIENCE
    for _hop in range(MOST_HOPS + 1):
        found = _got(url, hosts, most, ends, loopback=loopback)
        if isinstance(found, bytes):
            return found
        if urlsplit(found).netloc != urlsplit(url).netloc:
            raise Unfetched("redirect", urlsplit(found).hostname or "", lasting=True)
        url = found
    raise Unfetched("redirect", "", lasting=True)


def _got(url: str, hosts: Collection[str], most: int, ends: float, *, loopback: bool) -> bytes | str:
    """The content, or the address to which it is redirected."""
    connection, path = _way_to(url, hosts, loopback=loopback)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity", "User-Agent": "Manyi"})
        reply = connection.getresponse()
        if reply.status in {301, 302, 303, 307, 308}:
            return urljoin(url, reply.headers.get("Location", ""))
        if reply.status != http.HTTPStatus.OK:
            again = reply.status in _LATER or reply.status >= 500
            raise Unfetched("status", f"HTTP {reply.status}", lasting=not again)
        return _content(reply, most, ends)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unfetched("reach", str(error), lasting=False) from error
    finally:
        connection.close()


def _way_to(url: str, hosts: Collection[str], *, loopback: bool) -> tuple[http.client.HTTPConnection, str]:
    """A connection to a judged address of the host, not opened yet, and the path to ask for."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Unfetched("address", str(error), lasting=True) from error
    near = loopback and host == "127.0.0.1"
    if not is_listed(host, hosts):
        raise Unfetched("host", host, lasting=True)
    if not near and (parts.scheme != "https" or port not in {None, 443}):
        raise Unfetched("address", f"{parts.scheme}:{port or ''}".rstrip(":"), lasting=True)
    try:
        targets = [host] if near else _judged(host, 443, private=False)
    except ChannelError as error:
        raise Unfetched(
            "address" if error.permanent else "reach", str(error), lasting=error.permanent
        ) from error
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=TIMEOUT)
    connection._create_connection = partial(_connect, targets)  # type: ignore[attr-defined]
    return connection, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _content(reply: http.client.HTTPResponse, most: int, ends: float) -> bytes:
    said = reply.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > most:
        raise Unfetched("size", said, lasting=True)
    held = bytearray()
    while piece := reply.read1(_PIECE):
        held += piece
        if len(held) > most:
            raise Unfetched("size", f"> {most}", lasting=True)
        if time.monotonic() > ends:
            raise Unfetched("reach", f"not there after {PATIENCE} s", lasting=False)
    if said.isdecimal() and len(held) < int(said):
        raise Unfetched("reach", f"{len(held)} of {said} bytes", lasting=False)
    return bytes(held)


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
