"""Surveys on other platforms that push into a round: address, mapping, and what could not be taken."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.models import Unit
from manyi.responses import push_actions
from manyi.responses.models import Push, PushSource
from manyi.responses.push_formats import PLATFORMS
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit

ROUNDS = Round.objects.select_related("programme", "unit", "questionnaire")
SHOWN = 50


@require_http_methods(["GET", "POST"])
@needs("surveys.field")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """The sources of a round with their latest pushes; posting connects another one."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    if request.method == "POST":
        push_actions.connect(
            actor=request.user,
            round=row,
            unit=chosen_unit(request, "surveys.field", request.POST.get("unit", "")),
            platform=request.POST.get("platform", ""),
            label=request.POST.get("label", ""),
            secret=request.POST.get("secret", ""),
        )
        messages.success(request, _("Connected. Enter the address on the platform."))
        return redirect("manage:pushes", pk=pk)
    tree = questionnaire_of(row.questionnaire)
    sources = PushSource.objects.filter(link__round=row).select_related("link__unit")
    context = {
        "round": row,
        "sources": [
            {
                "row": each,
                "platform": PLATFORMS[each.platform],
                "address": f"{settings.BASE_URL}{reverse('public:push', args=[each.key])}",
                "pushes": [
                    (push, Label(push.problem, push.problem_en)) for push in each.pushes.all()[:SHOWN]
                ],
                "mapping": sorted(each.mapping.items(), key=lambda pair: (len(pair[0]), pair[0])),
            }
            for each in sources
        ],
        "platforms": PLATFORMS.items(),
        "units": Unit.objects.filter(path__startswith=row.unit.path, active=True),
        "questions": [q for q in tree.questions.values() if TYPES.get(q.type).asks],
    }
    return render(request, "manage/pushes.html", context)


@require_POST
@needs("surveys.field")
def remap(request: StaffRequest, pk: int) -> HttpResponse:
    """Say anew which question is which."""
    rows = PushSource.objects.select_related("link__round", "link__unit")
    source = find(request, rows, verb="surveys.field", pk=pk)
    mapping = {name.removeprefix("m."): code for name, code in request.POST.items() if name.startswith("m.")}
    push_actions.remap(actor=request.user, source=source, mapping={k: str(v) for k, v in mapping.items()})
    messages.success(request, _("The mapping was saved; pushes that failed can be tried again."))
    return redirect("manage:pushes", pk=source.link.round_id)


@require_POST
@needs("surveys.field")
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Try a push again that could not be taken."""
    rows = Push.objects.select_related("source__link__round", "source__link__unit")
    push = find(request, rows, verb="surveys.field", pk=pk)
    access.require(request.user, "surveys.field", push.source.link.round)
    if push_actions.take(push=push).state == "taken":
        messages.success(request, _("Taken in."))
    else:
        messages.warning(request, _("It still cannot be taken in; the reason stands beside it."))
    return redirect("manage:pushes", pk=push.source.link.round_id)
