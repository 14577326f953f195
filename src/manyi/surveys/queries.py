"""Readers: parsed versions, and what a round, a programme or an editor shows."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from django.db.models import QuerySet

from manyi.kernel.labels import Label
from manyi.measures.scoring import Scheme, scheme_from_dict
from manyi.surveys import rules
from manyi.surveys.definition import Questionnaire, from_dict
from manyi.surveys.models import (
    Draw,
    QuestionnaireVersion,
    Round,
    SchemeVersion,
)
from manyi.surveys.models import Questionnaire as QuestionnaireRow
from manyi.surveys.question_types import Fault

V = TypeVar("V", QuestionnaireVersion, SchemeVersion)


def questionnaire_of(version: QuestionnaireVersion) -> Questionnaire:
    """The tree of a version. Published versions never change, so they are parsed once in a process."""
    if version.published_at is None:
        return from_dict(version.definition)
    return _published_questionnaire(version.pk, version.sha256)


def scheme_of(version: SchemeVersion) -> Scheme:
    """The scoring scheme of a version; published ones are read once in a process."""
    if version.published_at is None:
        return scheme_from_dict(version.definition)
    return _published_scheme(version.pk, version.sha256)


# The hash is part of the key because ids begin anew with every database (tests, a restored copy).
@lru_cache(maxsize=256)
def _published_questionnaire(pk: int, sha256: str) -> Questionnaire:
    return from_dict(QuestionnaireVersion.objects.values_list("definition", flat=True).get(pk=pk))


@lru_cache(maxsize=256)
def _published_scheme(pk: int, sha256: str) -> Scheme:
    return scheme_from_dict(SchemeVersion.objects.values_list("definition", flat=True).get(pk=pk))


def draft_of(questionnaire: QuestionnaireRow) -> QuestionnaireVersion | None:
    """The version that is being worked on, if there is one."""
    return questionnaire.versions.filter(published_at=None).order_by("-number").first()


def vanished_codes(version: QuestionnaireVersion) -> list[str]:
    """Questions of the version published before that this one lacks, and nobody has said what became of."""
    earlier = version.questionnaire.versions.filter(number__lt=version.number).exclude(published_at=None)
    before = earlier.order_by("-number").first()
    if before is None:
        return []
    here = questionnaire_of(version).questions
    return [
        code
        for code in questionnaire_of(before).questions
        if code not in here and code not in version.mapping
    ]


def code_mapping(
    old_version: QuestionnaireVersion, new_version: QuestionnaireVersion
) -> dict[str, list[str]]:
    """For each question of an earlier version the codes that stand for it in a later one, none when dropped.

    Follows every published version in between; where nobody said anything, a code stands for itself.
    """
    between = new_version.questionnaire.versions.filter(
        number__gt=old_version.number, number__lt=new_version.number
    ).exclude(published_at=None)
    found = {code: [code] for code in questionnaire_of(old_version).questions}
    for version in [*between.order_by("number"), new_version]:
        here = questionnaire_of(version).questions
        for code, codes in found.items():
            after = (version.mapping.get(each, [each] if each in here else []) for each in codes)
            found[code] = list(dict.fromkeys(each for successors in after for each in successors))
    return found


def draft_warnings(version: QuestionnaireVersion) -> list[Fault]:
    """What to think about before a draft is published, its scoring schemes included (``schemes.code``)."""
    tree = questionnaire_of(version)
    found = rules.publish_warnings(tree)
    for code in vanished_codes(version):
        words = (
            f"已发布的题目“{code}”不见了,请说明它改名、拆分还是取消。",
            f"The published question “{code}” is gone: please say whether it was renamed, split or dropped.",
        )
        found.append((f"mapping.{code}", Label(*words)))
    for scheme in version.questionnaire.schemes.all():
        read = scheme_of(scheme.versions.order_by("-number")[0])
        told = [*rules.scheme_problems(read, tree), *rules.scheme_warnings(read, tree)]
        found += [(f"schemes.{scheme.code}", what) for _, what in told]
    return found


def published_versions(questionnaire: QuestionnaireRow) -> QuerySet[QuestionnaireVersion]:
    """The frozen versions, newest first."""
    return questionnaire.versions.exclude(published_at=None).order_by("-number")


def standing_draws(round: Round) -> QuerySet[Draw]:
    """The draws of a round that were not undone."""
    return round.draws.filter(undone_at=None).order_by("at")
