"""Pushes as chat tools, collectors of posts and WeCom make them; signed by their descriptions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client
from django.urls import reverse

from manyi.cases.models import PostSource
from manyi.cases.posts.sources import make_source
from manyi.organisation import clock
from manyi.organisation.actions import set_setting
from tests.personas import House

CORP, TOKEN, AES_KEY = "wx5823bf96d3bd56c7", "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def a_source(house: House, **changes: Any) -> PostSource:
    given = {"name": "微博采集", "kind": "social", "case_kind": "complaint", "sample": "generic", **changes}
    return make_source(actor=None, unit=house.tree.east_service, **given)


def a_post(**changes: Any) -> dict[str, Any]:
    """A body in our own plain form."""
    return {
        "id": "w-1",
        "text": "保养完回家路上仪表盘又亮灯。",
        "thread": "t-1",
        "author": {"id": "u-88", "name": "东湖小车主"},
        "time": "2026-03-02T09:10:00+08:00",
        "url": "https://social.example/status/1",
        **changes,
    }


def pushed(source: PostSource, body: Any, *, secret: str = "", seconds: int = 0) -> Any:
    """Post a body as our own scheme signs it; ``seconds`` moves its time."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    time = str(int(clock.now().timestamp()) + seconds)
    signed = f"{time}.".encode() + raw
    found = hmac.new((secret or source.secret).encode(), signed, hashlib.sha256).hexdigest()
    headers = {"X-Manyi-Timestamp": time, "X-Manyi-Signature": f"sha256={found}"}
    return sent(source, raw, headers)


def sent(source: PostSource, raw: bytes, headers: dict[str, str]) -> Any:
    address = reverse("public:post", args=[source.key])
    return Client().post(address, raw, content_type="application/json", headers=headers)


def with_wecom(house: House) -> PostSource:
    """A source for WeCom, and the settings by which it is read."""
    for name, text in (("corp", CORP), ("callback_token", TOKEN), ("callback_key", AES_KEY)):
        set_setting(actor=None, key=f"wecom.{name}", value=text)
    return a_source(house, name="企业微信", kind="wecom")


def sealed(message: str, receiver: str = CORP) -> str:
    """A message as WeCom enciphers it."""
    key = base64.b64decode(AES_KEY + "=")
    content = message.encode()
    plain = b"0123456789abcdef" + len(content).to_bytes(4, "big") + content + receiver.encode()
    padding = 32 - len(plain) % 32
    sealer = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([padding]) * padding) + sealer.finalize()).decode()


def query_for(encrypted: str, token: str = TOKEN) -> str:
    time, nonce = "1409659813", "1372623149"
    found = hashlib.sha1("".join(sorted([token, time, nonce, encrypted])).encode()).hexdigest()
    return f"?msg_signature={found}&timestamp={time}&nonce={nonce}"


def by_wecom(source: PostSource, message: str, *, receiver: str = CORP, token: str = TOKEN) -> Any:
    """Post one message as WeCom does."""
    encrypted = sealed(message, receiver)
    body = f"<xml><ToUserName>{receiver}</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    address = reverse("public:wecom", args=[source.key]) + query_for(encrypted, token)
    return Client().post(address, body.encode(), content_type="text/xml")


def said(text: str, number: str = "1", *, person: str = "lisi", kind: str = "text", more: str = "") -> str:
    """The XML of one message."""
    return (
        f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>{person}</FromUserName>"
        f"<CreateTime>1772415000</CreateTime><MsgType>{kind}</MsgType>"
        f"<Content><![CDATA[{text}]]></Content>{more}<MsgId>{number}</MsgId></xml>"
    )


@contextmanager
def receiver(status: int = 200) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A chat tool on loopback that keeps what is posted to it."""
    got: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), raw))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/replies?inbox=1", got
    finally:
        server.shutdown()
        server.server_close()


def replying(house: House, url: str, **changes: Any) -> PostSource:
    source = a_source(house, **{"kind": "chat", **changes})
    PostSource.objects.filter(pk=source.pk).update(reply_url=url)
    source.refresh_from_db()
    return source
