"""The door of a page: logged in, holding the verb; outsiders of the subtree get 404 through ``visible``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from manyi.organisation import access
from manyi.organisation.models import Person

View = Callable[..., HttpResponseBase]
M = TypeVar("M", bound=Model)


class StaffRequest(HttpRequest):
    """A request behind ``needs``: its user is a person."""

    user: Person


def needs(*verbs: str) -> Callable[[View], View]:
    """The page is for people who hold one of the verbs anywhere; without verbs, for everyone logged in."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if verbs and not any(access.may(request.user, verb) for verb in verbs):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs = verbs  # type: ignore[attr-defined]  # read by the access test over all pages
        return guarded

    return decorate


def find(request: StaffRequest, rows: QuerySet[M], *, verb: str = "", **lookup: Any) -> M:
    """The one visible row, or 404: what is outside the subtree does not exist for this person."""
    return get_object_or_404(access.visible(request.user, rows, verb=verb), **lookup)
