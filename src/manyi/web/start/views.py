"""Pages of the first minutes and of the regulation packs."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases.choices import AMOUNT_UNITS, CLOCKS
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Unit
from manyi.regulation import actions, pack
from manyi.regulation.models import InstalledPack
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.start.checklist import steps
from manyi.web.templatetags.manyi import label_text

MAX_PACK = 1024 * 1024


@require_GET
@needs()
def start(request: StaffRequest) -> HttpResponse:
    """What to do first, and how far it is done."""
    found = steps(request.user)
    following = next((step for step in found if not step.done), None)
    return render(request, "start/start.html", {"steps": found, "following": following})


@require_GET
@needs("surveys.view")
def packs(request: StaffRequest) -> HttpResponse:
    """Packs that come with Manyi, and those installed here."""
    shipped = [pack.read(pack.shipped_text(code)) for code in pack.shipped()]
    rows = access.visible(request.user, InstalledPack.objects.select_related("unit"))
    context = {"shipped": shipped, "installed": rows, "units": _units(request)}
    return render(request, "start/packs.html", context)


@require_GET
@needs("surveys.view")
def pack_page(request: StaffRequest, code: str) -> HttpResponse:
    """One shipped pack: what it contains, its text, and the way to install it."""
    if code not in pack.shipped():
        raise Http404
    read = pack.read(pack.shipped_text(code))
    context = {"pack": read, "units": _units(request), "deadlines": _deadlines(read)}
    return render(request, "start/pack.html", context)


def _units(request: StaffRequest) -> QuerySet[Unit]:
    """The units for which this person may install a pack."""
    return access.visible(request.user, Unit.objects.filter(active=True), verb="surveys.publish")


@require_GET
@needs("surveys.view")
def installed(request: StaffRequest, pk: int) -> HttpResponse:
    """The text of a pack as it was installed, for the auditor to read beside the paper."""
    row = find(request, InstalledPack.objects.all(), pk=pk)
    read = pack.read(row.text)
    return render(request, "start/pack.html", {"pack": read, "row": row, "deadlines": _deadlines(read)})


def _deadlines(read: pack.Pack) -> list[tuple[Label, int, Label]]:
    """Clock, amount and unit of each deadline, in words."""
    clocks, units = dict(CLOCKS), dict(AMOUNT_UNITS)
    targets = read.deadlines.targets if read.deadlines else {}
    return [(clocks[name], target["amount"], units[target["unit"]]) for name, target in targets.items()]


@require_POST
@needs("surveys.publish")
def install(request: StaffRequest, code: str) -> HttpResponse:
    """Install a shipped pack for a unit."""
    return _install(request, pack.shipped_text(code))


@require_POST
@needs("surveys.publish")
def upload(request: StaffRequest) -> HttpResponse:
    """Install a pack from a file of one's own."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MAX_PACK:
        messages.error(request, _("Please choose a pack file (TOML, at most 1 MB)."))
        return redirect("start:packs")
    try:
        return _install(request, file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        messages.error(request, _("The file is not UTF-8 text. Please save it as UTF-8 and send it again."))
        return redirect("start:packs")


def _install(request: StaffRequest, text: str) -> HttpResponse:
    unit = find(request, Unit.objects.all(), verb="surveys.publish", pk=request.POST.get("unit") or 0)
    try:
        made = actions.install(actor=request.user, unit=unit, pack=pack.read(text))
    except Invalid as invalid:
        for place, label in invalid.problems:
            messages.error(request, f"{place}: {label_text(label)}")
        return redirect("start:packs")
    except Refused as refused:
        messages.error(request, label_text(refused.message))
        return redirect("start:packs")
    messages.success(request, _("The regulation is installed. Plan its first round now."))
    return redirect("start:installed", pk=made.pack.pk)
