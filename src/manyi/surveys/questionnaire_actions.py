"""Writing questionnaires: drafts that save themselves, undo, and the publication that freezes a version."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys import rules
from manyi.surveys.definition import Questionnaire as Definition
from manyi.surveys.definition import from_dict, to_dict
from manyi.surveys.errors import ChangedElsewhere, CodeTaken, Frozen, Unread
from manyi.surveys.models import Questionnaire, QuestionnaireVersion, TrialRun
from manyi.surveys.queries import draft_of, draft_warnings, questionnaire_of

QUESTIONNAIRE_CREATED = events.kind("questionnaire.created", "新建问卷", "Questionnaire created")
DRAFT_SAVED = events.kind("questionnaire.saved", "保存问卷草稿", "Questionnaire draft saved")
DRAFT_UNDONE = events.kind("questionnaire.undone", "撤销问卷修改", "Questionnaire change undone")
DRAFT_REDONE = events.kind("questionnaire.redone", "恢复问卷修改", "Questionnaire change done again")
VERSION_MADE = events.kind("questionnaire.version", "新建问卷版本", "Questionnaire version made")
QUESTIONNAIRE_PUBLISHED = events.kind("questionnaire.published", "发布问卷", "Questionnaire published")

KEPT_DRAFTS = 30


def fingerprint(definition: Any) -> str:
    """SHA-256 over the canonical JSON of a definition, in hexadecimal."""
    canonical = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def create_questionnaire(*, actor: Person | None, unit: Unit, definition: Definition) -> QuestionnaireVersion:
    """A new questionnaire with its first draft; code and titles are those of the definition.

    Raises CodeTaken, or Invalid when the definition cannot be edited as it is.
    """
    access.require(actor, "surveys.edit", unit)
    _require_editable(definition)
    if Questionnaire.objects.filter(code=definition.code).exists():
        raise CodeTaken(definition.code)
    now = clock.now()
    with transaction.atomic():
        row = Questionnaire.objects.create(
            code=definition.code,
            title=definition.title.text("zh") or definition.code,
            title_en=definition.title.en,
            unit=unit,
            created_at=now,
        )
        version = QuestionnaireVersion.objects.create(
            questionnaire=row, number=1, definition=to_dict(definition), updated_at=now
        )
        events.append(
            QUESTIONNAIRE_CREATED,
            actor=actor,
            subject=row,
            label=row.code,
            unit=unit,
            after={"code": row.code},
        )
    return version


def save_draft(
    *, actor: Person | None, version: QuestionnaireVersion, definition: Definition, revision: int
) -> QuestionnaireVersion:
    """Keep a changed draft; the one before can be undone.

    ``revision`` is the one that was read; raises ChangedElsewhere when somebody saved in between, Frozen for
    a published version, Invalid when the definition cannot be edited.
    """
    access.require(actor, "surveys.edit", version)
    _require_editable(definition)
    new, kept = to_dict(definition), [*version.history, _kept(version)]
    if new == version.definition and version.published_at is None:
        return version  # nothing to undo would come of it
    with transaction.atomic():
        _write_draft(version, revision, new, kept[-KEPT_DRAFTS:], [])
        _note(DRAFT_SAVED, actor, version)
    return version


def _kept(version: QuestionnaireVersion) -> dict[str, Any]:
    return {"definition": version.definition, "at": clock.now().isoformat()}


def undo_draft(*, actor: Person | None, version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Go back to the draft before the last save; raises Refused when there is none."""
    access.require(actor, "surveys.edit", version)
    if not version.history:
        raise Refused(Label("没有可以撤销的修改。", "There is nothing to undo."))
    *kept, last = version.history
    with transaction.atomic():
        undone = [*version.undone, _kept(version)]
        _write_draft(version, version.revision, last["definition"], kept, undone)
        _note(DRAFT_UNDONE, actor, version)
    return version


