"""Writing scoring schemes: drafts as plain tables, and the publication that freezes a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.measures.scoring import Scheme as Definition
from manyi.measures.scoring import SchemeError, scheme_from_dict, scheme_to_dict
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Invalid, Refused
from manyi.organisation.models import Person
from manyi.surveys import rules
from manyi.surveys.errors import CodeTaken, Frozen
from manyi.surveys.models import Questionnaire, Scheme, SchemeVersion
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.questionnaire_actions import fingerprint

SCHEME_CREATED = events.kind("scheme.created", "新建评分方案", "Scoring scheme created")
SCHEME_SAVED = events.kind("scheme.saved", "保存评分方案", "Scoring scheme saved")
SCHEME_PUBLISHED = events.kind("scheme.published", "发布评分方案", "Scoring scheme published")


def create_scheme(
    *,
    actor: Person | None,
    questionnaire: Questionnaire,
    code: str,
    title: str,
    title_en: str = "",
    definition: Mapping[str, Any],
) -> SchemeVersion:
    """A new scheme of a questionnaire with its first draft; raises CodeTaken, or Invalid with all faults."""
    access.require(actor, "surveys.edit", questionnaire)
    if not code.strip() or not title.strip():
        raise Refused(Label("请填写编号和名称。", "Please give a code and a title."), field="code")
    if Scheme.objects.filter(code=code).exists():
        raise CodeTaken(code)
    read = read_scheme(definition)
    with transaction.atomic():
        scheme = Scheme.objects.create(
            code=code, title=title, title_en=title_en, questionnaire=questionnaire, unit=questionnaire.unit
        )
        version = SchemeVersion.objects.create(
            scheme=scheme, number=1, definition=scheme_to_dict(read), updated_at=clock.now()
        )
        _note(SCHEME_CREATED, actor, version)
    return version


def save_scheme_draft(
    *, actor: Person | None, scheme: Scheme, definition: Mapping[str, Any]
) -> SchemeVersion:
    """Keep the draft of a scheme, making the next version when the newest is published."""
    access.require(actor, "surveys.edit", scheme)
    tables = scheme_to_dict(read_scheme(definition))
    newest = scheme.versions.order_by("-number")[0]
    with transaction.atomic():
        if newest.published_at is not None:
            newest = SchemeVersion(scheme=scheme, number=newest.number + 1)
        newest.definition, newest.updated_at = tables, clock.now()
        if newest.pk is None:
            newest.save(force_insert=True)
        elif not _drafts(newest).update(definition=tables, updated_at=newest.updated_at):
            raise Frozen
        _note(SCHEME_SAVED, actor, newest)
    return newest


def publish_scheme(*, actor: Person | None, version: SchemeVersion) -> SchemeVersion:
    """Freeze a scheme for use; raises Invalid when it asks for what its questionnaire does not have."""
    access.require(actor, "surveys.publish", version)
    newest = version.scheme.questionnaire.versions.order_by("-number")[0]
    faults = rules.scheme_problems(read_scheme(version.definition), questionnaire_of(newest))
    if faults:
        raise Invalid(faults)
    now, sha256 = clock.now(), fingerprint(version.definition)
    with transaction.atomic():
        if not _drafts(version).update(published_at=now, published_by=actor, sha256=sha256):
            raise Frozen
        _note(SCHEME_PUBLISHED, actor, version, sha256=sha256)
    version.published_at, version.published_by, version.sha256 = now, actor, sha256
    return version


def read_scheme(definition: Mapping[str, Any]) -> Definition:
    """The scheme that plain tables describe; raises Invalid with the place of every fault."""
    try:
        return scheme_from_dict(definition)
    except SchemeError as error:
        raise Invalid([(problem.path, problem.message) for problem in error.problems]) from error


def _drafts(version: SchemeVersion) -> Any:
    return SchemeVersion.objects.filter(pk=version.pk, published_at__isnull=True)


def _note(kind: events.EventKind, actor: Person | None, version: SchemeVersion, **data: Any) -> None:
    scheme = version.scheme
    data |= {"code": scheme.code, "number": version.number}
    label = f"{scheme.code} v{version.number}"
    events.append(kind, actor=actor, subject=version, label=label, unit=scheme.unit, data=data)
