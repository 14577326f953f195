"""What may be published all the same, but should be thought about first."""

from __future__ import annotations

from collections.abc import Iterator

from manyi.kernel.labels import Label
from manyi.surveys.draft_rules import draft_problems
from manyi.surveys.piped_texts import piped_from_hidden
from manyi.surveys.question_types import TYPES, Fault
from manyi.surveys.tree import Question, Questionnaire

#: Looks that say by themselves which end is which.
_SPEAKING = frozenset({"stars", "faces"})


def publish_warnings(questionnaire: Questionnaire) -> list[Fault]:
    """Scales without words at their ends, and texts that pipe answers which may not be there."""
    if draft_problems(questionnaire):
        return []
    return [*_unlabelled(questionnaire), *piped_from_hidden(questionnaire)]


def _unlabelled(questionnaire: Questionnaire) -> Iterator[Fault]:
    for question in questionnaire.questions.values():
        for path, each in _scaled(question):
            if _mute(each):
                words = (
                    "量表两端没有文字,答题人不知道哪一端表示好。",
                    "The ends of this scale have no words: respondents cannot tell which end is good.",
                )
                yield f"{path}.options", Label(*words)


def _scaled(question: Question) -> Iterator[tuple[str, Question]]:
    """The question itself, or the questions in its columns."""
    if question.columns:
        for column in question.columns:
            yield f"{question.code}.columns.{column.code}", column
    else:
        yield question.code, question


def _mute(question: Question) -> bool:
    """Whether a scale of the question has an end that only says its number."""
    scales = [part for part in TYPES.get(question.type).parts(question) if part.kind == "scale"]
    return any(
        end.title.text("zh") in {"", end.code}
        for part in scales
        if part.look not in _SPEAKING and part.options
        for end in (part.options[0], part.options[-1])
    )
