"""Open links that stand somewhere: in a website's frame, and on a kiosk tablet.

A frame shows the same pages as an open link under addresses of its own, so that only these may be framed, and
only by the websites that the organisation has named. A kiosk is a shell around the open link: it begins anew
after every visitor, and only the PIN opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation

from manyi.distribution import open_link_actions
from manyi.distribution.channels.embed import ORIGINS
from manyi.distribution.errors import UnknownLink
from manyi.organisation.settings import value
from manyi.responses.queries import open_link
from manyi.surveys.queries import questionnaire_of
from manyi.web.public import doors, respond
from manyi.web.public.answering import section_page
from manyi.web.public.complainant import TooOften, count_try
from manyi.web.public.respondent import page, respondent

View = Callable[..., HttpResponse]
TRIES, MINUTES_15 = 8, 900
#: How long a kiosk waits: after thanks, and for somebody who has walked away.
THANKS_SECONDS, IDLE_SECONDS = 8, 60


def origins(text: str) -> list[str]:
    """The web origins among the words of a setting; anything else in it is left out."""
    found = []
    for word in text.replace(",", " ").split():
        parts = urlsplit(word)
        if parts.scheme in {"http", "https"} and parts.hostname:
            found.append(f"{parts.scheme}://{parts.netloc}")
    return found


def framed(view: View) -> View:
    """The page may stand in a frame of the named websites, and its receipt stays in that frame."""

    @wraps(view)
    def inside(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, token, *args, **kwargs)
        goal = answer.headers.get("Location", "")
        if goal.startswith("/receipt/"):
            answer.headers["Location"] = reverse("public:embed_thanks", args=[token, goal.split("/")[2]])
        answer.xframe_options_exempt = True  # frame-ancestors says it finer
        answer._csp_replace = {"frame-ancestors": ["'self'", *origins(value(ORIGINS))]}  # type: ignore[attr-defined]
        return answer

    return inside


def _door(token: str) -> doors.Door:
    door = doors.open_door(token)
    door.way = "embed"
    return door


@framed
@respondent("GET", "HEAD", "POST")
def embed(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of an open link inside a frame."""
    return respond._welcome(request, _door(token))


@framed
@respondent("GET", "HEAD", "POST")
def embed_section(request: HttpRequest, token: str, key: str, section: str) -> HttpResponse:
    """One section inside a frame."""
    door = doors.open_draft(token, key)
    door.way = "embed"
    return section_page(request, door, section)


@framed
def embed_thanks(request: HttpRequest, token: str, receipt: str) -> HttpResponse:
    """Thanks inside a frame."""
    return respond.receipt(request, receipt)


@respondent("GET", "HEAD")
def kiosk(request: HttpRequest, token: str) -> HttpResponse:
    """The shell of a kiosk tablet around an open link."""
    link = open_link(token)
    if link.kind != "kiosk" or not link.active:
        raise UnknownLink
    context = {
        "title": questionnaire_of(link.round.questionnaire).title.text(
            translation.get_language() or "zh-hans"
        ),
        "start": reverse("public:open", args=[token]),
        "leave": reverse("public:kiosk_leave", args=[token]),
        "thanks_seconds": THANKS_SECONDS,
        "idle_seconds": IDLE_SECONDS,
    }
    return page(request, "kiosk", context)


@respondent("POST")
def kiosk_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Whether the PIN is right; a few tries, then a wait."""
    link = open_link(token)
    try:
        count_try(f"kiosk:{link.pk}", most=TRIES, seconds=MINUTES_15)
    except TooOften:
        return JsonResponse({"open": False}, status=429)
    return JsonResponse({"open": open_link_actions.may_leave(link, request.POST.get("pin", ""))})
