"""The public form for complaints, suggestions, praise and enquiries, and the number that it gives."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from manyi.cases.actions import register
from manyi.cases.choices import KINDS
from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.web.forms import Field, general_fault, given_back
from manyi.web.public.complainant import complainant, count_try, go, page

TRACKED = "tracked_case"
MOST_PER_HOUR = 30
IDENTITY = (
    ("named", Label("留下联系方式,便于答复", "Leave a contact, so that you can be answered")),
    ("anonymous", Label("匿名", "Stay anonymous")),
)


@complainant
def voice(request: HttpRequest) -> HttpResponse:
    """Fill in the form, or take it in and show number and code."""
    fields = _fields()
    if request.method != "POST":
        return page(request, "form", {"fields": fields})
    given = {name: str(value) for name, value in request.POST.items()}
    if given.get("website"):  # a field that people do not see and machines fill in
        return go(request, "public:voice")
    try:
        count_try(f"voice:{request.META.get('REMOTE_ADDR', '')}", most=MOST_PER_HOUR, seconds=3600)
        case = _take_in(given)
    except Refused as refused:
        context = {"fields": given_back(fields, given, refused), "fault": general_fault(fields, refused)}
        return page(request, "form", context, status=422)
    request.session[TRACKED] = case.pk
    return go(request, "public:voice_thanks")


def _take_in(given: Mapping[str, str]) -> Case:
    unit = _units().filter(pk=int(given["unit"])).first() if given.get("unit", "").isdigit() else None
    problems: list[tuple[str, Label]] = []
    if unit is None:
        problems.append(("unit", Label("请选择部门。", "Please choose where it happened.")))
    if given.get("consent") != "yes":
        words = Label("请先同意使用这些信息来办理。", "Please agree that we use this to handle your matter.")
        problems.append(("consent", words))
    if problems or unit is None:
        raise Invalid(problems)
    anonymous = given.get("identity") == "anonymous"
    return register(
        actor=None,
        unit=unit,
        kind=given.get("kind", ""),
        channel="form",
        subject="",
        body=given.get("body", ""),
        contact_name=given.get("contact_name", ""),
        contact_phone=given.get("contact_phone", ""),
        contact_email=given.get("contact_email", ""),
        confidentiality="anonymous" if anonymous else "named",
        language=get_language() or "",
    )


def _units() -> QuerySet[Unit]:
    return Unit.objects.filter(active=True)


def _fields() -> list[Field]:
    units = in_tree_order(_units())
    known = {unit.pk: unit for unit in units}
    choices = [(str(unit.pk), _place(unit, known)) for unit in units if unit.parent_id or len(units) == 1]
    return [
        Field("kind", Label("这是", "This is a"), "select", "complaint", KINDS),
        Field("unit", Label("与哪个部门有关", "Where did it happen"), "select", choices=choices),
        Field("body", Label("发生了什么,您希望怎样", "What happened, and what do you ask for"), "textarea"),
        Field("identity", Label("怎样答复您", "How can we answer you"), "radio", "named", IDENTITY),
        Field("contact_name", Label("称呼", "Name"), required=False),
        Field("contact_phone", Label("电话", "Telephone"), "tel", required=False),
        Field("contact_email", Label("邮箱", "E-mail"), "email", required=False),
        Field(
            "consent",
            Label(
                "我同意本单位仅为办理这件事使用以上信息。",
                "I agree that this is used only to handle my matter.",
            ),
            "check",
        ),
    ]


def _place(unit: Unit, known: Mapping[int, Unit]) -> Label:
    """A unit with the one above it, unless that is the whole organisation."""
    above = known.get(unit.parent_id or 0)
    if above is None or above.parent_id is None:
        return Label(unit.name, unit.name_en or unit.name)
    return Label(
        f"{above.name} · {unit.name}", f"{above.name_en or above.name} · {unit.name_en or unit.name}"
    )


@complainant
def thanks(request: HttpRequest) -> HttpResponse:
    """Number and tracking code, shown to the browser that sent the form."""
    case = Case.objects.filter(pk=request.session.get(TRACKED, 0), channel__in=("form", "box")).first()
    return page(request, "thanks", {"case": case}) if case else go(request, "public:voice")
