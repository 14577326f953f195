"""A person's own language and time zone; the language switch works for everybody, logged in or not."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from manyi.kernel.labels import Label
from manyi.organisation.actions import set_preferences
from manyi.organisation.models import Person
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import form_page

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
ZONES = [
    (name, name) for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")
]
ONE_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
@needs()
def preferences(request: StaffRequest) -> HttpResponse:
    """Language and time zone of the person, and the way to a new password."""
    me = request.user

    def act(given: Mapping[str, str]) -> str:
        language, zone = given.get("language", ""), given.get("time_zone", "")
        set_preferences(person=me, language=language, time_zone=zone)
        return reverse("settings:me")

    fields = [
        Field("language", Label("界面语言", "Language"), "select", me.language, LANGUAGES, required=False),
        Field(
            "time_zone",
            Label("时区", "Time zone"),
            "select",
            me.time_zone,
            ZONES,
            required=False,
            help=Label("留空则按单位的时区显示。", "Empty means that of the organisation."),
        ),
    ]
    return form_page(
        request,
        heading=Label("我的偏好", "My preferences"),
        fields=fields,
        act=act,
        done=Label("已保存。", "Saved."),
        back="",
        template="settings/me.html",
    )


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the interface and come back to the page where the person was."""
    chosen, goal = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure()):
        goal = "/"
    response = HttpResponseRedirect(goal)
    if chosen not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Person):
        set_preferences(person=request.user, language=chosen, time_zone=request.user.time_zone)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response
