"""Open links of a round: one by one, many at once, printed as a sheet, and how to put each to use."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.customers.models import Product
from manyi.distribution import actions as distribution
from manyi.distribution import links
from manyi.distribution.channels import CHANNELS
from manyi.distribution.channels.embed import ORIGINS
from manyi.distribution.channels.qr import svg
from manyi.distribution.models import OpenLink
from manyi.distribution.open_link_actions import Place
from manyi.distribution.rules import LINK_KINDS, MADE_WITH_THE_WORK
from manyi.kernel.labels import Label
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import RoleGrant, Unit
from manyi.organisation.settings import value
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.public.standing import origins
from manyi.web.refusals import UNPROCESSABLE

ROUNDS = Round.objects.select_related("programme", "unit")
LINKS = OpenLink.objects.select_related("round__programme", "unit", "product", "employee")
SOURCES = {
    "lines": Label("下面的每一行", "Each line below"),
    "units": Label("本轮的每个部门", "Each unit of the round"),
    "products": Label("每个产品", "Each product"),
    "employees": Label("本轮部门的每位员工", "Each employee of the round's units"),
}
MODES = {
    "button": Label("页角按钮", "A button in the corner"),
    "inline": Label("直接显示在页面里", "Inside the page"),
    "slide": Label("20 秒后滑出", "Slides in after 20 seconds"),
}


@require_http_methods(["GET", "POST"])
@needs("surveys.field")
def index(request: StaffRequest, pk: int) -> HttpResponse:
    """All open links of a round; posting makes one."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    units = list(Unit.objects.filter(path__startswith=row.unit.path, active=True))
    fault: Label | None = None
    if request.method == "POST":
        try:
            made = _create(request, row, units)
        except NotPermitted:
            raise
        except Refused as refused:
            fault = refused.message
        else:
            messages.success(request, _("The open link is ready."))
            return redirect("manage:link_use", pk=made.pk)
    context = {
        "round": row,
        "links": [
            (link, LINK_KINDS[link.kind]) for link in LINKS.filter(round=row).order_by("-active", "pk")
        ],
        "units": units,
        "products": Product.objects.all(),
        # Interviewers get theirs by beginning to work.
        "kinds": [(kind, label) for kind, label in LINK_KINDS.items() if kind not in MADE_WITH_THE_WORK],
        "sources": SOURCES.items(),
        "given": request.POST,
        "fault": fault,
    }
    return render(request, "manage/open_links.html", context, status=UNPROCESSABLE if fault else 200)


def _create(request: StaffRequest, row: Round, units: list[Unit]) -> OpenLink:
    given = request.POST
    chosen = [unit for unit in units if str(unit.pk) == given.get("unit")]
    product = given.get("product", "")
    return distribution.create_open_link(
        actor=request.user,
        round=row,
        unit=chosen[0] if chosen else row.unit,
        label=given.get("label", ""),
        kind=given.get("kind", "qr"),
        product=Product.objects.filter(pk=int(product)).first() if product.isdigit() else None,
        pin=given.get("pin", ""),
    )


@require_POST
@needs("surveys.field")
def many(request: StaffRequest, pk: int) -> HttpResponse:
    """One code for each line, unit, product or employee."""
    row = find(request, ROUNDS, verb="surveys.field", pk=pk)
    places = _places(row, request.POST.get("source", ""), request.POST.get("lines", ""))
    made = distribution.create_open_links(actor=request.user, round=row, places=places)
    words = ngettext("%(n)s code was made.", "%(n)s codes were made.", len(made))
    messages.success(request, words % {"n": len(made)})
    return redirect("manage:open_links", pk=pk)


def _places(row: Round, source: str, lines: str) -> list[Place]:
    """What the codes stand for."""
    units = Unit.objects.filter(path__startswith=row.unit.path, active=True)
    if source == "units":
        return [Place(unit, unit.name) for unit in units]
    if source == "products":
        return [Place(row.unit, product.name, product=product) for product in Product.objects.all()]
    if source == "employees":
        grants = RoleGrant.objects.filter(unit__in=units, person__is_active=True).order_by("person", "-pk")
        found = {grant.person_id: grant for grant in grants.select_related("person", "unit")}
        return [Place(grant.unit, str(grant.person), employee=grant.person) for grant in found.values()]
    return [Place(row.unit, line.strip()) for line in lines.splitlines() if line.strip()]


@require_GET
@needs("surveys.view")
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The QR codes in use, twelve to a page of A4."""
    row = find(request, ROUNDS, pk=pk)
    rows = LINKS.filter(round=row, active=True, kind="qr").order_by("pk")
    codes = [(link, mark_safe(svg(links.open_to_all(link.token)))) for link in rows]
    return render(request, "manage/link_sheet.html", {"round": row, "codes": codes})


@require_GET
@needs("surveys.field")
def use(request: StaffRequest, pk: int) -> HttpResponse:
    """How to put one link to use: its address, the line for a website, or the way to set a tablet up."""
    link = find(request, LINKS, verb="surveys.field", pk=pk)
    context = {
        "link": link,
        "kind": LINK_KINDS[link.kind],
        "address": links.kiosk(link.token) if link.kind == "kiosk" else links.open_to_all(link.token),
        "snippets": [(label, _snippet(link, mode)) for mode, label in MODES.items()],
        "origins": origins(value(ORIGINS)),
        "robots": [each for each in CHANNELS if each.reach == "group" and each.ready() is None],
    }
    return render(request, "manage/link_use.html", context)


def _snippet(link: OpenLink, mode: str) -> str:
    script = f"{settings.BASE_URL}/static/public/embed.js"
    return f'<script src="{script}" data-link="{link.token}" data-mode="{mode}" async></script>'


@require_POST
@needs("surveys.field")
def post(request: StaffRequest, pk: int) -> HttpResponse:
    """Post a link into a group chat."""
    link = find(request, LINKS, verb="surveys.field", pk=pk)
    distribution.post_to_group(actor=request.user, link=link, channel=request.POST.get("channel", ""))
    messages.success(request, _("The message is in the queue."))
    return redirect("manage:link_use", pk=pk)
