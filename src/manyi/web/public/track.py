"""Where a matter stands: by number and code, in plain words, and what the complainant may do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from manyi.cases import complainant_actions as theirs
from manyi.cases import complainant_words, enclosures
from manyi.cases.choices import KINDS, label_of
from manyi.cases.models import Case
from manyi.cases.queries import by_code, followed
from manyi.kernel.labels import Label
from manyi.organisation import attachments, clock
from manyi.organisation.errors import Refused
from manyi.organisation.settings import value
from manyi.web.public.complainant import TooOften, complainant, count_try, go, page, sent_files
from manyi.web.public.voice import TRACKED

TRIES, TRIES_FROM, MINUTES_15 = 8, 60, 900
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
        count_try(f"track-from:{request.META.get('REMOTE_ADDR', '')}", most=TRIES_FROM, seconds=MINUTES_15)
    except TooOften as refused:
        return page(request, "track", {"number": number, "fault": refused.message}, status=429)
    case = by_code(number, code)
    if case is None:
        return page(request, "track", {"number": number, "fault": NOT_FOUND}, status=404)
    request.session[TRACKED] = followed(case).pk
    return go(request, "public:tracked")


@complainant
def tracked(request: HttpRequest) -> HttpResponse:
    """The case that this browser opened; a POST writes, rates or asks for a review, by its ``act``."""
    case = Case.objects.select_related("unit", "policy").filter(pk=request.session.get(TRACKED, 0)).first()
    if case is None:
        return go(request, "public:track")
    fault: Refused | None = None
    if request.method == "POST":
        try:
            count_try(f"message:{case.pk}", most=MESSAGES_PER_HOUR, seconds=3600)
            ACTS.get(request.POST.get("act", ""), _write)(request, case)
            messages.success(request, _("Thank you, we have it."))
            return go(request, "public:tracked")
        except Refused as refused:
            fault = refused
    return page(request, "tracked", {**_shown(case), **_kept(request, fault)}, status=422 if fault else 200)


def _write(request: HttpRequest, case: Case) -> None:
    theirs.write(case=case, body=request.POST.get("body", ""), files=sent_files(request, "files"))


def _rate(request: HttpRequest, case: Case) -> None:
    stars = request.POST.get("stars", "")
    theirs.rate(
        case=case, stars=int(stars) if stars in "12345" and stars else 0, words=request.POST.get("words", "")
    )


def _ask_review(request: HttpRequest, case: Case) -> None:
    theirs.ask_review(case=case, reason=request.POST.get("reason", ""))


ACTS: dict[str, Callable[[HttpRequest, Case], None]] = {
    "write": _write,
    "rate": _rate,
    "ask_review": _ask_review,
}


def _shown(case: Case) -> dict[str, Any]:
    """What the complainant sees: their words and ours, never what is internal, nothing of other cases."""
    state, coming = complainant_words.standing(case)
    promised = complainant_words.promises(case, clock.now())
    return {
        "case": case,
        "state": state,
        "coming": coming,
        "promises": promised,
        "late": any(promise.late for promise in promised),
        "kind": label_of(KINDS, case.kind),
        "messages_shown": case.messages.filter(direction__in=("in", "out")),
        "files_sent": attachments.held_by(case).filter(added_by=None).order_by("pk"),
        "rating": case.ratings.filter(cycle=case.reopened).first(),
        "may_rate": theirs.may_rate(case),
        "stars": complainant_words.STARS,
        "may_ask_review": theirs.may_ask_review(case),
        "review_days": value("cases.reopen_days"),
        "most_files": enclosures.MOST_FILES,
    }


def _kept(request: HttpRequest, fault: Refused | None) -> dict[str, Any]:
    """What was typed in a form that was refused, and why it was."""
    if fault is None:
        return {"fault": None}
    return {"fault": fault.message, "fault_at": fault.field, "given": request.POST}


@complainant
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case for this browser, on a computer that others use too."""
    if request.method == "POST":
        request.session.pop(TRACKED, None)
    return go(request, "public:track")
