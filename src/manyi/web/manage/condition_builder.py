"""Logic by choosing: a condition of questions, operators and values, or typed, always said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, parse
from manyi.surveys import actions
from manyi.surveys.condition_choices import (
    ALONE,
    LISTS,
    OPERATORS,
    Choices,
    Group,
    Joint,
    Subject,
    Term,
    chosen,
    fitted,
    subjects,
    written,
)
from manyi.surveys.conditions import parsed
from manyi.surveys.definition import Questionnaire
from manyi.surveys.expression_places import expression_at, with_expression
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of
from manyi.web.guard import StaffRequest, find, needs
from manyi.web.manage.editor import is_htmx
from manyi.web.manage.editor_page import sentence
from manyi.web.manage.spots import spot_of

MOST_GROUPS, MOST_TESTS = 10, 20
BLANK = Choices("and", (Group("and", (Term("", ""),)),))


@dataclass(frozen=True, slots=True)
class Row:
    """One test as its fields show it; its value has the ``shape`` none, one, several or typed."""

    name: str
    test: Term
    operators: tuple[tuple[str, Label], ...]
    values: tuple[tuple[str, str], ...]
    shape: str


@require_http_methods(["GET", "POST"])
@needs("surveys.edit")
def condition(request: StaffRequest, pk: int, path: str) -> HttpResponse:
    """The condition at a place: chosen or typed; only ``save`` changes the draft."""
    rows = QuestionnaireVersion.objects.select_related("questionnaire__unit")
    version = find(request, rows, verb="surveys.edit", pk=pk)
    tree = questionnaire_of(version)
    stored = expression_at(tree, path)
    if stored is None:
        raise Http404
    form, act = request.POST, request.POST.get("do", "")
    typed = form.get("expression", "").strip() if act in {"type", "save_typed"} else None
    choices = fitted(read(form), _known(tree, path)) if form and typed is None else None
    text = typed if typed is not None else written(choices) if choices else stored
    fault = fault_of(text)
    if act in {"save", "save_typed"} and fault is None:
        new = with_expression(tree, path, text)
        revision = form.get("revision", "")
        number = int(revision) if revision.isdigit() else -1
        actions.save_draft(actor=request.user, version=version, definition=new, revision=number)
        messages.success(request, _("Saved."))
        at = spot_of(tree, path, "zh").at
        return redirect(f"{reverse('manage:editor', args=[pk])}?{urlencode({'at': at})}")
    context = _context(version, tree, path, text, choices, fault)
    template = "manage/condition_inside.html" if is_htmx(request) else "manage/condition.html"
    return render(request, template, context, status=422 if fault and act.startswith("save") else 200)


def fault_of(text: str) -> ExpressionError | None:
    """What is wrong with an expression; nothing with an empty one."""
    try:
        if text:
            parse(text)
    except ExpressionError as error:
        return error
    return None


def _context(
    version: QuestionnaireVersion,
    tree: Questionnaire,
    path: str,
    text: str,
    choices: Choices | None,
    fault: ExpressionError | None,
) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    if choices is None and fault is None:
        choices = chosen(parsed(text)) if text else BLANK
    known = _known(tree, path)
    return {
        "version": version,
        "tree": tree,
        "path": path,
        "spot": spot_of(tree, path, language),
        "expression": text,
        "sentence": sentence(tree, text, language) if fault is None else "",
        "fault": fault,
        "before": text[: fault.position] if fault else "",
        "after": text[fault.position :] if fault else "",
        "choices": choices,
        "groups": _groups(choices, known, language) if choices else [],
        "subjects": [(each.path, each.title.text(language) or each.path) for each in known],
        "several": bool(choices and len(choices.groups) > 1),
    }


def _known(tree: Questionnaire, path: str) -> list[Subject]:
    """What a condition can ask for: what decides whether something is shown, only what comes before it."""
    owner = path.partition(".")[0]
    section = tree.section(owner)
    first = section.questions[0].code if section and section.questions else owner
    return subjects(tree, first if path.endswith("visible_if") else "")


def _groups(choices: Choices, known: list[Subject], language: str) -> list[tuple[str, Joint, list[Row]]]:
    by_path = {each.path: each for each in known}
    return [
        (
            str(number),
            group.joint,
            [
                _row(f"g{number}.{n}", test, by_path.get(test.path), language)
                for n, test in enumerate(group.tests)
            ],
        )
        for number, group in enumerate(choices.groups)
    ]


def _row(name: str, test: Term, subject: Subject | None, language: str) -> Row:
    if subject is None:
        return Row(name, test, (), (), "none")
    operators = OPERATORS[subject.kind]
    values = tuple((code, title.text(language) or code) for code, title in subject.values)
    shape = ("several" if test.operator in LISTS else "one") if values else "typed"
    return Row(name, test, operators, values, "none" if test.operator in ALONE else shape)


def read(form: QueryDict) -> Choices:
    """The choices of a form after its button: ``add=0`` a test, ``add=group``, ``drop=0:1``."""
    groups = [
        Group(_joint(form, f"g{g}.joint"), tuple(_tests(form, g)))
        for g in range(MOST_GROUPS)
        if f"g{g}.joint" in form
    ]
    add, drop = form.get("add", ""), form.get("drop", "").split(":")
    if len(drop) == 2 and all(part.isdecimal() for part in drop):
        group, test = int(drop[0]), int(drop[1])
        groups = [
            Group(each.joint, tuple(t for n, t in enumerate(each.tests) if (g, n) != (group, test)))
            for g, each in enumerate(groups)
        ]
    if add == "group" and len(groups) < MOST_GROUPS:
        groups.append(Group("and", (Term("", ""),)))
    elif add.isdecimal() and int(add) < len(groups):
        here = groups[int(add)]
        groups[int(add)] = Group(here.joint, (*here.tests, Term("", "")))
    groups = [group for group in groups if group.tests]
    return Choices(_joint(form, "joint"), tuple(groups or BLANK.groups))


def _tests(form: QueryDict, group: int) -> list[Term]:
    found = []
    for number in range(MOST_TESTS):
        name = f"g{group}.{number}"
        if f"{name}.path" in form:
            # A value of the question that was chosen before means nothing for the new one.
            path = form.get(f"{name}.path", "")
            same = form.get(f"{name}.was", "") in {"", path}
            values = tuple(form.getlist(f"{name}.value")) if same else ()
            found.append(Term(path, form.get(f"{name}.op", ""), values))
    return found


def _joint(form: QueryDict, name: str) -> Joint:
    return "or" if form.get(name) == "or" else "and"
