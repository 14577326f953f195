"""The signature of a push: HMAC over the raw body, with its time where the sender gives one. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from manyi.kernel.labels import Label

#: A signed time may be so far from ours, in either direction.
WINDOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Where a sender puts signature and time (Unix seconds), and by which hash; ``time`` empty: not signed.

    With a time the signed text is ``time.body``, without one the body alone.
    """

    id: str
    label: Label
    signature: str
    time: str
    algorithm: str


SCHEMES: Mapping[str, Scheme] = {
    each.id: each
    for each in (
        Scheme(
            "manyi",
            Label("X-Manyi-Signature(HMAC-SHA256,含时间)", "X-Manyi-Signature (HMAC-SHA256 with time)"),
            "X-Manyi-Signature",
            "X-Manyi-Timestamp",
            "sha256",
        ),
        Scheme(
            "chatwoot",
            Label("Chatwoot(HMAC-SHA256,含时间)", "Chatwoot (HMAC-SHA256 with time)"),
            "X-Chatwoot-Signature",
            "X-Chatwoot-Timestamp",
            "sha256",
        ),
        Scheme(
            "github",
            Label("X-Hub-Signature-256(HMAC-SHA256)", "X-Hub-Signature-256 (HMAC-SHA256)"),
            "X-Hub-Signature-256",
            "",
            "sha256",
        ),
        Scheme(
            "zammad",
            Label("X-Hub-Signature(Zammad,HMAC-SHA1)", "X-Hub-Signature (Zammad, HMAC-SHA1)"),
            "X-Hub-Signature",
            "",
            "sha1",
        ),
    )
}


def signature(scheme: Scheme, secret: str, raw: bytes, time: str = "") -> str:
    """The signature as its header holds it: ``sha256=…``, hexadecimal."""
    signed = time.encode() + b"." + raw if scheme.time else raw
    return f"{scheme.algorithm}={hmac.new(secret.encode(), signed, scheme.algorithm).hexdigest()}"


def is_signed(scheme: Scheme, secret: str, raw: bytes, headers: Mapping[str, str], now: datetime) -> bool:
    """Whether a push carries the right signature and, where it has a time, one near ours."""
    time = headers.get(scheme.time, "").strip() if scheme.time else ""
    if scheme.time and not (time.isdecimal() and len(time) <= 12 and _is_near(int(time), now)):
        return False
    given = headers.get(scheme.signature, "").strip().lower()
    given = given if "=" in given else f"{scheme.algorithm}={given}"
    expected = signature(scheme, secret, raw, time)
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _is_near(seconds: int, now: datetime) -> bool:
    return abs(now.timestamp() - seconds) <= WINDOW.total_seconds()


def digest_of(raw: bytes) -> str:
    """SHA-256 of a body, by which the same one is known again."""
    return hashlib.sha256(raw).hexdigest()
