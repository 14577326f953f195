"""Installing a regulation pack: its programmes, questionnaires, schemes and deadlines become real."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from manyi.cases.models import SlaPolicy
from manyi.cases.policy_actions import save_policy
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.regulation.models import InstalledPack
from manyi.regulation.pack import Pack, ProgrammePart
from manyi.surveys import actions as surveys
from manyi.surveys.models import Programme, QuestionnaireVersion, SchemeVersion

PACK_INSTALLED = events.kind("pack.installed", "安装制度包", "Regulation pack installed")


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation made."""

    pack: InstalledPack
    programmes: list[tuple[Programme, QuestionnaireVersion, SchemeVersion]]
    policy: SlaPolicy | None


def install(*, actor: Person, unit: Unit, pack: Pack) -> Installed:
    """Make a pack's parts for a unit and keep its text; all or nothing.

    Raises Refused when this version is installed already or a code is taken, Invalid for faulty parts.
    """
    access.require(actor, "surveys.publish", unit)
    if InstalledPack.objects.filter(unit=unit, code=pack.code, number__gte=pack.number).exists():
        raise Refused(
            Label(
                f"制度“{pack.title}”第 {pack.number} 版已安装。",
                f"Version {pack.number} of “{pack.title_en or pack.title}” is installed already.",
            )
        )
    with transaction.atomic():
        row = _keep(actor, unit, pack)
        programmes = [_programme(actor, unit, part) for part in pack.programmes]
        policy = _deadlines(unit, pack)
        events.append(
            PACK_INSTALLED,
            actor=actor,
            subject=row,
            label=pack.code,
            unit=unit,
            after={"code": pack.code, "number": pack.number, "sha256": row.sha256},
        )
    return Installed(row, programmes, policy)


def _keep(actor: Person, unit: Unit, pack: Pack) -> InstalledPack:
    return InstalledPack.objects.create(
        code=pack.code,
        number=pack.number,
        title=pack.title,
        unit=unit,
        text=pack.text,
        sha256=hashlib.sha256(pack.text.encode()).hexdigest(),
        by=actor,
        at=clock.now(),
    )


def _deadlines(unit: Unit, pack: Pack) -> SlaPolicy | None:
    """The pack's deadlines, set by its installation: the installer need not hold the right to set others."""
    if pack.deadlines is None:
        return None
    targets = {name: dict(target) for name, target in pack.deadlines.targets.items()}
    return save_policy(
        actor=None, unit=unit, code=pack.deadlines.code, name=pack.deadlines.name, targets=targets
    )


def _programme(
    actor: Person, unit: Unit, part: ProgrammePart
) -> tuple[Programme, QuestionnaireVersion, SchemeVersion]:
    questionnaire = surveys.create_questionnaire(actor=actor, unit=unit, definition=part.questionnaire)
    questionnaire = surveys.publish_questionnaire(actor=actor, version=questionnaire)
    scheme = surveys.create_scheme(
        actor=actor,
        questionnaire=questionnaire.questionnaire,
        code=part.scheme_code,
        title=part.scheme_title,
        title_en=part.scheme_title_en,
        definition=part.scheme,
    )
    scheme = surveys.publish_scheme(actor=actor, version=scheme)
    programme = surveys.create_programme(
        actor=actor,
        unit=unit,
        code=part.code,
        title=part.title,
        title_en=part.title_en,
        **part.details,
    )
    return programme, questionnaire, scheme
