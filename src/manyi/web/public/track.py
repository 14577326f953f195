"""Where a matter stands: by number and code, in plain words, with a way to write back. Nothing internal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from manyi.cases.actions import add_message
from manyi.cases.choices import KINDS, label_of
from manyi.cases.models import Case
from manyi.cases.queries import by_code
from manyi.cases.wording import PUBLIC_STATES
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.web.public.complainant import TooOften, complainant, count_try, go, page
from manyi.web.public.voice import TRACKED

TRIES, MINUTES_15 = 8, 900
MESSAGES_PER_HOUR = 20
#: One answer for a wrong number and for a wrong code: which numbers exist is nobody's business.
NOT_FOUND = Label(
    "编号或查询码不对,请核对后再试。", "The number or the code is not right; please check and try again."
)


@complainant
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; the right pair opens the case for this browser."""
    if request.method != "POST":
        return page(request, "track", {"number": request.GET.get("number", "")})
    number, code = request.POST.get("number", "").strip(), request.POST.get("code", "")
    try:
        count_try(f"track:{number[:20]}", most=TRIES, seconds=MINUTES_15)
    except TooOften as refused:
        return page(request, "track", {"number": number, "fault": refused.message}, status=429)
    case = by_code(number, code)
    if case is None:
        return page(request, "track", {"number": number, "fault": NOT_FOUND}, status=404)
    request.session[TRACKED] = case.pk
    return go(request, "public:tracked")


@complainant
def tracked(request: HttpRequest) -> HttpResponse:
    """The case that this browser opened: state, what comes next, the messages to and from the complainant."""
    case = Case.objects.select_related("unit").filter(pk=request.session.get(TRACKED, 0)).first()
    if case is None:
        return go(request, "public:track")
    fault: Label | None = None
    if request.method == "POST":
        try:
            count_try(f"message:{case.pk}", most=MESSAGES_PER_HOUR, seconds=3600)
            add_message(actor=None, case=case, direction="in", body=request.POST.get("body", "")[:8000])
            return go(request, "public:tracked")
        except Refused as refused:
            fault = refused.message
    state, coming = PUBLIC_STATES[case.state]
    context = {
        "case": case,
        "state": state,
        "coming": coming,
        "kind": label_of(KINDS, case.kind),
        "messages_shown": case.messages.filter(direction__in=("in", "out")),
        "fault": fault,
    }
    return page(request, "tracked", context, status=422 if fault else 200)


@complainant
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case for this browser, on a computer that others use too."""
    if request.method == "POST":
        request.session.pop(TRACKED, None)
    return go(request, "public:track")
