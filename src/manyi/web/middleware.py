"""What every request of a logged-in person carries: their language and their time zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from manyi.web.context import settings_of


class PersonMiddleware:
    """Shows times in the person's zone (or the organisation's) and speaks the person's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/static/", "/s/", "/o/", "/e/", "/k/", "/receipt/")):
            return self.get_response(request)
        person = request.user
        zone = settings_of(request)["time_zone"]
        if person.is_authenticated:
            zone = person.time_zone or zone
            if person.language in dict(settings.LANGUAGES):
                translation.activate(person.language)
                request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)
