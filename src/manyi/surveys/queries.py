"""Readers: parsed versions, and what a round, a programme or an editor shows."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from django.db.models import QuerySet

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


def draft_warnings(version: QuestionnaireVersion) -> list[Fault]:
    """What to think about before a draft is published, its scoring schemes included (``schemes.code``)."""
    tree = questionnaire_of(version)
    found = rules.publish_warnings(tree)
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
