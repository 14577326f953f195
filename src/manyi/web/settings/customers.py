"""Customer files: find, look, keep, note consent, and the rights of one person over their data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.customers import actions, privacy, queries
from manyi.customers.actions import CustomerFile
from manyi.customers.models import CONTACT_KINDS, TRANSACTION_KINDS, Customer, Segment
from manyi.customers.rules import masked
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import CREATE, chosen_unit, form_page, page_of, unit_choices, units_for

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


@require_GET
@needs("customers.view")
def index(request: StaffRequest) -> HttpResponse:
    """The customer files of the person's subtrees."""
    text, segment = request.GET.get("q", "").strip(), request.GET.get("segment", "")
    page = page_of(request, queries.files(request.user, text=text, segment=segment).order_by("code", "pk"))
    context = {
        "page": page,
        "rows": [(row, _contacts(request, row)) for row in page],
        "text": text,
        "segment": segment,
        "segments": Segment.objects.all(),
    }
    return render(request, "settings/customers.html", context)


def _contacts(request: StaffRequest, row: Customer) -> list[tuple[Label, str]]:
    """Contacts as this person may see them: whole for who edits the file, else masked."""
    whole = access.may(request.user, "customers.edit", row)
    return [
        (CONTACT_KINDS.get(point.kind, Label(point.kind, point.kind)), shown)
        for point in row.contacts.all()
        for shown in [point.value if whole else masked(point.kind, point.value)]
    ]


@require_GET
@needs("customers.view")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One customer file and everything that belongs to it."""
    row = find(request, Customer.objects.select_related("unit", "merged_into"), pk=pk)
    points = [(point.kind, point.normalised) for point in row.contacts.all()]
    context = {
        "customer": row,
        "contacts": _contacts(request, row),
        "consents": row.consents.all(),
        "opted_out": bool(queries.opted_out(points)),
        "transactions": [
            (deal, TRANSACTION_KINDS.get(deal.kind))
            for deal in row.transactions.select_related("product", "unit")
        ],
        "may_edit": access.may(request.user, "customers.edit", row),
        "may_erase": access.may(request.user, "customers.erase", row),
        "linked": linked(request, row),
    }
    return render(request, "settings/customer.html", context)


def linked(request: StaffRequest, row: Customer) -> list[tuple[Label, list[tuple[str, str]]]]:
    """What other rooms hold of this customer and this person may see: name and address by kind."""
    from manyi.cases.models import Case
    from manyi.distribution.models import Invitation

    cases = access.visible(request.user, Case.objects.filter(customer=row))
    invitations = access.visible(
        request.user, Invitation.objects.filter(member__customer=row).select_related("round")
    )
    found = [
        (Label("诉求", "Cases"), [(f"{c.number} {c.subject}", f"/cases/{c.pk}/") for c in cases[:20]]),
        (
            Label("调查邀请", "Invitations"),
            [(i.round.title, f"/surveys/rounds/{i.round_id}/") for i in invitations[:20]],
        ),
    ]
    return [(label, rows) for label, rows in found if rows]


def _fields(row: Customer | None, units: list[tuple[str, str]]) -> list[Field]:
    contacts = {point.kind: point.value for point in row.contacts.all()} if row else {}
    chosen = ", ".join(segment.code for segment in row.segments.all()) if row else ""
    known = "、".join(f"{segment.code}={segment.name}" for segment in Segment.objects.all()[:12])
    where = [] if row else [Field("unit", Label("部门", "Unit"), "select", choices=units)]
    return [
        *where,
        Field("code", Label("客户编号", "Customer number"), value=row.code if row else ""),
        Field("name", Label("姓名", "Name"), value=row.name if row else "", required=False),
        Field(
            "organisation_name",
            Label("单位名称", "Company"),
            value=row.organisation_name if row else "",
            required=False,
        ),
        *(
            Field(kind, label, value=contacts.get(kind, ""), required=False)
            for kind, label in CONTACT_KINDS.items()
        ),
        Field(
            "segments",
            Label("客户类别(编号,用逗号分开)", "Segments (codes, separated by commas)"),
            value=chosen,
            required=False,
            help=Label(known, known) if known else None,
        ),
        Field("language", Label("语言", "Language"), "select", row.language if row else "", LANGUAGES, False),
        Field("note", Label("备注", "Note"), "textarea", row.note if row else "", required=False),
    ]


def _file(given: Mapping[str, str]) -> CustomerFile:
    codes = given.get("segments", "").translate(str.maketrans("，、；;", ",,,,")).split(",")
    return CustomerFile(
        code=given.get("code", ""),
        name=given.get("name", ""),
        organisation_name=given.get("organisation_name", ""),
        language=given.get("language", ""),
        contacts={kind: given.get(kind, "") for kind in CONTACT_KINDS},
        segments=[code.strip() for code in codes if code.strip()],
        note=given.get("note", ""),
    )


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def new(request: StaffRequest) -> HttpResponse:
    """A new customer file."""

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "customers.edit", given.get("unit", ""))
        row = actions.save_customer(actor=request.user, unit=unit, data=_file(given))
        return reverse("settings:customer", args=[row.pk])

    fields = _fields(None, unit_choices(units_for(request, "customers.edit")))
    heading, done = Label("新建客户", "New customer"), Label("客户档案已建立。", "The file is made.")
    back = reverse("settings:customers")
    return form_page(request, heading=heading, fields=fields, act=act, done=done, submit=CREATE, back=back)


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a customer file."""
    row = find(request, Customer.objects.select_related("unit"), verb="customers.edit", pk=pk)
    back = reverse("settings:customer", args=[pk])

    def act(given: Mapping[str, str]) -> str:
        actions.save_customer(actor=request.user, unit=row.unit, data=_file(given), customer=row)
        return back

    heading, done = Label(f"修改 {row}", f"Change {row}"), Label("已保存。", "Saved.")
    return form_page(request, heading=heading, fields=_fields(row, []), act=act, done=done, back=back)