def redo_draft(*, actor: Person | None, version: QuestionnaireVersion) -> QuestionnaireVersion:
    """Do again what was undone last; raises Refused when nothing was, or something was saved since."""
    access.require(actor, "surveys.edit", version)
    if not version.undone:
        raise Refused(Label("没有可以恢复的修改。", "There is nothing to do again."))
    *undone, last = version.undone
    with transaction.atomic():
        _write_draft(
            version, version.revision, last["definition"], [*version.history, _kept(version)], undone
        )
        _note(DRAFT_REDONE, actor, version)
    return version


def _write_draft(
    version: QuestionnaireVersion,
    revision: int,
    definition: dict[str, Any],
    history: list[Any],
    undone: list[Any],
) -> None:
    """Write if the version is still a draft and still the one that was read; both are asked in the UPDATE."""
    fields = {
        "definition": definition,
        "history": history,
        "undone": undone,
        "revision": revision + 1,
        "updated_at": clock.now(),
    }
    drafts = QuestionnaireVersion.objects.filter(pk=version.pk, published_at__isnull=True)
    if not drafts.filter(revision=revision).update(**fields):
        raise ChangedElsewhere if drafts.exists() else Frozen
    for name, value in fields.items():
        setattr(version, name, value)


def new_version(*, actor: Person | None, questionnaire: Questionnaire) -> QuestionnaireVersion:
    """A draft that begins as a copy of the newest version; an existing draft is returned as it is."""
    access.require(actor, "surveys.edit", questionnaire)
    draft = draft_of(questionnaire)
    if draft is not None:
        return draft
    newest = questionnaire.versions.order_by("-number")[0]
    with transaction.atomic():
        version = QuestionnaireVersion.objects.create(
            questionnaire=questionnaire,
            number=newest.number + 1,
            definition=newest.definition,
            updated_at=clock.now(),
        )
        _note(VERSION_MADE, actor, version)
    return version


def publish_questionnaire(
    *, actor: Person | None, version: QuestionnaireVersion, accept_warnings: bool = True
) -> QuestionnaireVersion:
    """Freeze a draft for use; raises Invalid with every fault against it, Frozen the second time.

    Without ``accept_warnings`` what should be thought about first is refused too: Unread names it.
    """
    access.require(actor, "surveys.publish", version)
    definition = questionnaire_of(version)
    faults = rules.publish_problems(definition)
    if faults:
        raise Invalid(faults)
    warnings = draft_warnings(version)
    if warnings and not accept_warnings:
        raise Unread(warnings)
    now, sha256 = clock.now(), fingerprint(version.definition)
    with transaction.atomic():
        drafts = QuestionnaireVersion.objects.filter(pk=version.pk, published_at__isnull=True)
        drafts = drafts.filter(revision=version.revision)
        if not drafts.update(published_at=now, published_by=actor, sha256=sha256, history=[], undone=[]):
            raise Frozen if version.published_at else ChangedElsewhere
        TrialRun.objects.filter(pre_test__version=version, deleted_at__isnull=False).delete()
        Questionnaire.objects.filter(pk=version.questionnaire_id).update(
            title=definition.title.text("zh"), title_en=definition.title.en
        )
        _note(QUESTIONNAIRE_PUBLISHED, actor, version, sha256=sha256, warnings=[path for path, _ in warnings])
    version.published_at, version.published_by, version.sha256 = now, actor, sha256
    version.history = version.undone = []
    return version


def _require_editable(definition: Definition) -> None:
    """Raise Invalid unless the draft can be read back and shown; form first, then what the rules say."""
    faults = rules.draft_problems(from_dict(to_dict(definition)))
    if faults:
        raise Invalid(faults)


def _note(kind: events.EventKind, actor: Person | None, version: QuestionnaireVersion, **data: Any) -> None:
    row = version.questionnaire
    data |= {"code": row.code, "number": version.number, "revision": version.revision}
    label = f"{row.code} v{version.number}"
    events.append(kind, actor=actor, subject=version, label=label, unit=row.unit, data=data)
