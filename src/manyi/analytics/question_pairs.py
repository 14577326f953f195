"""Questions of a round that belong together: expected and found (SERVQUAL), with and without (Kano)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from manyi.analytics.codebook import Codebook, Field
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.items import is_number
from manyi.analytics.reading import reading
from manyi.kernel.labels import Label
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.tree import Question, Questionnaire

#: How the two columns of a feature are called, or how the codes of its two questions end.
WITH = ("with", "functional", "present")
WITHOUT = ("without", "dysfunctional", "absent")
#: What an expectation is called in a code or a title.
EXPECTED = ("expect", "期望", "预期", "importance", "重要")
LIKES = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two variables that are one: of a gap expected and found, of a feature with and without it."""

    name: str
    title: Label
    first: str
    second: str


def gap_pairs(round: Round) -> tuple[Pair, ...]:
    """The rows of every matrix of two scales, expected before found."""
    asked, book = _asked(round)
    return tuple(
        pair for question in _duals(asked) if not _is_kano(question) for pair in _gaps(question, book)
    )


def kano_pairs(round: Round) -> tuple[Pair, ...]:
    """The features of a round: rows of a matrix of two scales “with” and “without”, or pairs of questions
    whose codes end so. Both are answered from 1 (like) to 5 (dislike)."""
    asked, book = _asked(round)
    rows = [
        pair
        for question in _duals(asked)
        if _is_kano(question)
        for pair in _rows(question, _by_name(question, WITH), _by_name(question, WITHOUT))
    ]
    return tuple(pair for pair in (*rows, *_twins(asked)) if _likes(book, pair))


def _asked(round: Round) -> tuple[Questionnaire, Codebook]:
    brought_up_to_date(round)
    with reading(round, ("/",)) as open_round:
        return questionnaire_of(round.questionnaire), open_round.book


def _duals(asked: Questionnaire) -> list[Question]:
    return [q for q in asked.questions.values() if q.type == "matrix_dual" and len(q.columns) == 2]


def _is_kano(question: Question) -> bool:
    return bool(_by_name(question, WITH) and _by_name(question, WITHOUT))


def _by_name(question: Question, names: Sequence[str]) -> str:
    return next((column.code for column in question.columns if column.code in names), "")


def _gaps(question: Question, book: Codebook) -> Iterator[Pair]:
    """Both scales are numbers; without a word that says which is expected, it is the first."""
    first, second = question.columns
    if _expected(second) and not _expected(first):
        first, second = second, first
    for pair in _rows(question, first.code, second.code):
        if all(_codes(book.fields.get(name)) for name in (pair.first, pair.second)):
            yield pair


def _expected(column: Question) -> bool:
    words = f"{column.code} {column.title.text('zh')} {column.title.text('en')}".lower()
    return any(word in words for word in EXPECTED)


def _rows(question: Question, first: str, second: str) -> Iterator[Pair]:
    for row in question.rows:
        place = f"{question.code}.{row.code}"
        yield Pair(place, _label(row), f"{place}.{first}", f"{place}.{second}")


def _twins(asked: Questionnaire) -> Iterator[Pair]:
    """Questions “park_with” and “park_without”."""
    known: Mapping[str, Question] = asked.questions
    for code, question in known.items():
        stem, _, end = code.rpartition("_")
        if stem and end in WITH:
            other = f"{stem}_{WITHOUT[WITH.index(end)]}"
            if other in known:
                yield Pair(stem, _label(question), code, other)


def _label(titled: object) -> Label:
    title = titled.title  # type: ignore[attr-defined]  # a row or a question
    return Label(title.text("zh"), title.text("en"))


def _codes(field: Field | None) -> list[str]:
    """The codes of a variable, where all of them are numbers."""
    codes = [code for code, _ in field.codes] if field else []
    return codes if codes and all(map(is_number, codes)) else []


def _likes(book: Codebook, pair: Pair) -> bool:
    return all(sorted(_codes(book.fields.get(name))) == list(LIKES) for name in (pair.first, pair.second))
