"""The round into which a file comes when nobody named one: found, or made through the usual actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from manyi.customers import actions as customers
from manyi.customers.models import Segment
from manyi.kernel.labels import Label
from manyi.organisation import access, clock
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys import actions as surveys
from manyi.surveys.definition import from_dict
from manyi.surveys.models import Programme, Questionnaire, QuestionnaireVersion, Round, SchemeVersion
from manyi.surveys.queries import published_versions


def prepare(
    *, actor: Person | None, code: str | None, mapping: Mapping[str, Any], unit: Unit | None
) -> Round:
    """The last round of the programme with this code; what is missing of questionnaire, scheme, programme and
    round is made. Raises Refused when neither a questionnaire nor its definition is there."""
    code = code or str(mapping.get("questionnaire", {}).get("code", ""))
    programme = Programme.objects.filter(code=code).first()
    last = programme.rounds.order_by("-number").first() if programme else None
    if last is not None:
        return last
    unit = _unit(actor, mapping, unit)
    version = _questionnaire(actor, code, mapping, unit)
    scheme = _scheme(actor, version, mapping)
    _segments(mapping)
    title, title_en = version.questionnaire.title, version.questionnaire.title_en
    if programme is None:
        programme = surveys.create_programme(
            actor=actor, unit=unit, code=code, title=title, title_en=title_en, frequency="once"
        )
    now = clock.now()
    return surveys.create_round(
        actor=actor,
        programme=programme,
        questionnaire=version,
        scheme=scheme,
        title=f"{title}(导入)",
        title_en=f"{title_en} (imported)" if title_en else "",
        opens_at=now,
        closes_at=now + timedelta(days=1),
    )


def _unit(actor: Person | None, mapping: Mapping[str, Any], unit: Unit | None) -> Unit:
    """The unit that was named, that the mapping names, or the highest in which the actor may import."""
    if unit is not None:
        return unit
    rows = Unit.objects.filter(active=True).order_by("path")
    if actor is not None:
        rows = rows.filter(access.within(access.paths(actor, "responses.import"), ""))
    wanted = mapping.get("unit", {}).get("code")
    found = (rows.filter(code=wanted) if wanted else rows).first()
    if found is None:
        words = Label("没有找到导入所属的部门。", "There is no unit into which to import.")
        raise Refused(words, field="unit")
    return found


def _questionnaire(
    actor: Person | None, code: str, mapping: Mapping[str, Any], unit: Unit
) -> QuestionnaireVersion:
    existing = Questionnaire.objects.filter(code=code).first()
    if existing is not None:
        version = published_versions(existing).first()
        if version is None:
            raise Refused(Label("请先发布问卷。", "Please publish the questionnaire first."))
        return version
    definition = mapping.get("questionnaire")
    if not definition:
        words = f"没有问卷“{code}”,映射文件中也没有 [questionnaire]。"
        other = f"There is no questionnaire “{code}”, and the mapping has no [questionnaire]."
        raise Refused(Label(words, other), field="questionnaire")
    draft = surveys.create_questionnaire(
        actor=actor, unit=unit, definition=from_dict({**definition, "code": code})
    )
    return surveys.publish_questionnaire(actor=actor, version=draft)


def _scheme(
    actor: Person | None, version: QuestionnaireVersion, mapping: Mapping[str, Any]
) -> SchemeVersion | None:
    questionnaire = version.questionnaire
    newest = SchemeVersion.objects.filter(scheme__questionnaire=questionnaire).exclude(published_at=None)
    if newest.exists() or not mapping.get("scheme"):
        return newest.order_by("scheme__code", "-number").first()
    draft = surveys.create_scheme(
        actor=actor,
        questionnaire=questionnaire,
        code=questionnaire.code,
        title=questionnaire.title,
        title_en=questionnaire.title_en,
        definition=mapping["scheme"],
    )
    return surveys.publish_scheme(actor=actor, version=draft)


def _segments(mapping: Mapping[str, Any]) -> None:
    """Segments that the mapping speaks of and nobody has named yet, named as the file names them.

    The list of segments is shared by all units, so it is the software that adds to it, not the importer.
    """
    named = {code: text for codes in mapping.get("segments", {}).values() for text, code in codes.items()}
    known = set(Segment.objects.filter(code__in=named).values_list("code", flat=True))
    for code in sorted(named.keys() - known):
        customers.save_segment(actor=None, code=code, name=named[code], name_en=named[code])
