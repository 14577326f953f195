"""What became of a published question in the next version: kept with the version, so that figures compare."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.surveys.errors import Frozen
from manyi.surveys.models import QuestionnaireVersion
from manyi.surveys.queries import questionnaire_of

CODE_MAPPED = events.kind("questionnaire.mapped", "对应题目代码", "Question code mapped")


def map_code(
    *, actor: Person | None, version: QuestionnaireVersion, old: str, new: Sequence[str]
) -> QuestionnaireVersion:
    """Say which questions of a draft stand for an earlier code: one for a rename, several for a split, none
    for what was dropped. Raises Frozen for a published version, Refused for a code that the draft lacks.
    """
    access.require(actor, "surveys.edit", version)
    tree = questionnaire_of(version)
    strange = next((code for code in new if code not in tree.questions), "")
    if strange:
        raise Refused(
            Label(f"草稿中没有题目“{strange}”。", f"The draft has no question “{strange}”."), field="new"
        )
    with transaction.atomic():
        drafts = QuestionnaireVersion.objects.select_for_update().filter(pk=version.pk, published_at=None)
        held = drafts.values_list("mapping", flat=True).first()
        if held is None:
            raise Frozen
        version.mapping = {**held, old: list(new)}
        drafts.update(mapping=version.mapping)
        row = version.questionnaire
        events.append(
            CODE_MAPPED,
            actor=actor,
            subject=version,
            label=f"{row.code} v{version.number}",
            unit=row.unit,
            data={"old": old, "new": list(new)},
        )
    return version
