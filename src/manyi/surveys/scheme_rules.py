"""What a scoring scheme and its questionnaire must agree on, and the grades that nobody can reach."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from manyi.kernel.labels import Label
from manyi.measures.scales import grade_of, round_half_up
from manyi.measures.scoring import Scheme
from manyi.surveys.question_types import Fault, columns_of
from manyi.surveys.tree import Questionnaire

#: So many different sums of points are followed; beyond, only the lowest and the highest total decide.
MOST_SUMS = 5000


def scheme_problems(scheme: Scheme, questionnaire: Questionnaire) -> list[Fault]:
    """Items, codes and questions of a scheme that its questionnaire does not have."""
    columns = {column.name: column for column in columns_of(questionnaire) if column.kind == "code"}
    faults: list[Fault] = []
    for number, item in enumerate(scheme.items):
        here = f"items[{number}]"
        for name, question in (("question", item.question), ("expectation", item.expectation)):
            if question and question not in columns:
                words = (
                    f"问卷中没有可计分的题目“{question}”。",
                    f"There is no scorable question “{question}”.",
                )
                faults.append((f"{here}.{name}", Label(*words)))
        if item.question in columns:
            offered = {code for code, _ in columns[item.question].codes}
            for code in sorted(item.points.keys() - offered):
                words = f"“{item.question}”没有选项“{code}”。", f"“{item.question}” has no option “{code}”."
                faults.append((f"{here}.points.{code}", Label(*words)))
    asked = scheme.case_trigger.nps_question
    if asked and asked not in columns:
        words = f"问卷中没有题目“{asked}”。", f"There is no question “{asked}”."
        faults.append(("case_trigger.nps_question", Label(*words)))
    return faults


def scheme_warnings(scheme: Scheme, questionnaire: Questionnaire) -> list[Fault]:
    """The grades of a scheme that no whole answer sheet of the questionnaire can reach."""
    totals, exact = _totals(scheme, questionnaire)
    if not totals:
        return []
    low, high = f"{float(min(totals)):g}", f"{float(max(totals)):g}"
    return [
        (
            f"bands.{grade}",
            Label(
                f"全部题目作答时总分在 {low} 到 {high} 之间,等级“{grade}”永远达不到。",
                f"With every item answered totals lie between {low} and {high}: no one can reach “{grade}”.",
            ),
        )
        for grade in _unreached(scheme, totals, exact)
    ]


def _unreached(scheme: Scheme, totals: set[Fraction], exact: bool) -> Iterator[str]:
    reached = {band.grade for total in totals if (band := grade_of(scheme.bands, total))}
    low, high = min(totals), max(totals)
    edges = sorted(scheme.bands, key=lambda band: band.at_least)
    for band, above in zip(edges, [*edges[1:], None], strict=True):
        between = band.at_least <= high and (above is None or above.at_least > low)
        if band.grade not in reached and (exact or not between):
            yield band.grade


def _totals(scheme: Scheme, questionnaire: Questionnaire) -> tuple[set[Fraction], bool]:
    """The totals that whole answer sheets can have, and whether these are all: of many, only the extremes.

    Only points of codes that the questionnaire offers count.
    """
    offered = {c.name: {code for code, _ in c.codes} for c in columns_of(questionnaire) if c.kind == "code"}
    sums, weight, exact = {Fraction()}, Fraction(), True
    for item in scheme.items:
        points = {item.points[code] for code in offered.get(item.question, set()) & item.points.keys()}
        if not points:
            continue
        weight += item.weight
        sums = {total + item.weight * each for total in sums for each in points}
        if len(sums) > MOST_SUMS:
            sums, exact = {min(sums), max(sums)}, False
    if not weight:
        return set(), False
    totals, places = {total / weight for total in sums}, scheme.round_to
    return {total if places is None else round_half_up(total, places) for total in totals}, exact
