"""What changed from one set of rows to another under a design, and whether it helped."""

from __future__ import annotations

import numpy.typing as npt

from manyi.measures.design.comparisons import difference
from manyi.measures.design.estimates import Estimate, Flags
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.effects import DifferenceTest, certain
from manyi.measures.errors import NotComputable


def change(
    design: SurveyDesign,
    values: npt.ArrayLike,
    figures: tuple[Estimate | None, Estimate | None],
    rows: tuple[Flags, Flags],
    *,
    column: str = "",
    confidence: float = 0.95,
) -> tuple[DifferenceTest, float]:
    """The difference of two ``figures`` over two sets of ``rows`` that share none, with degrees of freedom.

    A t test of the difference of two means, of 0 and 1 for shares; where the sets lie in the same clusters
    their errors are correlated as they are. Without a figure there is no difference, below two rows no test.
    """
    before, after = figures
    if before is None or after is None:
        return DifferenceTest(None, None, None, None, None, "design_t"), 0.0
    gap = after.value - before.value
    try:
        found = difference(design, values, *rows, column=column, confidence=confidence)
    except NotComputable as problem:
        if problem.code == "constant":
            return certain(gap, "design_t"), 0.0
        if problem.code == "too_few":
            return DifferenceTest(gap, None, None, None, None, "design_t"), 0.0
        raise
    return DifferenceTest(found.difference, found.low, found.high, found.t, found.p, "design_t"), found.df
