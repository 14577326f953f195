"""Inviting in waves: the text as people get it, its length and price, one to oneself, then to everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.distribution import actions as distribution
from manyi.distribution import letters
from manyi.distribution.channels import CHANNELS, Channel
from manyi.distribution.letters import Letter
from manyi.distribution.text_actions import LANGUAGES
from manyi.distribution.wording import own_texts
from manyi.organisation.errors import Refused
from manyi.surveys.models import Programme, Round
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.refusals import UNPROCESSABLE

ROUNDS = Round.objects.select_related("programme", "unit")


def _personal() -> list[Channel]:
    return [channel for channel in CHANNELS if channel.reach == "person"]


@require_GET
@needs("surveys.field")
def wave(request: StaffRequest, pk: int) -> HttpResponse:
    """One wave of a round, before it leaves: who is left, by which channels, with which words."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    personal = {channel.id: channel for channel in _personal()}
    channel = personal.get(request.GET.get("channel", ""), personal["email"])
    kind = request.GET.get("kind", "")
    kind = kind if kind in letters.KINDS else "invitation"
    language = "en" if request.GET.get("language") == "en" else "zh-hans"
    left = row.members.filter(invitation=None)
    reached = left.filter(
        customer__contacts__kind=channel.contact, customer__contacts__undeliverable_at=None
    ).distinct()
    worded, cost = distribution.preview(
        round=row, kind=kind, channel=channel, language=language, name=request.user.display_name
    )
    people = reached.count()
    context = {
        "round": row,
        "channels": personal.values(),
        "channel": channel,
        "missing": channel.ready(),
        "kinds": letters.KINDS.items(),
        "kind": kind,
        "languages": LANGUAGES.items(),
        "language": language,
        "left": left.count(),
        "people": people,
        "worded": worded,
        "letter": channel.form == "letter",
        "cost": cost,
        "total": cost.amount * people,
        "recipient": {"email": request.user.email, "phone": request.user.phone}.get(channel.contact, ""),
    }
    return render(request, "manage/wave.html", context)


@require_POST
@needs("surveys.field")
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Invite everybody who is left, each by the first of the chosen channels that reaches them."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    given = request.POST
    fallback = [channel for channel in given.getlist("fallback") if channel]
    made = distribution.create_invitations(
        actor=request.user, round=row, channel=given.get("channel", ""), fallback=fallback
    )
    words = _("%(made)s invited; %(no_contact)s without this contact, %(opted_out)s opted out.")
    messages.success(
        request, words % {"made": made.made, "no_contact": made.no_contact, "opted_out": made.opted_out}
    )
    return redirect("manage:round", pk=pk)


@require_POST
@needs("surveys.field")
def to_me(request: StaffRequest, pk: int) -> HttpResponse:
    """Send one to oneself, and say what the provider answered."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    given = request.POST
    sent = distribution.send_one_to_me(
        actor=request.user,
        round=row,
        kind=given.get("kind", "invitation"),
        channel=given.get("channel", ""),
        recipient=given.get("recipient", ""),
        language=given.get("language", "zh-hans"),
    )
    if sent.state == "sent":
        messages.success(request, _("One was sent to you."))
    else:
        messages.error(request, _("The test message was not taken: %(why)s") % {"why": sent.error})
    address = reverse("manage:wave", args=[pk])
    return redirect(f"{address}?channel={sent.channel}&kind={given.get('kind', 'invitation')}")


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def texts(request: StaffRequest, pk: int) -> HttpResponse:
    """The programme's words for invitations and reminders, in both forms and languages."""
    programme = find(request, Programme.objects.select_related("unit"), verb="surveys.edit", pk=pk)
    fault: Refused | None = None
    given = request.POST
    place = tuple(given.get(name, "") for name in ("kind", "form", "language"))
    if request.method == "POST":
        kind, form, language = place
        text = Letter(given.get("subject", ""), given.get("body", ""))
        try:
            distribution.save_text(
                actor=request.user, programme=programme, kind=kind, form=form, language=language, text=text
            )
            messages.success(request, _("The words are saved."))
            return redirect(f"{reverse('manage:texts', args=[pk])}#{kind}-{form}-{language}")
        except Refused as refused:
            fault = refused
    rows = _text_rows(programme)
    if fault is not None:
        typed = Letter(given.get("subject", ""), given.get("body", ""))
        rows = [{**row, "text": typed, "fault": fault} if row["place"] == place else row for row in rows]
    context = {
        "programme": programme,
        "rows": rows,
        "fields": [(f"{{{name}}}", label) for name, label in letters.FIELDS.items()],
    }
    return render(request, "manage/texts.html", context, status=UNPROCESSABLE if fault else 200)


def _text_rows(programme: Programme) -> list[dict[str, object]]:
    """Every text of a programme: where it belongs, its words, and whether they are its own."""
    own = own_texts(programme)
    return [
        {
            "place": (kind, form, language),
            "id": f"{kind}-{form}-{language}",
            "labels": (letters.KINDS[kind], letters.FORMS[form], label),
            "letter": form == "letter",
            "own": (kind, form, language) in own,
            "text": own.get((kind, form, language)) or letters.ours(kind, form, language),
        }
        for kind in letters.KINDS
        for form in letters.FORMS
        for language, label in LANGUAGES.items()
    ]
