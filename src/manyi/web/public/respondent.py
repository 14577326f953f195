"""What all pages for respondents share: no login, no session, never cached, every shut door said in words.

The token in the address is the secret, so these pages take posts without a CSRF token: who could forge one
would need the token, and a page without cookies works in every in-app browser.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from manyi.distribution.errors import UnknownLink
from manyi.organisation.settings import value
from manyi.responses.errors import NotTaken, OptedOut
from manyi.web.public.languages import OURS, asked_language, menu

View = Callable[..., HttpResponse]


def respondent(*methods: str) -> Callable[[View], View]:
    """A page for respondents: never cached, without cookies, and every shut door answered in words."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @never_cache
        @require_http_methods(methods)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with translation.override(asked_language(request) or _preferred_language(request)):
                try:
                    return view(request, *args, **kwargs)
                except UnknownLink as shut:
                    return page(request, "refused", {"refusal": shut}, status=404)
                except NotTaken as shut:
                    context = {"refusal": shut, "opens_at": getattr(shut, "opens_at", None)}
                    context["stop_url"] = _stop_url(request) if isinstance(shut, OptedOut) else ""
                    return page(request, "refused", context, status=shut.status)

        return guarded

    return decorate


def _preferred_language(request: HttpRequest) -> str:
    return translation.get_language_from_request(request)


def _stop_url(request: HttpRequest) -> str:
    return f"/s/{request.path.split('/')[2]}/stop/"


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """One of the respondent's templates in the present language, without the context of staff pages.

    ``context`` may say in which language the questionnaire is ``spoken`` and which ones are ``offered``.
    """
    language = context.get("spoken") or translation.get_language() or OURS["zh"]
    base = {
        "organisation_name": value("organisation.name"),
        "language": language,
        "asked": request.GET.get("lang", "") if asked_language(request) else "",
        "languages": menu(context.get("offered") or OURS, language),
    }
    return HttpResponse(get_template(f"public/{name}.html").render({**base, **context}), status=status)
