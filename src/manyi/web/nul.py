"""The NUL character means nothing to people and is refused by PostgreSQL: it is taken out at the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NUL = "\x00"


class NulMiddleware:
    """Strips NUL from queries and forms, so that what was typed around it is not lost; 404 for such paths."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = without_nul(request.GET)
        if request.method == "POST" and holds_nul(request.POST):
            request.POST = without_nul(request.POST)
        return self.get_response(request)


def holds_nul(values: QueryDict) -> bool:
    """Whether a name or a value has a NUL in it."""
    return any(NUL in name or any(NUL in value for value in given) for name, given in values.lists())


def without_nul(values: QueryDict) -> Any:
    """The same values with every NUL taken out; immutable."""
    clean = QueryDict(mutable=True)
    for name, given in values.lists():
        clean.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in given])
    clean._mutable = False
    return clean
