"""Which questions of a round are measured, with which points, and which of them carry the indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from manyi.analytics.codebook import Codebook, Field
from manyi.measures.indicators import Distribution, MeanSums, NpsSums, ShareSums
from manyi.measures.scoring import Scheme
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Questionnaire


@dataclass(frozen=True, slots=True)
class Item:
    """One measured question: points by answer code, codes that count as satisfied, target in points."""

    field: Field
    points: Mapping[str, Fraction]
    satisfied: frozenset[str]
    target: Fraction | None = None

    @property
    def code(self) -> str:
        """Its name in the questionnaire."""
        return self.field.name

    def highest_low_answer(self) -> int | None:
        """The highest answer below the target (without one: not satisfied).

        None unless answers are numbers whose points rise with them.
        """
        if not all(map(is_number, self.points)):
            return None
        rising = sorted(self.points, key=int)
        if rising != sorted(rising, key=lambda code: self.points[code]):
            return None
        goal = self.target
        low = [c for c in rising if (c not in self.satisfied if goal is None else self.points[c] < goal)]
        return int(low[-1]) if low else None

    def mean(self, answers: Distribution) -> MeanSums:
        """The sums of the points behind the answers."""
        return answers.means(self.points)

    def satisfied_share(self, answers: Distribution) -> ShareSums:
        """Satisfied answers among those that have points: “not applicable” is no answer here."""
        valid = sum(count for code, count in answers.counts.items() if code in self.points)
        hits = sum(count for code, count in answers.counts.items() if code in self.satisfied)
        return ShareSums(answers.n, valid, hits)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a round measures: its items, and the questions on overall satisfaction and recommendation."""

    items: tuple[Item, ...]
    overall: Item | None
    nps: Field | None


def measured(questionnaire: Questionnaire, scheme: Scheme | None, book: Codebook) -> Measured:
    """The items of the scheme; without a scheme every rating is one, and its steps are its points.

    An item without weight is no part of the score, but can say which overall answers count as satisfied.
    """
    target = scheme.targets.item_at_least if scheme else None
    scored = {item.question for item in scheme.items if item.weight} if scheme else None
    if scheme:
        items = [
            Item(book.fields[item.question], item.points, item.satisfied or _top_two(item.points), target)
            for item in scheme.items
            if item.question in book.fields
        ]
    else:
        items = [_plain(field) for field in book.fields.values() if _is_rating(questionnaire, field)]
    asked, recommended = questionnaire.with_role("overall"), questionnaire.with_role("nps")
    overall = book.fields.get(asked.code) if asked else None
    nps = book.fields.get(recommended.code) if recommended else None
    known = {item.code: item for item in items}
    asked_overall = known.get(overall.name, _plain(overall)) if overall else None
    return Measured(
        items=tuple(i for i in items if i.field is not nps and (scored is None or i.code in scored)),
        overall=asked_overall if asked_overall and asked_overall.satisfied else None,
        nps=nps,
    )


def nps_sums(answers: Distribution) -> NpsSums:
    """The recommendation sums behind the answers."""
    counts = {int(code): count for code, count in answers.counts.items() if code.isdigit()}
    return NpsSums.from_counts(counts, answers.n)


def _is_rating(questionnaire: Questionnaire, field: Field) -> bool:
    question = questionnaire.questions[field.name.partition(".")[0]]
    return "satisfied_share" in TYPES.get(question.type).measures


def _plain(field: Field) -> Item:
    points = {code: Fraction(code) for code in _numbers(field)}
    return Item(field, points, _top_two(points))


def _numbers(field: Field) -> list[str]:
    return [code for code, _ in field.codes if is_number(code)]


def is_number(code: str) -> bool:
    """Whether an answer code is a whole number."""
    return code.lstrip("-").isdigit()


def _top_two(points: Mapping[str, Fraction]) -> frozenset[str]:
    """The two best answers: what a scale says when a scheme does not."""
    return frozenset(sorted(points, key=lambda code: points[code])[-2:])
