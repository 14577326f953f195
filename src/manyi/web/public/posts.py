"""Where chat tools, collectors of social posts and WeCom hand in what was written; the signature decides."""

from __future__ import annotations

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from manyi.cases.models import PostSource
from manyi.cases.posts import intake, wecom
from manyi.cases.posts.mapping import Unreadable
from manyi.cases.posts.signing import SCHEMES, is_signed
from manyi.organisation import clock

FORBIDDEN, TOO_LARGE, NO_FORM, TOO_MANY, PAUSED = 403, 413, 415, 429, 503
#: Seconds after which a sender who is put off may come again.
LATER = {"Retry-After": "60"}


@csrf_exempt
@require_POST
def push(request: HttpRequest, key: str) -> HttpResponse:
    """One post of a chat tool or collector. 200 once it is kept, also when a person must look at it."""
    source = _source(key)
    if source.kind == "wecom":
        raise Http404
    put_off = _put_off(request, source)
    if put_off is not None:
        return put_off
    if not is_signed(SCHEMES[source.signing], source.secret, request.body, request.headers, clock.now()):
        return _refused(source)
    post = intake.take_in(request.body, source=source)
    case = post.case.number if post.case else ""
    return JsonResponse({"result": post.state, "reason": post.reason, "case": case})


@csrf_exempt
@require_http_methods(["GET", "POST"])
def wecom_callback(request: HttpRequest, key: str) -> HttpResponse:
    """WeCom's two requests: GET proves that the address is ours, POST hands in one message."""
    source = _source(key)
    if source.kind != "wecom":
        raise Http404
    if request.method == "GET":
        return _echo(request, source)
    put_off = _put_off(request, source)
    if put_off is not None:
        return put_off
    try:
        encrypted = wecom.envelope(request.body)
    except Unreadable:
        encrypted = ""  # nothing in it can be signed
    if not _is_from_wecom(request, encrypted):
        return _refused(source)
    post = intake.take_in(request.body, source=source)
    # An empty answer tells WeCom that it arrived; what staff write goes out as a message of its own.
    return _refused(source) if post.reason == "corp" else HttpResponse("")


def _echo(request: HttpRequest, source: PostSource) -> HttpResponse:
    encrypted = request.GET.get("echostr", "")
    if not _is_from_wecom(request, encrypted):
        return _refused(source)
    try:
        return HttpResponse(wecom.opened(encrypted), content_type="text/plain")
    except Unreadable:
        return _refused(source)


def _is_from_wecom(request: HttpRequest, encrypted: str) -> bool:
    given = [request.GET.get(name, "") for name in ("msg_signature", "timestamp", "nonce")]
    return bool(encrypted) and wecom.is_signed(encrypted, *given)


def _source(key: str) -> PostSource:
    source = PostSource.objects.select_related("unit", "category").filter(key=key).first()
    if source is None or source.state == "removed":
        raise Http404
    return source


def _put_off(request: HttpRequest, source: PostSource) -> HttpResponse | None:
    """The answer to what cannot be taken now: a form, too large, too many, paused. Before it is read."""
    if request.content_type == "multipart/form-data":
        return JsonResponse({"result": "not a form"}, status=NO_FORM)
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > intake.MOST_BYTES:
        return JsonResponse({"result": "too large"}, status=TOO_LARGE)
    if source.state == "paused":
        return JsonResponse({"result": "paused"}, status=PAUSED, headers=LATER)
    if intake.too_many(source):
        return JsonResponse({"result": "too many"}, status=TOO_MANY, headers=LATER)
    return None


def _refused(source: PostSource) -> HttpResponse:
    """403 without a word why; how often is counted and shown with the source."""
    rows = PostSource.objects.filter(pk=source.pk)
    rows.update(refused=F("refused") + 1, refused_at=clock.now())
    return JsonResponse({"result": "signature"}, status=FORBIDDEN)
