"""A person's private calendar address: seen once when it is made, renewed, revoked."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from manyi.improvement.due_dates import VERBS
from manyi.organisation import calendar_feeds
from manyi.organisation.models import CalendarAddress
from manyi.web.guard import StaffRequest, needs


@never_cache
@require_http_methods(["GET", "POST"])
@needs(*VERBS)
def page(request: StaffRequest) -> HttpResponse:
    """Whether there is an address and when it was read; a POST makes, renews, changes or revokes it.

    The new address stands in the answer to the POST and nowhere else: it is not kept, so it cannot be shown
    again.
    """
    me, given = request.user, request.POST
    act, address = given.get("act", ""), ""
    reminder = int(given["reminder"]) if given.get("reminder", "").isdecimal() else 0
    if act == "make":
        secret = calendar_feeds.make_address(person=me, reminder=reminder)
        address = settings.BASE_URL + reverse("public:calendar_feed", args=[secret])
    elif act == "remind":
        calendar_feeds.set_reminder(person=me, reminder=reminder)
        messages.success(request, _("Saved."))
        return redirect("settings:calendar_address")
    elif act == "revoke":
        calendar_feeds.revoke_address(person=me)
        messages.success(request, _("The address is revoked; calendar programs cannot read it any more."))
        return redirect("settings:calendar_address")
    context = {
        "row": CalendarAddress.objects.filter(person=me).first(),
        "address": address,
        "webcal": address.replace("https:", "webcal:").replace("http:", "webcal:"),
        "reminders": calendar_feeds.REMINDERS,
    }
    return render(request, "settings/calendar_address.html", context)
