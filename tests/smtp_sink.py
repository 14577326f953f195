"""A mail server on loopback that keeps what it gets, and refuses recipients as a test asks."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Sink:
    """The running server: its port, and envelopes (sender, recipient) with the mails as they came."""

    port: int = 0
    mails: list[tuple[str, str, bytes]] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    """One SMTP conversation. ``…404@`` is refused for good, ``…503@`` for now."""

    def handle(self) -> None:
        sink: Sink = self.server.sink  # type: ignore[attr-defined]
        self.wfile.write(b"220 sink\r\n")
        sender = recipient = ""
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.wfile.write(b"250-sink\r\n250 8BITMIME\r\n")
            elif verb == b"MAIL":
                sender = _mailbox(line)
                self.wfile.write(b"250 ok\r\n")
            elif verb == b"RCPT":
                recipient = _mailbox(line)
                refusals = {"404@": b"550 5.1.1 no such user\r\n", "503@": b"450 4.2.0 later\r\n"}
                said = [no for sign, no in refusals.items() if sign in recipient]
                self.wfile.write(said[0] if said else b"250 ok\r\n")
            elif verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                sink.mails.append((sender, recipient, self._content()))
                self.wfile.write(b"250 ok\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")

    def _content(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


def _mailbox(line: bytes) -> str:
    return line.decode().partition("<")[2].partition(">")[0]


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """A sink that listens as long as the block lasts."""
    sink = Sink()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.sink = sink  # type: ignore[attr-defined]
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield sink
        server.shutdown()
