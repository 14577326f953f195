"""What a page does with an act that was refused: say why, and bring the person back to where they were."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation.errors import Invalid, NotPermitted, Refused

UNPROCESSABLE = 422


class RefusalMiddleware:
    """Turns ``Refused`` (and a workflow's own refusal) that a view let through into words for the person.

    Not permitted: 403. From htmx: a fragment with status 422. After a POST: a message on the page that the
    person came from. A page that cannot be shown at all: 422 with the reason.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to a refusal; None leaves every other exception to Django."""
        if not isinstance(exception, Refused | WorkflowError):
            return None
        words = " ".join(reason.text(get_language() or "") for reason in reasons(exception))
        if isinstance(exception, NotPermitted):
            return render(request, "403.html", {"reason": words}, status=403)
        if getattr(request, "htmx", False):
            return render(request, "parts/refused.html", {"reason": words}, status=UNPROCESSABLE)
        if request.method == "POST":
            messages.error(request, words)
            return HttpResponseRedirect(came_from(request))
        return render(request, "refused.html", {"reason": words}, status=UNPROCESSABLE)


def reasons(refusal: Refused | WorkflowError) -> list[Label]:
    """Everything that a refusal has to tell."""
    if isinstance(refusal, Invalid) and refusal.problems:
        return [reason for _, reason in refusal.problems]
    return [refusal.message]


def came_from(request: HttpRequest, default: str = "/") -> str:
    """The page of this site that the person came from, or the default; never another site."""
    referer = request.headers.get("referer", "")
    safe = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if referer and safe else default
