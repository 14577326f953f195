"""The mark by which two sheets of an open link from one device are told: within one round, and nowhere else.

The cookie holds a random number, named after the round and gone with it. What is stored is a keyed hash of
number and round, so that neither the database nor two rounds side by side lead to a device.
"""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from manyi.distribution.models import OpenLink
from manyi.organisation import clock

#: Links that each person opens on a device of their own; a kiosk and an interviewer's tablet serve many.
OWN_DEVICE = frozenset({"qr"})


def device_of(request: HttpRequest, link: OpenLink) -> tuple[str, str]:
    """The number in the cookie (a new one where there is none) and its mark; empty for shared devices."""
    if link.kind not in OWN_DEVICE:
        return "", ""
    number = request.COOKIES.get(_name(link), "") or secrets.token_urlsafe(12)
    mark = salted_hmac("manyi.device", f"{link.round_id}:{number}", algorithm="sha256")
    return number, mark.hexdigest()[:32]


def remember(answer: HttpResponse, request: HttpRequest, link: OpenLink, number: str) -> HttpResponse:
    """Set the cookie until the round closes."""
    if number:
        seconds = (link.round.closes_at - clock.now()).total_seconds()
        secure = request.is_secure()
        answer.set_cookie(
            _name(link), number, max_age=max(int(seconds), 0), httponly=True, secure=secure, samesite="Lax"
        )
    return answer


def _name(link: OpenLink) -> str:
    return f"device-{link.round_id}"
