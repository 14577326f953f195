"""The writers of ready answers and of the shared draft of an answer."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Q

from manyi.cases.actions import WRITERS
from manyi.cases.choices import KINDS
from manyi.cases.models import AnswerDraft, AnswerTemplate, Case, Category
from manyi.cases.queries import lineage
from manyi.cases.templates import check_fields, filled
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.organisation.models import Person, Unit

TEMPLATE_CHANGED = events.kind("template.changed", "修改答复模板", "Answer template changed")
DRAFT_KEPT = events.kind("case.draft_kept", "保存答复草稿", "Draft of an answer kept")


class Template(TypedDict):
    """What a ready answer holds."""

    unit: Unit
    name: str
    kind: str
    category: Category | None
    words: str
    words_en: str
    active: bool


def save_template(
    *, actor: Person, template: AnswerTemplate | None = None, **given: Unpack[Template]
) -> AnswerTemplate:
    """Write a ready answer, or change one. Raises Invalid with the fields that are wrong."""
    access.require(actor, "settings.manage", given["unit"])
    problems: list[tuple[str, Label]] = []
    if not given["name"].strip():
        problems.append(("name", Label("请填写名称。", "Please give a name.")))
    if not given["words"].strip():
        problems.append(("words", Label("请填写内容。", "Please write the words.")))
    if given["kind"] and given["kind"] not in dict(KINDS):
        problems.append(("kind", Label("请从列表中选择。", "Please choose from the list.")))
    problems += [(name, fault) for name in ("words", "words_en") if (fault := check_fields(str(given[name])))]
    if problems:
        raise Invalid(problems)
    row = template or AnswerTemplate()
    with transaction.atomic():
        for field, value in given.items():
            setattr(row, field, value.strip() if isinstance(value, str) else value)
        row.save()
        after = {"name": row.name, "kind": row.kind, "active": row.active, "words": row.words}
        events.append(TEMPLATE_CHANGED, actor=actor, subject=row, unit=row.unit, after=after)
    return row


def templates_for(case: Case) -> list[AnswerTemplate]:
    """The ready answers that suit a case: of its unit or one above, its kind, its category or one above."""
    suiting = Q(category=None) | Q(category_id__in=lineage(case.category))
    rows = AnswerTemplate.objects.filter(suiting, active=True)
    return list(rows.filter(unit_id__in=case.unit.lineage, kind__in=("", case.kind)))


def words_of(template: AnswerTemplate, case: Case) -> str:
    """The words in the language of the case, with its fields filled in."""
    english = case.language.startswith("en") and template.words_en
    return filled(template.words_en if english else template.words, case)


def keep_draft(*, actor: Person, case: Case, body: str, seen: str = "") -> AnswerDraft:
    """Keep the draft of an answer. ``seen`` is the moment (ISO) of the draft that the writer had before them.

    Somebody else's newer draft is not lost: it is put below, under their name.
    """
    if not any(access.may(actor, verb, case) for verb in WRITERS):
        raise NotPermitted(WRITERS[0])
    if not body.strip():
        raise Refused(Label("草稿是空的。", "The draft is empty."), field="body")
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        row = AnswerDraft.objects.filter(case=case).select_related("by").first() or AnswerDraft(case=case)
        words = body.strip()
        if row.pk and row.by_id != actor.pk and row.at.isoformat() != seen and row.body not in words:
            words = f"{words}\n\n—— {row.by} ——\n{row.body}"
        row.body, row.by, row.at = words, actor, clock.now()
        row.save()
        events.append(DRAFT_KEPT, actor=actor, subject=case, unit=case.unit, data={"case": case.pk})
    return row
