"""The variance of linearised statistics under a design: between clusters of each stratum, stage by stage.

Each stage adds (product of earlier sampling fractions) × (1 - n/N) × n/(n - 1) × the squares of cluster
totals about their stratum mean (Särndal, Swensson and Wretman 1992, 4.3.1; Lumley 2010, 2.2 and 3.2).
"""

from __future__ import annotations

import numpy as np

from manyi.measures.categories import Codes
from manyi.measures.columns import Floats
from manyi.measures.design.sample import Lonely, Stage, SurveyDesign
from manyi.measures.errors import NotComputable

#: A stratum of which less than this is left out is a census: it has no sampling error.
_CENSUS = 1e-7


def covariance(design: SurveyDesign, influence: Floats, rows: Codes | slice = slice(None)) -> Floats:
    """The covariance matrix (p × p) of the sums of weighted influences (m × p) of these rows.

    The other rows count as nought (estimation for a domain, not of a subset: their clusters stay in the
    design). Raises NotComputable ``lonely_psu`` as the design wants it.
    """
    values = influence if influence.ndim == 2 else influence[:, None]
    if design.projections:
        whole = np.zeros((len(design), values.shape[1]))
        whole[rows] = values
        for project in design.projections:
            whole = project(whole)
        values, rows = whole, slice(None)
    total = np.zeros((values.shape[1], values.shape[1]))
    for number, stage in enumerate(design.stages, start=1):
        if not stage.carried.any():
            break
        total += _between(stage, cluster_totals(stage, values, rows), design.lonely, number)
    return total


def cluster_totals(stage: Stage, values: Floats, rows: Codes | slice = slice(None)) -> Floats:
    """The sums (clusters × p) of values (m × p) of these rows by cluster of the stage."""
    cluster, count = stage.cluster[rows], len(stage.stratum)
    return np.stack([np.bincount(cluster, column, minlength=count) for column in values.T], axis=1)


def _between(stage: Stage, totals: Floats, lonely: Lonely, number: int) -> Floats:
    left_out = 1 - stage.sampled / stage.population
    census = left_out < _CENSUS
    alone = (stage.sampled == 1) & ~census
    scale = stage.carried * left_out * stage.sampled / np.maximum(stage.sampled - 1, 1)
    scale[census] = 0
    if alone.any() and lonely == "fail":
        raise NotComputable("lonely_psu", stage=number, stratum=stage.names[int(np.argmax(alone))])
    if alone.any() and lonely == "average":
        scale *= _raised_for(alone, stage, number)
    means = cluster_means(stage, totals)
    if lonely == "adjust":
        means[alone] = 0
    centred = totals - means[stage.stratum]
    return np.asarray((centred * scale[stage.stratum][:, None]).T @ centred)


def cluster_means(stage: Stage, totals: Floats) -> Floats:
    """The mean (strata × p) of cluster totals by stratum."""
    count = len(stage.sampled)
    sums = [np.bincount(stage.stratum, column, minlength=count) for column in totals.T]
    return np.stack(sums, axis=1) / stage.sampled[:, None]


def _raised_for(alone: np.ndarray, stage: Stage, number: int) -> Floats:
    """By stratum: all strata over those with an estimate, within the cluster of the stage before."""
    every = np.bincount(stage.parent)
    fine = np.bincount(stage.parent, ~alone)
    if np.any((fine == 0) & (every > 0)):
        raise NotComputable("lonely_psu", stage=number, stratum=stage.names[int(np.argmax(alone))])
    return np.where(alone, 0.0, (every / np.maximum(fine, 1))[stage.parent])
