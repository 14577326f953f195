"""Answers piped into texts: from questions that come later, or that some respondents never see."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.kernel.labels import Label
from manyi.measures.expressions import Reference, Unary
from manyi.surveys.conditions import condition_of, parsed
from manyi.surveys.piping import places_in
from manyi.surveys.question_types import Fault
from manyi.surveys.reachability import can_hold
from manyi.surveys.tree import Questionnaire
from manyi.surveys.wordings import Wording, wordings


def piped_too_early(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Texts that pipe the answer of a question that is asked only later."""
    order = {code: number for number, code in enumerate(questionnaire.questions)}
    for wording, owner in _in_questions(questionnaire):
        for code in _piped(questionnaire, wording):
            if order[code] >= order[owner]:
                words = (
                    f"文字引用了“{code}”的答案,但这道题在后面才问。",
                    f"The text uses the answer to “{code}”, which is only asked later.",
                )
                yield wording.path, Label(*words)


def piped_from_hidden(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Texts that pipe the answer of a question which may be hidden when the text is shown."""
    for wording, owner in _in_questions(questionnaire):
        for code in _piped(questionnaire, wording):
            if _may_be_hidden(questionnaire, code, owner):
                words = (
                    f"文字引用了“{code}”的答案,但这道题可能没有显示,届时只显示“…”。",
                    f"The text uses the answer to “{code}”, which may be hidden; then it shows “…”.",
                )
                yield wording.path, Label(*words)


def _in_questions(questionnaire: Questionnaire) -> Iterator[tuple[Wording, str]]:
    """The texts of questions, each with the code of its question; messages are told as they stand."""
    for wording in wordings(questionnaire):
        owner = wording.path.partition(".")[0]
        if owner in questionnaire.questions and not wording.path.endswith(".message"):
            yield wording, owner


def _piped(questionnaire: Questionnaire, wording: Wording) -> list[str]:
    """The questions whose answers a text pipes, in any language."""
    said = (wording.text.within(language) for language in wording.text.languages)
    codes = (Reference(path).code for words in said for path in places_in(words))
    return [code for code in dict.fromkeys(codes) if code in questionnaire.questions]


def _may_be_hidden(questionnaire: Questionnaire, code: str, owner: str) -> bool:
    """Whether some answers show the owner of a text but hide what it pipes."""
    source = condition_of(questionnaire, code)
    if source is None:
        return False
    here = condition_of(questionnaire, owner)
    if _conditions(questionnaire, code) <= _conditions(questionnaire, owner):
        return False
    both = [Unary("not", source), *([here] if here is not None else [])]
    return can_hold(questionnaire, both) is not False


def _conditions(questionnaire: Questionnaire, code: str) -> set[object]:
    texts = (questionnaire.section_of[code].visible_if, questionnaire.questions[code].visible_if)
    return {parsed(text) for text in texts if text}
