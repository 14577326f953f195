"""What the complainant's pages share: no login, the language of the address, never cached, few tries."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from manyi.cases.enclosures import Sent
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.settings import value
from manyi.web.public.languages import asked_language

View = Callable[..., HttpResponse]


class TooOften(Refused):
    """More tries than a person needs."""

    def __init__(self) -> None:
        super().__init__(
            Label("尝试次数过多,请 15 分钟后再试。", "Too many tries; please come back in 15 minutes.")
        )


def complainant(view: View) -> View:
    """A page for complainants: GET and POST, never cached, in the language that the address asks for."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = asked_language(request) or translation.get_language_from_request(request)
        with translation.override(chosen):
            return view(request, *args, **kwargs)

    return guarded


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """One of the complainant's templates in the present language."""
    language = translation.get_language() or "zh-hans"
    base = {
        "organisation_name": value("organisation.name"),
        "language": language,
        "other": "zh" if language.startswith("en") else "en",
    }
    return render(request, f"voice/{name}.html", {**base, **context}, status=status)


def go(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """To another of these pages, in the same language."""
    asked = request.GET.get("lang", "")
    query = f"?{urlencode({'lang': asked})}" if asked_language(request) else ""
    return HttpResponseRedirect(reverse(name) + query)


def sent_files(request: HttpRequest, name: str) -> list[Sent]:
    """The files that came along under a name."""
    sent = request.FILES.getlist(name)
    return [(each.name or "", each.size or 0, each.file) for each in sent if each.file]


def count_try(what: str, *, most: int, seconds: int) -> None:
    """Count one try; raises TooOften after so many within the time."""
    key = f"manyi-tries:{what}"
    cache.add(key, 0, timeout=seconds)
    try:
        tries = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        tries = 1
    if tries > most:
        raise TooOften
