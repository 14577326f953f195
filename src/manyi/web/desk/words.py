"""Writing in a case: messages, notes and the shared draft; and the settings of ready answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from manyi.cases import actions, delivery_actions, word_actions
from manyi.cases.actions import WRITERS
from manyi.cases.choices import KINDS
from manyi.cases.letters import case_id_of
from manyi.cases.models import AnswerDraft, AnswerTemplate, Case, Category
from manyi.cases.templates import FIELDS
from manyi.cases.wording import category_choices
from manyi.distribution.models import Message
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.web.forms import Field
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.settings.pages import chosen_unit, form_page, unit_choices, units_for

CASES = Case.objects.select_related("unit", "category", "owner")


def words_for(case: Case) -> dict[str, Any]:
    """What the page of a case needs for writing: the draft, and the ready answers that suit it."""
    draft = AnswerDraft.objects.filter(case=case).select_related("by").first()
    answer = draft.body if draft else ""
    return {
        "draft": draft,
        "templates": word_actions.templates_for(case),
        "prefilled": dict.fromkeys(("answer-message", "answer_directly-message"), answer),
    }


@require_POST
@needs(*WRITERS)
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """Write to the customer, a note for colleagues, or the shared draft of an answer."""
    case, given = find(request, CASES, pk=pk), request.POST
    way, body = given.get("direction", ""), given.get("body", "")
    if way in {"draft", "insert"}:
        words = body if way == "draft" else _with_template(case, body, given.get("template", ""))
        word_actions.keep_draft(actor=request.user, case=case, body=words, seen=given.get("seen", ""))
        messages.success(request, _("The draft is kept for everybody who works on the case."))
        return redirect(f"{reverse('desk:case', args=[pk])}#write")
    direction = "out" if way == "out" else "internal"
    actions.add_message(actor=request.user, case=case, direction=direction, body=body, channel="desk")
    messages.success(request, _("Noted."))
    return redirect("desk:case", pk=pk)


@require_POST
@needs(*WRITERS)
def letter_again(request: StaffRequest, pk: int, letter: int) -> HttpResponse:
    """Send what did not reach the customer once more."""
    case, message = _letter(request, pk, letter)
    delivery_actions.send_again(actor=request.user, case=case, message=message)
    messages.success(request, _("It is being sent again."))
    return redirect(f"{reverse('desk:case', args=[pk])}#letter-{letter}")


@require_POST
@needs(*WRITERS)
def letter_settled(request: StaffRequest, pk: int, letter: int) -> HttpResponse:
    """Note that what did not arrive was told in another way."""
    case, message = _letter(request, pk, letter)
    delivery_actions.settle(actor=request.user, case=case, message=message)
    messages.success(request, _("Noted."))
    return redirect(f"{reverse('desk:case', args=[pk])}#letter-{letter}")


def _letter(request: StaffRequest, pk: int, letter: int) -> tuple[Case, Message]:
    case = find(request, CASES, pk=pk)
    message = get_object_or_404(Message, pk=letter)
    if case_id_of(message.key) != case.pk:
        raise Http404
    return case, message


def _with_template(case: Case, body: str, chosen: str) -> str:
    """What was written so far, and the ready words below it."""
    ready = next((row for row in word_actions.templates_for(case) if str(row.pk) == chosen), None)
    if ready is None:
        raise Refused(Label("请选择模板。", "Choose a ready answer."), field="template")
    return f"{body.rstrip()}\n\n{word_actions.words_of(ready, case)}".strip()


@require_GET
@needs("settings.manage")
def index(request: StaffRequest) -> HttpResponse:
    """The ready answers."""
    rows = access.visible(request.user, AnswerTemplate.objects.select_related("unit", "category"))
    kinds = dict(KINDS)
    return render(request, "desk/templates.html", {"rows": [(row, kinds.get(row.kind)) for row in rows]})


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def new(request: StaffRequest) -> HttpResponse:
    """A new ready answer."""
    return _form(request, Label("新建答复模板", "New ready answer"), None)


@require_http_methods(["GET", "POST"])
@needs("settings.manage")
def template(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a ready answer, or take it out of use."""
    row = find(request, AnswerTemplate.objects.select_related("unit"), pk=pk)
    return _form(request, Label(f"修改模板“{row.name}”", f"Change “{row.name}”"), row)


def _form(request: StaffRequest, heading: Label, row: AnswerTemplate | None) -> HttpResponse:
    back = reverse("desk:templates")

    def act(given: Mapping[str, str]) -> str:
        category = given.get("category", "")
        word_actions.save_template(
            actor=request.user,
            template=row,
            unit=chosen_unit(request, "settings.manage", given.get("unit", "")),
            name=given.get("name", ""),
            kind=given.get("kind", ""),
            category=Category.objects.filter(pk=int(category)).first() if category.isdigit() else None,
            words=given.get("words", ""),
            words_en=given.get("words_en", ""),
            active=given.get("active") == "yes",
        )
        return back

    fields = _fields(request, row or AnswerTemplate())
    done = Label("已保存。", "Saved.")
    return form_page(request, heading=heading, fields=fields, act=act, done=done, back=back)


def _fields(request: StaffRequest, row: AnswerTemplate) -> list[Field]:
    units = unit_choices(units_for(request, "settings.manage"))
    offered = category_choices(Category.objects.all(), chosen=row.category_id)
    categories = [(str(pk), label) for pk, label in offered]
    known = " ".join(f"{{{name}}}" for name in FIELDS)
    hint = Label(f"可用字段:{known}", f"Fields: {known}")
    home, chosen = str(row.unit_id or ""), str(row.category_id or "")
    return [
        Field("name", Label("名称", "Name"), value=row.name),
        Field("unit", Label("适用部门及其下级", "Unit and all below it"), "select", home, units),
        Field("kind", Label("诉求类别", "Kind of case"), "select", row.kind, KINDS, required=False),
        Field("category", Label("分类", "Category"), "select", chosen, categories, required=False),
        Field("words", Label("内容", "Words in Chinese"), "textarea", row.words, help=hint),
        Field(
            "words_en",
            Label("英文内容", "Words in English"),
            "textarea",
            row.words_en,
            required=False,
            help=hint,
        ),
        Field("active", Label("使用中", "In use"), "check", "yes" if row.active else "", required=False),
    ]
