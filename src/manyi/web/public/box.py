"""The page behind the code on a suggestion box: a few words, a photo, a contact if one likes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from manyi.cases.box_actions import put_into
from manyi.cases.choices import KINDS
from manyi.cases.models import SuggestionBox
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.web.forms import Field, general_fault, given_back
from manyi.web.public.complainant import complainant, count_try, go, page, sent_files
from manyi.web.public.voice import MOST_PER_HOUR, TRACKED

#: What a box is for, suggestions first.
ORDER = ("suggestion", "praise", "complaint", "enquiry")


@complainant
def box(request: HttpRequest, token: str) -> HttpResponse:
    """Fill in the form, or take it in and show number and code."""
    row = _boxes().filter(token=token).first()
    if row is None:
        return page(request, "box_closed", {}, status=404)
    fields = _fields()
    context = {"fields": fields, "box": row}
    if request.method != "POST":
        return page(request, "box", context)
    given = {name: str(value) for name, value in request.POST.items()}
    if given.get("website"):  # a field that people do not see and machines fill in
        return go(request, "public:voice_thanks")
    try:
        count_try(f"box:{request.META.get('REMOTE_ADDR', '')}", most=MOST_PER_HOUR, seconds=3600)
        case = put_into(
            box=row,
            kind=given.get("kind", ""),
            body=given.get("body", ""),
            contact={
                name: given.get(name, "") for name in ("contact_name", "contact_phone", "contact_email")
            },
            photos=sent_files(request, "photos"),
            language=get_language() or "",
        )
    except Refused as refused:
        context |= {"fields": given_back(fields, given, refused), "fault": general_fault(fields, refused)}
        return page(request, "box", context, status=422)
    request.session[TRACKED] = case.pk
    return go(request, "public:voice_thanks")


def _boxes() -> QuerySet[SuggestionBox]:
    return SuggestionBox.objects.filter(active=True, unit__active=True).select_related("unit")


def _fields() -> list[Field]:
    known = dict(KINDS)
    return [
        Field(
            "kind", Label("这是", "This is"), "select", "suggestion", [(kind, known[kind]) for kind in ORDER]
        ),
        Field("body", Label("您想说什么", "What would you like to say"), "textarea"),
        Field("photos", Label("照片(最多 3 张)", "Photos (three at most)"), "photos", required=False),
        Field("contact_name", Label("称呼", "Name"), required=False),
        Field("contact_phone", Label("电话", "Telephone"), "tel", required=False),
        Field("contact_email", Label("邮箱", "E-mail"), "email", required=False),
    ]
