"""Forms of cases: typed in from the telephone, and corrected later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from manyi.cases import actions
from manyi.cases.choices import CONFIDENTIALITIES, DESK_CHANNELS, KINDS, SEVERITIES, URGENCIES
from manyi.cases.describing import FIELDS
from manyi.cases.models import Case, Category
from manyi.cases.wording import category_choices
from manyi.customers import queries as customers
from manyi.customers.models import Customer
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.organisation.people import holding
from manyi.organisation.tables import parse_moment
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

REGISTER = Label("登记", "Register")


@require_http_methods(["GET", "POST"])
@needs("cases.register")
def new(request: StaffRequest) -> HttpResponse:
    """Register a case; with ``q`` the customer is looked up first, with ``customer`` their file is taken."""
    customer = _customer(request)

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "cases.register", given.get("unit", ""))
        case = actions.register(
            actor=request.user,
            unit=unit,
            kind=given.get("kind", ""),
            channel=given.get("channel", ""),
            subject=given.get("subject", ""),
            body=given.get("body", ""),
            received_at=_moment(given.get("received_at", "")),
            contact_name=given.get("contact_name", ""),
            contact_phone=given.get("contact_phone", ""),
            contact_email=given.get("contact_email", ""),
            customer=customer,
            category=_category(given.get("category", "")),
            severity=given.get("severity", ""),
            confidentiality=given.get("confidentiality", ""),
        )
        if access.may(request.user, "cases.view", case):
            return reverse("desk:case", args=[case.pk])
        return reverse("desk:today")

    units = units_for(request, "cases.register")
    return form_page(
        request,
        heading=Label("登记诉求", "Register a case"),
        fields=_fields(units, customer),
        act=act,
        done=Label("已登记,并给出编号和查询码。", "Registered, with a number and a tracking code."),
        submit=REGISTER,
        back=reverse("desk:cases") if access.may(request.user, "cases.view") else "/",
        context={"customer": customer, "found": _found(request), "asked": request.GET.get("q", "")},
        template="desk/case_new.html",
    )


def _customer(request: StaffRequest) -> Customer | None:
    pk = request.GET.get("customer", "")
    if not pk.isdigit():
        return None
    return access.visible(request.user, Customer.objects.all()).filter(pk=int(pk)).first()


def _found(request: StaffRequest) -> list[Customer]:
    text = request.GET.get("q", "").strip()
    return list(customers.files(request.user, text=text)[:8]) if text else []


def _moment(text: str) -> datetime | None:
    """The moment on the person's own clock; None when nothing was given."""
    if not text:
        return None
    found = parse_moment(text)
    if found is None:
        raise Refused(
            Label("请写成 2026-01-05 09:30。", "Write it as 2026-01-05 09:30."), field="received_at"
        )
    return found.replace(tzinfo=timezone.get_current_timezone())


def _category(pk: str) -> Category | None:
    return Category.objects.filter(pk=int(pk)).first() if pk.isdigit() else None


def _fields(units: list[Unit], customer: Customer | None) -> list[Field]:
    known = {point.kind: point.value for point in customer.contacts.all()} if customer else {}
    home = str(customer.unit_id) if customer else str(units[0].pk) if len(units) == 1 else ""
    return [
        Field("kind", Label("类别", "Kind"), "select", "complaint", KINDS),
        Field("channel", Label("来源", "Way in"), "select", "phone", DESK_CHANNELS),
        Field("unit", Label("反映的部门", "Unit concerned"), "select", home, unit_choices(units)),
        Field("subject", Label("标题", "Subject"), required=False),
        Field("body", Label("事情经过和诉求", "What happened, and what is asked for"), "textarea"),
        Field(
            "received_at",
            Label("收到时间", "Received"),
            "datetime-local",
            required=False,
            help=Label("留空即为现在;时限从收到时算起。", "Empty means now; deadlines run from the receipt."),
        ),
        Field("category", Label("分类", "Category"), "select", "", _categories(), required=False),
        Field("severity", Label("严重程度", "Severity"), "select", "normal", SEVERITIES),
        Field(
            "contact_name",
            Label("顾客姓名", "Customer"),
            value=customer.name if customer else "",
            required=False,
        ),
        Field("contact_phone", Label("电话", "Telephone"), "tel", known.get("phone", ""), required=False),
        Field("contact_email", Label("邮箱", "E-mail"), "email", known.get("email", ""), required=False),
        Field("confidentiality", Label("身份", "Identity"), "select", "named", CONFIDENTIALITIES),
    ]


def _categories(chosen: int | None = None) -> list[tuple[str, Label]]:
    return [(str(pk), label) for pk, label in category_choices(Category.objects.all(), chosen=chosen)]


@require_http_methods(["GET", "POST"])
@needs("cases.dispatch")
def describe(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct the fields of a case."""
    case = find(request, Case.objects.select_related("unit"), verb="cases.dispatch", pk=pk)
    back = reverse("desk:case", args=[pk])

    def act(given: Mapping[str, str]) -> str:
        actions.describe(
            actor=request.user,
            case=case,
            subject=given.get("subject", ""),
            category=_category(given.get("category", "")),
            severity=given.get("severity", ""),
            urgency=given.get("urgency", ""),
            safety=given.get("safety") == "yes",
            about_person=_person(given.get("about_person", "")),
            identity_checked=given.get("identity_checked") == "yes",
            identity_note=given.get("identity_note", ""),
        )
        return back

    heading, done = Label(f"修改 {case.number}", f"Change {case.number}"), Label("已保存。", "Saved.")
    fields = _descriptions(case)
    return form_page(request, heading=heading, fields=fields, act=act, done=done, back=back)


def _descriptions(case: Case) -> list[Field]:
    people = [(str(person.pk), str(person)) for person in _staff_of(case.unit)]
    category, about = str(case.category_id or ""), str(case.about_person_id or "")
    categories = _categories(case.category_id)
    apart = Label("此人不能承办、审批或回访(回避)。", "They can neither handle, approve nor call back.")
    how = Label("由谁、怎样核实;未核实时写明原因。", "Who checked it and how; or why it was not checked.")
    return [
        Field("subject", FIELDS["subject"], value=case.subject),
        Field("category", FIELDS["category"], "select", category, categories, required=False),
        Field("severity", FIELDS["severity"], "select", case.severity, SEVERITIES),
        Field("urgency", FIELDS["urgency"], "select", case.urgency, URGENCIES),
        Field("safety", FIELDS["safety"], "check", "yes" if case.safety else "", required=False),
        Field("about_person", FIELDS["about_person"], "select", about, people, required=False, help=apart),
        Field(
            "identity_checked",
            FIELDS["identity_checked"],
            "check",
            "yes" if case.identity_checked else "",
            required=False,
        ),
        Field("identity_note", FIELDS["identity_note"], value=case.identity_note, required=False, help=how),
    ]


def _staff_of(unit: Unit) -> list[Person]:
    return list(holding("cases.register", unit))


def _person(pk: str) -> Person | None:
    return Person.objects.filter(pk=int(pk)).first() if pk.isdigit() else None
