"""One round: its state, its sample, its invitations and links, and how many answered."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from manyi.distribution import actions as distribution
from manyi.distribution import links
from manyi.distribution.channels import CHANNELS
from manyi.distribution.channels.qr import svg
from manyi.distribution.models import Invitation, OpenLink
from manyi.distribution.rules import INVITATION_STATES
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Unit
from manyi.responses.queries import visible_responses
from manyi.surveys import actions
from manyi.surveys.draw_methods import METHODS
from manyi.surveys.models import Round
from manyi.surveys.queries import standing_draws
from manyi.surveys.workflow import ROUND
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.programmes import day_end
from manyi.web.manage.sampling import left_out

ROWS = Round.objects.select_related("programme", "unit", "questionnaire__questionnaire", "scheme__scheme")


@require_GET
@needs("surveys.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """The record of a round."""
    row = find(request, ROWS, pk=pk)
    held = access.verbs(request.user, row.unit)
    acts = ROUND.open_to(row.state, held)
    return render(
        request,
        "manage/round.html",
        {
            "round": row,
            "state": ROUND.state(row.state),
            "acts": acts,
            "likely": acts[0].name if acts else "",
            "verbs_here": held,
            "may_field": "surveys.field" in held,
            "draws": [(draw, METHODS[draw.method].label, left_out(draw)) for draw in standing_draws(row)],
            "invitations": _invitation_counts(row),
            "hand_over": row.invitations.filter(channel="link").exists(),
            "uninvited": row.members.filter(invitation=None).count(),
            "answered": visible_responses(request.user, row).filter(state="submitted").count(),
            "links": row.open_links.select_related("unit").order_by("-active", "pk"),
            "units": Unit.objects.filter(path__startswith=row.unit.path, active=True),
            "channels": [
                channel
                for channel in CHANNELS
                if channel.invites or (channel.reach == "person" and channel.ready() is None)
            ],
        },
    )


def _invitation_counts(row: Round) -> list[tuple[Label, int]]:
    counts = dict(
        row.invitations.values_list("state").annotate(Count("pk")).values_list("state", "pk__count")
    )
    return [(label, counts[state]) for state, label in INVITATION_STATES.items() if state in counts]


@require_POST
@needs("surveys.field")
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """One step of the round's workflow, as its button says."""
    row = find(request, ROWS, pk=pk)
    facts: dict[str, Any] = {"why": request.POST.get("why", "").strip()}
    if request.POST.get("closes_at"):
        facts["closes_at"] = day_end(request.POST["closes_at"], "closes_at")
    actions.advance_round(actor=request.user, round=row, name=request.POST.get("act", ""), facts=facts)
    messages.success(request, _("Done: the round is now in its new state."))
    return redirect("manage:round", pk=pk)


@require_POST
@needs("surveys.field")
def invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Invite everybody who was drawn and has no invitation yet."""
    row = find(request, ROWS, pk=pk)
    made = distribution.create_invitations(
        actor=request.user, round=row, channel=request.POST.get("channel", "")
    )
    words = _("%(made)s invited; %(no_contact)s without this contact, %(opted_out)s opted out.")
    messages.success(
        request, words % {"made": made.made, "no_contact": made.no_contact, "opted_out": made.opted_out}
    )
    return redirect("manage:round", pk=pk)


@require_POST
@needs("surveys.field")
def remind(request: StaffRequest, pk: int) -> HttpResponse:
    """Remind those who have not answered."""
    row = find(request, ROWS, pk=pk)
    reminded = distribution.remind(actor=request.user, round=row)
    words = ngettext("%(n)s reminder was queued.", "%(n)s reminders were queued.", reminded)
    messages.success(request, words % {"n": reminded})
    return redirect("manage:round", pk=pk)


@require_POST
@needs("surveys.field")
def personal_links(request: StaffRequest, pk: int) -> HttpResponse:
    """The personal links as a CSV that Excel opens."""
    row = find(request, ROWS, pk=pk)
    rows = distribution.export_links(actor=request.user, round=row)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="links-{pk}.csv"'
    answer.write("\ufeff")
    table = csv.writer(answer)
    table.writerow([_("Customer"), _("Name"), _("Unit"), _("State"), _("Link")])
    for each in rows:
        code, name = (each.customer.code, each.customer.name) if each.customer else ("", "")
        state = INVITATION_STATES[each.state].text(request.LANGUAGE_CODE)
        cells = [code, name, each.unit.name, state, links.personal(each.token)]
        table.writerow([_harmless(cell) for cell in cells])
    return answer


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell


@require_POST
@needs("surveys.field")
def open_link(request: StaffRequest, pk: int) -> HttpResponse:
    """A new open link of the round."""
    row = find(request, ROWS, pk=pk)
    units = Unit.objects.filter(path__startswith=row.unit.path)
    chosen = request.POST.get("unit", "")
    unit = units.filter(pk=int(chosen)).first() if chosen.isdigit() else None
    distribution.create_open_link(
        actor=request.user, round=row, unit=unit or row.unit, label=request.POST.get("label", "")
    )
    messages.success(request, _("The open link is ready."))
    return redirect("manage:round", pk=pk)


@require_POST
@needs("surveys.field")
def close_link(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an open link out of use."""
    row = find(request, OpenLink.objects.select_related("round__unit", "unit"), verb="surveys.field", pk=pk)
    distribution.close_open_link(actor=request.user, link=row)
    messages.success(request, _("The open link was taken out of use."))
    return redirect("manage:round", pk=row.round_id)


@require_GET
@needs("surveys.view")
def qr_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """A sheet to print: the QR code of an open link with its place."""
    row = find(request, OpenLink.objects.select_related("round__programme", "unit"), pk=pk)
    address = links.open_to_all(row.token)
    drawing = mark_safe(svg(address))
    return render(request, "manage/qr.html", {"link": row, "address": address, "drawing": drawing})


@require_GET
@needs("surveys.view")
def invitations(request: StaffRequest, pk: int) -> HttpResponse:
    """Who was invited and how far they came."""
    from manyi.web.settings.pages import page_of

    row = find(request, ROWS, pk=pk)
    rows = access.visible(request.user, Invitation.objects.filter(round=row)).select_related(
        "customer", "unit"
    )
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in INVITATION_STATES else rows
    page = page_of(request, rows.order_by("pk"))
    context = {
        "round": row,
        "page": page,
        "rows": [(each, INVITATION_STATES[each.state]) for each in page],
        "states": INVITATION_STATES.items(),
        "state": state,
        "may_name": access.may(request.user, "customers.view", row.unit),
    }
    return render(request, "manage/invitations.html", context)
