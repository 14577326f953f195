"""Where SMS providers push: replies (who opts out is left alone), and whether messages arrived."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from manyi.distribution import actions as distribution
from manyi.distribution import delivery_actions
from manyi.distribution.sms import REPLY_KEY
from manyi.organisation.settings import value

#: How providers call the sender and the text: Aliyun (SmsUp), Tencent Cloud, and others.
SENDERS = ("phone_number", "mobile", "phone", "from")
TEXTS = ("content", "text", "message")
#: What they all take for "received".
RECEIVED = {"code": 0, "msg": "OK", "result": 0, "errmsg": "OK"}


@csrf_exempt
@require_POST
def intake(request: HttpRequest, key: str) -> HttpResponse:
    """Take in one push of replies; without the key there is no such page."""
    _require_key(key)
    for reply in _replies(request):
        sender, text = _first(reply, SENDERS), _first(reply, TEXTS)
        distribution.opt_out_by_reply(sender=sender, text=text)
    return JsonResponse(RECEIVED)


@csrf_exempt
@require_POST
def receipts(request: HttpRequest, key: str) -> HttpResponse:
    """Take in one push of delivery reports, under the same key."""
    _require_key(key)
    reports = [report for each in _replies(request) if (report := delivery_actions.read(each)) is not None]
    delivery_actions.book_reports(reports)
    return JsonResponse(RECEIVED)


def _require_key(key: str) -> None:
    wanted = value(REPLY_KEY)
    if not wanted or not constant_time_compare(key, wanted):
        raise Http404


def _replies(request: HttpRequest) -> list[dict[str, Any]]:
    """The replies in a push: a JSON object, a list of them, or one form."""
    if request.POST:
        return [request.POST.dict()]
    try:
        data = json.loads(request.body)
    except ValueError:
        return []
    return [each for each in (data if isinstance(data, list) else [data]) if isinstance(each, dict)]


def _first(reply: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(reply[name]) for name in names if reply.get(name)), "")
