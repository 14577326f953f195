"""Where other survey platforms push answers to; the signature decides, the raw push is kept first."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from manyi.responses.models import PushSource
from manyi.responses.push_actions import MOST_BYTES, is_signed, receive

SIGNATURE = "X-Signature"
FORBIDDEN, TOO_LARGE, NO_FORM = 403, 413, 415


@csrf_exempt
@require_POST
def push(request: HttpRequest, key: str) -> HttpResponse:
    """One push. 403 without the right signature; else 200, also when a person must look: it is kept."""
    rows = PushSource.objects.select_related("link__round", "link__unit")
    source = rows.filter(key=key, link__active=True).first()
    if source is None:
        raise Http404
    if request.content_type == "multipart/form-data":
        return JsonResponse({"result": "not a form"}, status=NO_FORM)
    raw = request.body
    if len(raw) > MOST_BYTES:
        return JsonResponse({"result": "too large"}, status=TOO_LARGE)
    if not is_signed(source, raw, request.headers.get(SIGNATURE, "")):
        return JsonResponse({"result": "signature"}, status=FORBIDDEN)
    kept = receive(source=source, raw=raw)
    return JsonResponse({"result": kept.state, "code": 0})
