"""The scores of satisfaction under a design: NPS, top boxes and satisfied share (CSAT), effort (CES)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from manyi.measures.columns import Floats, column_of
from manyi.measures.design.estimates import Estimate, Flags, mean, share
from manyi.measures.design.proportions import ShareMethod
from manyi.measures.design.sample import SurveyDesign
from manyi.measures.errors import NotComputable


def nps_points(answers: npt.ArrayLike, column: str = "") -> Floats:
    """+100 for 9 and 10, -100 for 0 to 6, else 0. Raises NotComputable for an answer outside 0 to 10."""
    found = _inside(answers, 0, 10, column)
    points = np.where(found >= 9, 100.0, np.where(found <= 6, -100.0, 0.0))
    return np.where(np.isnan(found), np.nan, points)


def nps(
    design: SurveyDesign,
    answers: npt.ArrayLike,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Estimate:
    """The Net Promoter Score (-100 to 100): the survey mean of +100, 0 and -100, cut at the ends.

    Its variance is that of the mean under the design; for simple random answers it has the n - 1 form.
    """
    points = nps_points(answers, column)
    found = mean(design, points, where=where, column=column, confidence=confidence)
    if found.low is None or found.high is None:
        return replace(found, method="nps_survey_mean")
    return replace(found, low=max(found.low, -100.0), high=min(found.high, 100.0), method="nps_survey_mean")


def top_box(
    design: SurveyDesign,
    answers: npt.ArrayLike,
    least: float,
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> Estimate:
    """The share (0 to 1) of answers of ``least`` or more: top box, top two boxes, or the satisfied (CSAT)."""
    found = column_of(answers, column)
    hits = np.where(np.isnan(found), np.nan, found >= least)
    return share(design, hits, where=where, column=column, confidence=confidence, method=method)


def effort(
    design: SurveyDesign,
    answers: npt.ArrayLike,
    scale: tuple[float, float] = (1, 7),
    *,
    where: Flags | None = None,
    column: str = "",
    confidence: float = 0.95,
) -> Estimate:
    """The Customer Effort Score: the mean ease on its scale (CES 2.0: 1 to 7, higher is easier)."""
    found = _inside(answers, *scale, column)
    plain = mean(design, found, where=where, column=column, confidence=confidence)
    return replace(plain, method="ces_mean")


def _inside(answers: npt.ArrayLike, least: float, most: float, column: str) -> Floats:
    found = column_of(answers, column)
    wild = np.flatnonzero((found < least) | (found > most))
    if len(wild):
        raise NotComputable(
            "out_of_range",
            column=column,
            row=int(wild[0]),
            value=f"{found[wild[0]]:g}",
            least=least,
            most=most,
        )
    return found
