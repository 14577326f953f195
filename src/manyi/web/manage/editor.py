"""The questionnaire editor: outline, work, preview; every change is saved at once and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, to_sentence
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.surveys import actions, rules
from manyi.surveys.conditions import parsed
from manyi.surveys.definition import ROLES, Question, Questionnaire, Section
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.web.forms import faults
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage import editing
from manyi.web.public.fields import Drawing, field_of

ROWS = QuestionnaireVersion.objects.select_related("questionnaire__unit")
ROLE_NAMES = {
    "": Label("无", "None"),
    "overall": Label("总体满意度", "Overall satisfaction"),
    "nps": Label("推荐意愿", "Recommendation"),
    "reason": Label("原因", "Reason"),
}
CONFIG_NAMES = {
    "low": Label("最小值", "Least"),
    "high": Label("最大值", "Greatest"),
    "not_applicable": Label("提供“不适用”", "Offer “not applicable”"),
    "at_least": Label("至少选", "Choose at least"),
    "at_most": Label("上限(个数或字数)", "Limit (choices or characters)"),
    "decimals": Label("小数位", "Decimals"),
    "unit": Label("单位", "Unit"),
    "first": Label("最早日期", "First date"),
    "last": Label("最晚日期", "Last date"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One configuration value of a question as the editor shows it."""

    name: str
    label: Label
    value: str
    flag: bool


@require_GET
@needs("surveys.view")
def editor(request: StaffRequest, pk: int) -> HttpResponse:
    """The editor of a draft; a published version is shown without fields."""
    version = find(request, ROWS, pk=pk)
    return _page(request, version, request.GET.get("at", ""), "manage/editor.html")


@require_POST
@needs("surveys.edit")
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """One edit, saved at once; what cannot be saved is said beside its field and stays typed."""
    version = find(request, ROWS, verb="surveys.edit", pk=pk)
    tree, at, given = questionnaire_of(version), request.POST.get("at", ""), request.POST.dict()
    problems: dict[str, Label] = {}
    try:
        new, at = _edited(tree, request.POST.get("edit", ""), at, {k: str(v) for k, v in given.items()})
        revision = request.POST.get("revision", "")
        actions.save_draft(
            actor=request.user,
            version=version,
            definition=new,
            revision=int(revision) if revision.isdigit() else -1,
        )
    except Refused as refused:
        problems = faults(refused)
    return _answer(request, version, at, problems)


@require_POST
@needs("surveys.edit")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Back to before the last save."""
    version = find(request, ROWS, verb="surveys.edit", pk=pk)
    actions.undo_draft(actor=request.user, version=version)
    return _answer(request, version, request.POST.get("at", ""), {})


def _answer(
    request: StaffRequest, version: QuestionnaireVersion, at: str, problems: dict[str, Label]
) -> HttpResponse:
    """For the script the editor's inside; without script the whole page again."""
    if is_htmx(request):
        return _page(request, version, at, "manage/editor_inside.html", problems)
    if problems:
        return _page(request, version, at, "manage/editor.html", problems, status=422)
    return redirect(f"{request.path.rsplit('/', 2)[0]}/?at={at}")


def is_htmx(request: HttpRequest) -> bool:
    """Whether the script asks for a part of the page."""
    return bool(getattr(request, "htmx", False))


def _edited(tree: Questionnaire, edit: str, at: str, given: dict[str, str]) -> tuple[Questionnaire, str]:
    """The tree after one edit, and what the editor shows next."""
    if edit == "add_section":
        new = editing.add_section(tree)
        return new, new.sections[-1].code
    if edit == "add_question":
        kind = given.get("type", "")
        if kind not in TYPES:
            raise Refused(Label("请选择题型。", "Please choose a type."), field="type")
        new = editing.add_question(tree, at, kind)
        return new, next((code for code in new.questions if code not in tree.questions), at)
    known: dict[str, Callable[[], tuple[Questionnaire, str]]] = {
        "remove": lambda: (editing.remove(tree, at), ""),
        "up": lambda: (editing.move(tree, at, -1), at),
        "down": lambda: (editing.move(tree, at, +1), at),
        "head": lambda: (editing.change_head(tree, given), ""),
        "section": lambda: (editing.change_section(tree, at, given), at),
        "question": lambda: (editing.change_question(tree, at, given), given.get("code", at).strip() or at),
    }
    there = not at or at in tree.questions or tree.section(at) is not None
    if edit not in known or not there:
        raise Refused(
            Label("这一处已经不在问卷中,请刷新页面。", "That place is gone; please reload the page.")
        )
    return known[edit]()


def _page(
    request: StaffRequest,
    version: QuestionnaireVersion,
    at: str,
    template: str,
    problems: dict[str, Label] | None = None,
    status: int = 200,
) -> HttpResponse:
    tree, language = questionnaire_of(version), get_language() or "zh-hans"
    question, section = tree.questions.get(at), tree.section(at)
    editable = version.published_at is None and access.may(request.user, "surveys.edit", version)
    node: Question | Section | None = question or section
    context = {
        "version": version,
        "tree": tree,
        "at": at if node else "",
        "question": question,
        "section": section,
        "editable": editable,
        "may_publish": version.published_at is None and access.may(request.user, "surveys.publish", version),
        "types": list(TYPES),
        "kind": TYPES.get(question.type) if question else None,
        "roles": [(role, ROLE_NAMES[role]) for role in ROLES],
        "settings": _settings(question) if question else [],
        "options": editing.lines_of(question.options) if question else "",
        "rows": editing.lines_of(question.rows) if question else "",
        "condition": _sentence(tree, node.visible_if if node else "", language),
        "preview": _preview(tree, question, section, language),
        "checks": rules.publish_problems(tree) if editable else [],
        "problems": problems or {},
    }
    return render(request, template, context, status=status)


def _settings(question: Question) -> list[Setting]:
    """The configuration of a question, in the order of its type."""
    return [
        Setting(
            item.name,
            CONFIG_NAMES.get(item.name, Label(item.name, item.name)),
            _shown(question.config.get(item.name, item.default)),
            str(item.type) == "bool",
        )
        for item in fields(TYPES.get(question.type).config)
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _sentence(tree: Questionnaire, condition: str, language: str) -> str:
    """A condition in plain words; nothing for one that cannot be read."""
    try:
        return to_sentence(parsed(condition), tree.titles(language), language) if condition else ""
    except ExpressionError:
        return ""


def _preview(
    tree: Questionnaire, question: Question | None, section: Section | None, language: str
) -> list[Any]:
    """The fields as the respondent will see them: of the section in hand, else of the first."""
    shown = section or (tree.section_of[question.code] if question else next(iter(tree.sections), None))
    return [field_of(each, None, None, Drawing(language)) for each in shown.questions] if shown else []