@require_POST
@needs("customers.view")
def act(request: StaffRequest, pk: int) -> HttpResponse:
    """Note consent, opt out or in again, hand out the copy, erase."""
    row = find(request, Customer.objects.select_related("unit"), pk=pk)
    chosen = ACTS.get(request.POST.get("act", ""))
    if chosen is None:
        raise Refused(Label("没有这个操作。", "There is no such act."))
    return chosen(request, row) or redirect("settings:customer", pk=pk)


def _source(request: StaffRequest) -> str:
    source = request.POST.get("source", "").strip()
    if not source:
        raise Refused(Label("请填写依据,例如“来电”。", "Please say where it is known from."), field="source")
    return source


def _consent(request: StaffRequest, row: Customer) -> None:
    granted = request.POST.get("granted") == "yes"
    actions.note_consent(actor=request.user, customer=row, granted=granted, source=_source(request))


def _opt_out(request: StaffRequest, row: Customer) -> None:
    actions.opt_out(actor=request.user, customer=row, source=_source(request))


def _opt_in(request: StaffRequest, row: Customer) -> None:
    actions.opt_back_in(actor=request.user, customer=row, source=_source(request))


def _export(request: StaffRequest, row: Customer) -> HttpResponse:
    data = privacy.export_customer(actor=request.user, customer=row)
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{row.pseudonym}.json"'
    return response


def _erase(request: StaffRequest, row: Customer) -> None:
    if request.POST.get("sure") != "yes":
        raise Refused(Label("请勾选确认。删除后不能恢复。", "Please tick the box; erasing cannot be undone."))
    privacy.erase_customer(actor=request.user, customer=row, why=request.POST.get("why", ""))


ACTS: dict[str, Callable[[StaffRequest, Customer], HttpResponse | None]] = {
    "consent": _consent,
    "opt_out": _opt_out,
    "opt_in": _opt_in,
    "export": _export,
    "erase": _erase,
}


@require_http_methods(["GET", "POST"])
@needs("customers.edit")
def duplicates(request: StaffRequest) -> HttpResponse:
    """Files that share a contact, to be joined one pair at a time."""
    if request.method == "POST":
        rows = Customer.objects.all()
        keep, drop = (
            find(request, rows, verb="customers.edit", pk=pk if pk.isdigit() else 0)
            for pk in (request.POST.get("keep", ""), request.POST.get("drop", ""))
        )
        actions.merge(actor=request.user, keep=keep, drop=drop, why=request.POST.get("why", ""))
        return redirect("settings:duplicates")
    groups = [[(row, _contacts(request, row)) for row in group] for group in queries.duplicates(request.user)]
    return render(request, "settings/duplicates.html", {"groups": groups})
