"""The interviewer's desk: whom to call next, the person on the screen, how the call ended."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.distribution import actions, call_queries
from manyi.distribution.actions import Outcome
from manyi.distribution.call_script import spoken
from manyi.distribution.calling import PARTS, masked
from manyi.distribution.dispositions import CHOSEN, label_of
from manyi.distribution.models import Call
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.errors import Refused
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE

#: The keys that choose a result, in the order of the results.
KEYS = "1234567890acdfg"
SHOWN = 20


@require_GET
@needs("surveys.call")
def index(request: StaffRequest) -> HttpResponse:
    """Whom to call now, agreed calls with their hour, and what was done today."""
    person, now = request.user, clock.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = call_queries.CALLS.filter(interviewer=person, began_at__gte=midnight).exclude(disposition="")
    supervised = access.visible(person, Round.objects.filter(state="open"), verb="surveys.field")
    soon = call_queries.appointments(person)[:SHOWN]
    context = {
        "current": call_queries.call_of(person, now),
        "due": call_queries.due(person, now).count(),
        "waiting": call_queries.on_list(person).count(),
        "appointments": [(row, bool(row.not_before and row.not_before <= now)) for row in soon],
        "calls": [(call, label_of(call.disposition)) for call in today[:SHOWN]],
        "done": today.filter(disposition="complete").count(),
        "last": call_queries.last_call(person),
        "faces": call_queries.rounds_of(person),
        "supervised": supervised.order_by("closes_at")[:SHOWN],
    }
    return render(request, "field/desk.html", context)


@require_POST
@needs("surveys.call")
def take_next(request: StaffRequest) -> HttpResponse:
    """The next person, kept for whoever asked."""
    call = actions.next_call(actor=request.user)
    if call is None:
        messages.info(request, _("There is nobody to call at this moment."))
        return redirect("field:desk")
    return redirect("field:call", pk=call.pk)


def on_screen(request: StaffRequest, call: Call) -> bool:
    """Whether a call is the one that this person has on the screen."""
    held = call.task.claimed_by_id == request.user.pk
    return held and call.ended_at is None and call.interviewer_id == request.user.pk


@never_cache
@require_GET
@needs("surveys.call")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """The person on the screen with the script; of any other call what became of it."""
    call = find(request, call_queries.CALLS, pk=pk)
    return _screen(request, call)


def _screen(request: StaffRequest, call: Call, number: str = "") -> HttpResponse:
    customer, point = call.task.invitation.customer, call_queries.number_of(call.task)
    earlier = call.task.calls.exclude(pk=call.pk).select_related("interviewer")
    own = (customer.language if customer else "") or "zh-hans"
    asked = request.GET.get("language", "")
    language = asked if asked in {"zh-hans", "en"} else "en" if own.startswith("en") else "zh-hans"
    context = {
        "call": call,
        "live": on_screen(request, call),
        "customer": customer,
        "number": number or masked(point.value if point else ""),
        "script": spoken(call, language),
        "language": language,
        "result": label_of(call.disposition),
        "earlier": [(each, label_of(each.disposition)) for each in earlier],
        "best_part": PARTS[call.task.best_part][1] if call.task.best_part in PARTS else None,
        "may_supervise": access.may(request.user, "surveys.field", call),
    }
    return render(request, "field/call.html", context)


@never_cache
@require_POST
@needs("surveys.call")
def number(request: StaffRequest, pk: int) -> HttpResponse:
    """The full number, to script as JSON; without script the page with the number on it."""
    call = find(request, call_queries.CALLS, pk=pk)
    full = actions.show_number(actor=request.user, call=call, dial=request.POST.get("dial") == "1")
    if "application/json" in request.headers.get("accept", ""):
        return JsonResponse({"number": full})
    return _screen(request, call, full)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("surveys.call")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """How the call ended, with what follows."""
    call = find(request, call_queries.CALLS, pk=pk)
    if request.method == "GET" and not on_screen(request, call):
        return redirect("field:call", pk=pk)
    fault: Refused | None = None
    if request.method == "POST":
        try:
            done = actions.finish_call(actor=request.user, call=call, outcome=_outcome(request))
        except Refused as refused:
            if not refused.field:
                raise
            fault = refused
        else:
            said = label_of(done.disposition).text(get_language() or "")
            messages.success(request, _("Noted: %(result)s.") % {"result": said})
            return redirect("field:desk")
    context = {
        "call": call,
        "results": list(zip(KEYS, CHOSEN, strict=True)),
        "parts": [(part, label) for part, (_hour, label) in PARTS.items()],
        "given": request.POST,
        "note": request.POST.get("note", call.note),
        "fault": fault,
    }
    return render(request, "field/end.html", context, status=UNPROCESSABLE if fault else 200)


def _outcome(request: StaffRequest) -> Outcome:
    given = request.POST
    return Outcome(
        disposition=given.get("disposition", ""),
        note=given.get("note", ""),
        call_back_at=_instant(given.get("call_back_at", "")),
        mine=given.get("mine") == "yes",
        best_part=given.get("best_part", ""),
        opt_out=given.get("opt_out") == "yes",
    )


def _instant(text: str) -> datetime | None:
    """A local date and time in the reader's zone; None for nothing. Raises Refused for what is neither."""
    if not text.strip():
        return None
    try:
        return timezone.make_aware(datetime.fromisoformat(text.strip()))
    except ValueError:
        raise Refused(Label("请填写日期和时间。", "Give a date and a time."), field="call_back_at") from None


@require_POST
@needs("surveys.call")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the last result back: the person is on the screen again."""
    call = find(request, call_queries.CALLS, pk=pk)
    actions.undo_call(actor=request.user, call=call)
    messages.success(request, _("The result was taken back. Please note the right one."))
    return redirect("field:end", pk=pk)
