"""Channels and their settings: what is ready, what is missing, and a test message to oneself."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.distribution import actions as distribution
from manyi.distribution.channels import CHANNELS, Channel
from manyi.kernel.labels import Label
from manyi.organisation import actions
from manyi.organisation.models import Person
from manyi.organisation.settings import SETTINGS, SettingSpec, value
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, needs
from manyi.web.settings.pages import form_page

#: Groups of settings that belong to several channels.
SHARED = {
    "sending": Label("发送时间", "Sending hours"),
    "sms": Label("短信通用设置", "All SMS"),
    "mailbox": Label("退信信箱", "Mailbox for bounces"),
}
INPUTS = {"number": "number", "secret": "password", "choice": "select"}
KEEP = Label("已保存。留空则不变。", "Saved. Leave empty to keep it.")
FORGET = Label("删除已保存的内容", "Delete what is saved")


@require_GET
@needs("settings.manage")
def index(request: StaffRequest) -> HttpResponse:
    """Every channel with what it still lacks, and the settings that several share."""
    sending = [each for each in CHANNELS if each.reach != "hand" or _specs(each.id)]
    context = {
        "rows": [(each, each.ready()) for each in sending],
        "shared": [(group, label) for group, label in SHARED.items() if _specs(group)],
    }
    return render(request, "settings/channels.html", context)


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def group(request: StaffRequest, group: str) -> HttpResponse:
    """The settings of one channel, or of a group; a secret is never sent back."""
    specs = _specs(group)
    if not specs:
        raise Http404
    channel = CHANNELS.get(group) if group in CHANNELS else None

    def act(given: Mapping[str, str]) -> str:
        with transaction.atomic():
            for spec in specs:
                wanted = _given(spec, given)
                if wanted is not None:
                    actions.set_setting(actor=request.user, key=spec.key, value=wanted)
        return reverse("settings:channel", args=[group])

    return form_page(
        request,
        heading=channel.label if channel else SHARED[group],
        fields=[field for spec in specs for field in _fields(spec)],
        act=act,
        done=Label("设置已保存。", "The settings are saved."),
        back=reverse("settings:channels"),
        template="settings/channel.html",
        context=_trial(channel, request.user),
    )


def _specs(group: str) -> list[SettingSpec]:
    return [spec for spec in SETTINGS.values() if spec.group == group]


def _given(spec: SettingSpec, given: Mapping[str, str]) -> str | None:
    """What the form wants a setting to be; None leaves it alone."""
    if spec.kind == "secret":
        if given.get(f"{spec.key}.forget") == "yes":
            return ""
        return given.get(spec.key) or None
    wanted = given.get(spec.key)
    return None if wanted is None or wanted == str(value(spec.key)) else wanted


def _fields(spec: SettingSpec) -> list[Field]:
    """The field of a setting; a secret that is set comes with a box to delete it."""
    kind, kept = INPUTS.get(spec.kind, "text"), value(spec.key)
    if spec.kind != "secret":
        required = spec.kind in {"number", "choice"}
        return [Field(spec.key, spec.label, kind, str(kept), spec.choices, required, spec.explanation)]
    field = Field(spec.key, spec.label, kind, "", (), False, KEEP if kept else spec.explanation)
    words = Label(f"{FORGET.zh}:{spec.label.zh}", f"{FORGET.en}: {spec.label.en}")
    return [field, Field(f"{spec.key}.forget", words, "check", required=False)] if kept else [field]


def _trial(channel: Channel | None, person: Person) -> dict[str, object]:
    """What the test of a channel needs: to whom, and whether it can be tried at all."""
    if channel is None or channel.reach in {"hand", "back"}:
        return {"channel": None}
    known = {"email": person.email, "phone": person.phone}
    return {"channel": channel, "missing": channel.ready(), "recipient": known.get(channel.contact, "")}


@require_POST
@needs("settings.manage")
def test(request: StaffRequest, group: str) -> HttpResponse:
    """Send a test message to oneself and say at once what the provider answered."""
    if group not in CHANNELS:
        raise Http404
    sent = distribution.try_channel(
        actor=request.user, channel=group, recipient=request.POST.get("recipient", "")
    )
    if sent.state == "sent":
        messages.success(request, _("The provider took the test message."))
    else:
        messages.error(request, _("The test message was not taken: %(why)s") % {"why": sent.error})
    return redirect("settings:channel", group=group)
