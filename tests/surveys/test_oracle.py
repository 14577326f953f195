"""Whole questionnaires against survey-core: the same questions shown, required and computed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from manyi.surveys.codecs import CODECS, Document, Source, read
from manyi.surveys.codecs.answers import to_ours, to_theirs
from manyi.surveys.codecs.toml import questionnaire_from_toml
from manyi.surveys.conditions import order_of
from manyi.surveys.definition import Questionnaire
from manyi.surveys.evaluation import evaluate
from manyi.surveys.question_types import TYPES
from tests.survey_world import QUESTIONNAIRE
from tests.surveys.random_answers import random_answers

SHEETS = 500
#: Conditions on every kind of answer: choices, cells, totals, words, computed values, hidden questions.
CONDITIONS = Path(__file__).with_name("conditions.toml")
Oracle = Callable[[dict[str, Any]], dict[str, Any]]


def as_surveyjs(tree: Questionnaire, folder: Path) -> Document:
    """A questionnaire written for SurveyJS and read back: how its answers are called there."""
    path = folder / "survey.json"
    CODECS.get("surveyjs").write(Document(tree), path)
    document = read(Source.of(path))
    assert document.questionnaire == tree
    return document


def judged_alike(tree: Questionnaire, survey_core: Oracle, folder: Path) -> None:
    """500 random answer sets give the same visibility, required and computed values in both."""

    dice = random.Random(tree.code)
    document = as_surveyjs(tree, folder)
    sheets = [random_answers(tree, dice) for _ in range(SHEETS)]
    definition = json.loads((folder / "survey.json").read_text())
    order = list(order_of(tree))
    theirs = survey_core(
        {"surveys": [{"definition": definition, "order": order, "answers": _given(document, sheets)}]}
    )["surveys"][0]
    for sheet, their in zip(sheets, theirs, strict=True):
        ours = evaluate(tree, sheet, today=date.today())  # noqa: DTZ011 - survey-core's day
        unseen = {
            code for code, question in tree.questions.items() if TYPES.get(question.type).silent(question)
        }
        assert ours.visible - unseen == set(their["visible"]) - unseen, sheet
        assert ours.required == set(their["required"]), sheet
        for code, value in their["values"].items():
            assert same(ours.accepted.get(code), value), (code, sheet)


def _given(document: Document, sheets: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    given = [to_theirs(document, sheet) for sheet in sheets]
    for there, sheet in zip(given, sheets, strict=True):
        assert to_ours(document, there) == sheet
    return given


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs, abs=0.01))
    return bool(ours == theirs) or (ours is None and theirs in (None, ""))


def test_the_dealership_questionnaire_is_judged_alike(survey_core: Oracle, tmp_path: Path) -> None:
    judged_alike(questionnaire_from_toml(QUESTIONNAIRE), survey_core, tmp_path)


def test_every_kind_of_condition_is_judged_alike(survey_core: Oracle, tmp_path: Path) -> None:
    judged_alike(questionnaire_from_toml(CONDITIONS.read_text()), survey_core, tmp_path)
