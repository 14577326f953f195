"""What the editor shows at a place: the outline, the form in hand, the checks and the preview's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from manyi.kernel.labels import Label
from manyi.measures.expressions import ExpressionError, to_sentence
from manyi.organisation import access
from manyi.surveys import rules
from manyi.surveys.conditions import parsed
from manyi.surveys.definition import ROLES, Question, Questionnaire, Section
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import draft_warnings, questionnaire_of
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import ORDERS
from manyi.surveys.wordings import wordings
from manyi.web.guard import StaffRequest
from manyi.web.manage import editing, type_picker
from manyi.web.manage.config_fields import settings_for
from manyi.web.manage.option_lines import lines_of
from manyi.web.manage.spots import Spot, spot_of
from manyi.web.manage.typed_in import default_shown

ROLE_NAMES = {
    "": Label("无", "None"),
    "overall": Label("总体满意度", "Overall satisfaction"),
    "nps": Label("推荐意愿", "Recommendation"),
    "reason": Label("原因", "Reason"),
}
ORDER_NAMES = {
    "": Label("固定顺序", "Fixed"),
    "random": Label("随机", "Random"),
    "rotated": Label("轮换", "Rotated"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One expression as the form shows it: its field, its text, and the same in a plain sentence."""

    name: str
    label: Label
    path: str
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the outline."""

    at: str
    code: str
    title: str
    kind: Label
    marked: bool


def context_of(
    request: StaffRequest, version: QuestionnaireVersion, at: str, problems: Mapping[str, Label]
) -> dict[str, Any]:
    """The context of the editor's templates."""
    tree, language = questionnaire_of(version), get_language() or "zh-hans"
    node = editing.node_at(tree, at)
    at = at if node else ""
    editable = version.published_at is None and access.may(request.user, "surveys.edit", version)
    find = request.GET.get("find", "").strip()
    return {
        "version": version,
        "tree": tree,
        "at": at,
        "spot": at,
        "question": node if isinstance(node, Question) else None,
        "section": node if isinstance(node, Section) else None,
        "editable": editable,
        "may_publish": version.published_at is None and access.may(request.user, "surveys.publish", version),
        "find": find,
        "outline": _outline(tree, language, find),
        "groups": type_picker.groups(),
        "contradictions": [(each, sentence(tree, each.expression, language)) for each in tree.contradictions],
        "orders": [(order, ORDER_NAMES[order]) for order in ORDERS],
        "languages": tree.languages or ("zh",),
        "missing": sum(len(each.lacks(tree.languages)) for each in wordings(tree)),
        "checks": _placed(tree, rules.publish_problems(tree), language) if editable else [],
        "warnings": _placed(tree, draft_warnings(version), language) if editable else [],
        "problems": _placed(tree, list(problems.items()), language),
        "preview": preview_address(version, at),
        "anchor": f"q-{at.partition('.')[0]}",
        **(_of_question(tree, node, at, language) if isinstance(node, Question) else {}),
        **(_of_section(tree, node, language) if isinstance(node, Section) else {}),
    }


def preview_address(version: QuestionnaireVersion, at: str) -> str:
    """Where the preview begins; every saved change has another address, so that the frame is drawn anew."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    query = {"revision": str(version.revision), "lang": language} | (
        {"at": at.partition(".")[0]} if at else {}
    )
    return f"{reverse('manage:preview', args=[version.pk])}?{urlencode(query)}"


def _of_question(tree: Questionnaire, question: Question, at: str, language: str) -> dict[str, Any]:
    kind = TYPES.get(question.type)
    path = at.replace(".", ".columns.")
    conditions = [("visible_if", Label("显示条件", "Shown if"), question.visible_if)]
    if kind.asks and "." not in at:
        conditions.append(("required_if", Label("必答条件", "Required if"), question.required_if))
    return {
        "kind": kind,
        "is_column": "." in at,
        "owner": at.rpartition(".")[0],
        "types": type_picker.cell_types() if "." in at else list(TYPES),
        "cell_types": type_picker.cell_types() if kind.uses_columns else [],
        "roles": [(role, ROLE_NAMES[role]) for role in ROLES],
        "settings": settings_for(question.type, question.config),
        "default": default_shown(question),
        "option_lines": lines_of(question.options, tree.languages),
        "row_lines": lines_of(question.rows, tree.languages),
        "conditions": [
            Condition(name, label, f"{path}.{name}", text, sentence(tree, text, language))
            for name, label, text in conditions
        ],
    }


def _of_section(tree: Questionnaire, section: Section, language: str) -> dict[str, Any]:
    text = section.visible_if
    label, path = Label("显示条件", "Shown if"), f"{section.code}.visible_if"
    return {"conditions": [Condition("visible_if", label, path, text, sentence(tree, text, language))]}


def sentence(tree: Questionnaire, expression: str, language: str) -> str:
    """An expression in plain words; nothing for one that cannot be read."""
    try:
        return to_sentence(parsed(expression), tree.titles(language), language) if expression else ""
    except ExpressionError:
        return ""


def _outline(tree: Questionnaire, language: str, find: str) -> list[tuple[Section, str, list[Line]]]:
    """Sections with their questions; what contains the searched words is marked."""
    return [
        (
            section,
            section.title.text(language) or section.code,
            [_line(question, language, find) for question in section.questions],
        )
        for section in tree.sections
    ]


def _line(question: Question, language: str, find: str) -> Line:
    kind = TYPES.get(question.type).label
    title = question.title.text(language)
    return Line(question.code, question.code, title, kind, bool(find) and find.lower() in _words(question))


def _words(question: Question) -> str:
    options, rows = (option.title for option in question.options), (row.title for row in question.rows)
    texts = [question.title, question.help, *options, *rows]
    said = (words for text in texts for words in (text.zh, text.en, *dict(text.more).values()))
    return " ".join([question.code, question.type, *said]).lower()


def _placed(
    tree: Questionnaire, problems: list[tuple[str, Label]], language: str
) -> list[tuple[Spot, Label]]:
    return [(spot_of(tree, path, language), problem) for path, problem in problems]
