"""SurveyJS: a survey definition as JSON, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.codecs import CODECS, Codec, Document, Loss, Source, Unreadable
from manyi.surveys.codecs.beside import BESIDE, questions_beside, report_beside, survey_beside
from manyi.surveys.codecs.surveyjs.reading import Reader
from manyi.surveys.codecs.surveyjs.writing import write_survey
from manyi.surveys.tree import Questionnaire, Text

#: What may stand beside an element without changing what is asked.
_QUIET = ("role", "config", "options", "order", "rows", "columns", "type")


@CODECS.register
class SurveyJS(Codec):
    """The JSON of SurveyJS; what it cannot say stands in it under ``manyi``, which SurveyJS ignores."""

    id = "surveyjs"
    label = Label("SurveyJS 问卷(JSON)", "SurveyJS survey (JSON)")
    extensions = ("json",)

    def read(self, source: Source) -> Document:
        """The survey; raises Unreadable for a text that is no JSON or no survey."""
        survey = _json(source.text())
        if not isinstance(survey, dict) or not survey.keys() & {"pages", "elements", "questions"}:
            raise Unreadable(
                Label("这不是 SurveyJS 问卷:没有 pages。", "No SurveyJS survey: it has no pages.")
            )
        document = Document(Questionnaire("survey", Text()))
        document.questionnaire = Reader(survey, document).questionnaire()
        return document

    def write(self, document: Document, path: Path) -> list[Loss]:
        """The survey as JSON; reading it gives the same tree."""
        tree, losses = document.questionnaire, Document(document.questionnaire)
        path.write_text(
            json.dumps(to_surveyjs(tree, losses), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        return losses.losses


def to_surveyjs(tree: Questionnaire, losses: Document) -> dict[str, Any]:
    """The survey with what the format cannot say beside its elements."""
    survey = write_survey(tree)
    stranger = Document(tree)
    found = Reader(survey, stranger).questionnaire()
    changes = questions_beside(tree, found)
    for page in survey["pages"]:
        for element in page["elements"]:
            if element["name"] in changes:
                element[BESIDE] = changes[element["name"]]
    if frame := survey_beside(tree, found):
        survey[BESIDE] = frame
    report_beside(losses, changes, _QUIET)
    return survey


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Unreadable(Label("JSON 嵌套过深。", "The JSON is nested too deeply.")) from error
    except ValueError as error:
        words = f"JSON 格式有误:{error}。", f"This is not valid JSON: {error}."
        raise Unreadable(Label(*words)) from error
