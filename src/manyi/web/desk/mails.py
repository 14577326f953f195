"""Mail that came for the register: what was set aside, what machines sent, and what a person decides."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases import queries
from manyi.cases.choices import KINDS, label_of
from manyi.cases.mail import decisions, intake
from manyi.cases.mail.words import MACHINE_MAIL, MAIL_STATES, QUARANTINE
from manyi.cases.models import Case, MailBox, ReceivedMail
from manyi.kernel.labels import Label
from manyi.organisation import access, attachments
from manyi.web.download import as_download
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, page_of, unit_choices, units_for

SHOWN_BYTES = 64 * 1024
ROWS = ReceivedMail.objects.select_related("unit", "box", "case", "quoted", "same_as__case")


@require_GET
@needs("cases.dispatch")
def index(request: StaffRequest) -> HttpResponse:
    """The mails of the person's units by what became of them; those set aside first, for they wait."""
    rows = access.visible(request.user, ROWS)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    if state not in dict(MAIL_STATES):
        state = "quarantined" if counts.get("quarantined") else "message"
    page = page_of(request, rows.filter(state=state))
    context = {
        "page": page,
        "rows": [(mail, _reason(mail)) for mail in page],
        "state": state,
        "tabs": [(code, label, counts.get(code, 0)) for code, label in MAIL_STATES],
        "has_boxes": MailBox.objects.filter(active=True).exists(),
        "may_set_up": access.may(request.user, "settings.manage"),
    }
    return render(request, "desk/mails.html", context)


def _reason(mail: ReceivedMail) -> Label | None:
    return label_of((*MACHINE_MAIL, *QUARANTINE), mail.reason) if mail.reason else None


@require_GET
@needs("cases.dispatch")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One mail as it came, in plain text; what it holds is never run or shown as a page."""
    mail = find(request, ROWS, pk=pk)
    raw = intake.raw_of(mail)
    context = {
        "mail": mail,
        "state": label_of(MAIL_STATES, mail.state),
        "reason": _reason(mail),
        "text": raw[:SHOWN_BYTES].decode("utf-8", "replace"),
        "cut": len(raw) > SHOWN_BYTES,
        "case": _shown(request, mail.case or (mail.same_as.case if mail.same_as else None)),
        "quoted": _shown(request, mail.quoted),
        "split_from": _shown(request, decisions.split_from(mail)),
    }
    return render(request, "desk/mail.html", context)


def _shown(request: StaffRequest, case: Case | None) -> Case | None:
    """A case only for those who may see it."""
    return queries.cases(request.user).filter(pk=case.pk).first() if case else None


@require_GET
@needs("cases.dispatch")
def raw(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The mail as a file."""
    mail = find(request, ROWS, pk=pk)
    return as_download(get_object_or_404(attachments.held_by(mail)))


@require_POST
@needs("cases.dispatch")
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Read a mail again that was set aside."""
    mail = decisions.retry(actor=request.user, mail=find(request, ROWS, pk=pk))
    if mail.state == "quarantined":
        messages.warning(request, _("Read again, it still cannot be taken in."))
    else:
        messages.success(request, _("The mail was taken in."))
    return redirect("desk:mail", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("cases.dispatch")
def register(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a case of a mail that was taken for a machine's."""
    mail = find(request, ROWS, pk=pk)

    def act(given: Mapping[str, str]) -> str:
        unit = chosen_unit(request, "cases.register", given.get("unit", ""))
        kind = given.get("kind", "")
        case = decisions.register_it(actor=request.user, mail=mail, unit=unit, kind=kind)
        return reverse("desk:case", args=[case.pk])

    choices = unit_choices(units_for(request, "cases.register"))
    return form_page(
        request,
        heading=Label("登记为诉求", "Register as a case"),
        fields=[
            Field("kind", Label("类别", "Kind"), "select", mail.kind, KINDS),
            Field(
                "unit",
                Label("反映的部门", "Unit concerned"),
                "select",
                str(mail.unit_id),
                choices,
            ),
        ],
        act=act,
        done=Label("已登记。", "Registered."),
        submit=Label("登记", "Register"),
        back=reverse("desk:mail", args=[pk]),
    )


@require_POST
@needs("cases.dispatch")
def split(request: StaffRequest, pk: int) -> HttpResponse:
    """Make a case of its own of an answer with a new subject."""
    case = decisions.split(actor=request.user, mail=find(request, ROWS, pk=pk))
    messages.success(request, _("The mail has become a case of its own."))
    return redirect("desk:case", pk=case.pk)


@require_POST
@needs("cases.dispatch")
def together(request: StaffRequest, pk: int) -> HttpResponse:
    """Leave an answer with a new subject where it is."""
    mail = decisions.keep_together(actor=request.user, mail=find(request, ROWS, pk=pk))
    messages.success(request, _("The mail stays in this case."))
    return redirect("desk:case", pk=mail.case_id or 0)


@require_POST
@needs("cases.dispatch")
def put_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a split back."""
    old = decisions.put_back(actor=request.user, mail=find(request, ROWS, pk=pk))
    messages.success(request, _("The mail is back in its case."))
    return redirect("desk:case", pk=old.pk)


def to_split(request: StaffRequest, case: Case) -> QuerySet[ReceivedMail]:
    """The mails of a case whose subject is new and on which nobody has decided yet."""
    rows = access.visible(request.user, ReceivedMail.objects.filter(case=case, new_subject=True))
    return rows.order_by("pk")
