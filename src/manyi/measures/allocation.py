"""How many of a sample each stratum gets: proportional, equal, or by Neyman's optimum.

Formulas: Cochran, Sampling Techniques, 3rd edition, 5.5 (optimum), 5.8 (more than a stratum holds) and 5.9.
Every stratum that has members gets at least one: a stratum without any would be missing from the
weighted total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from manyi.measures.sampling import margin_of
from manyi.measures.scales import Number, exact

_Edges = tuple[dict[str, int], dict[str, int]]  # least and most of each stratum


def proportional(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """Whole sample sizes in proportion to the members of each stratum: n N_h / N."""
    return shared_out(sizes, size, {stratum: Fraction(members) for stratum, members in sizes.items()})


def equal(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """The same for each stratum; what a small one cannot give goes to the others."""
    return shared_out(sizes, size, dict.fromkeys(sizes, Fraction(1)))


def neyman(sizes: Mapping[str, int], size: int, deviations: Mapping[str, Number]) -> dict[str, int]:
    """The allocation with the smallest variance of the mean: n N_h S_h / Σ N_h S_h.

    ``deviations``: the standard deviation S_h of every stratum that has members. Raises ValueError for one
    that is missing or negative, and when all of them are nought.
    """
    return shared_out(sizes, size, optimal_shares(sizes, deviations))


def cost_optimal(
    sizes: Mapping[str, int],
    size: int,
    deviations: Mapping[str, Number],
    costs: Mapping[str, Number],
) -> dict[str, int]:
    """The allocation with the smallest variance for its money: in proportion to N_h S_h / √c_h.

    ``costs``: what one answer of the stratum costs, above nought. Raises ValueError as ``neyman`` does.
    """
    return shared_out(sizes, size, optimal_shares(sizes, deviations, costs))


def optimal_shares(
    sizes: Mapping[str, int], deviations: Mapping[str, Number], costs: Mapping[str, Number] | None = None
) -> dict[str, Fraction]:
    """The part (0 to 1) of an optimal sample that each stratum gets, before whole numbers and bounds."""
    lacking = [stratum for stratum, members in sizes.items() if members and stratum not in deviations]
    if lacking:
        raise ValueError(f"no standard deviation for {lacking[0]!r}")
    spread = {stratum: members * exact(deviations.get(stratum, 0)) for stratum, members in sizes.items()}
    if min(spread.values(), default=Fraction()) < 0 or not any(spread.values()):
        raise ValueError("standard deviations are not negative, and at least one is above nought")
    if costs is not None:
        if any(members and not exact(costs.get(stratum, 0)) > 0 for stratum, members in sizes.items()):
            raise ValueError("every stratum needs a cost above nought")
        spread = {
            stratum: part / exact(math.sqrt(exact(costs[stratum]))) if part else part
            for stratum, part in spread.items()
        }
    return _proportion(spread, 1)


def variance_of_mean(
    sizes: Mapping[str, int], deviations: Mapping[str, Number], sample: Mapping[str, Number]
) -> float:
    """The variance of a stratified mean: Σ (N_h/N)² S_h²/n_h (1 - n_h/N_h); Cochran 5.6.

    Raises ValueError for a stratum with members of which nobody is drawn.
    """
    whole, total = sum(sizes.values()), 0.0
    for stratum, members in sizes.items():
        drawn = exact(sample.get(stratum, 0))
        if members and not 0 < drawn <= members:
            raise ValueError(f"stratum {stratum!r} needs between 1 and {members} drawn")
        if members:
            part = Fraction(members, whole) ** 2 * exact(deviations[stratum]) ** 2
            total += float(part / drawn * (1 - drawn / members))
    return total


def shared_out(sizes: Mapping[str, int], size: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers in proportion to ``shares`` that sum to ``size``; from 1 to what each stratum has.

    What goes beyond a bound is set to it and the rest is shared out again (Cochran 5.8); fractions go by
    largest remainder, equal ones to the larger stratum, then in order of name. Raises ValueError when
    ``size`` is below the number of strata with members or above all members.
    """
    least = {stratum: min(members, 1) for stratum, members in sizes.items()}
    if min(sizes.values(), default=0) < 0 or not sum(least.values()) <= size <= sum(sizes.values()):
        raise ValueError(f"a sample of {size} cannot be shared out over {sum(least.values())} strata")
    wanted = _within(shares, size, (least, dict(sizes)))
    whole = {stratum: math.floor(part) for stratum, part in wanted.items()}
    by_remainder = sorted(sizes, key=lambda name: (whole[name] - wanted[name], -sizes[name], name))
    for stratum in by_remainder[: size - sum(whole.values())]:
        whole[stratum] += 1
    return whole


def _within(shares: Mapping[str, Fraction], size: int, edges: _Edges) -> dict[str, Fraction]:
    """Exact parts of ``size`` in proportion to ``shares``, each within its edges."""
    least, most = edges
    settled: dict[str, Fraction] = {}
    open_ones = set(shares)
    while open_ones:
        rest = size - sum(settled.values(), Fraction())
        parts = _proportion({name: shares[name] for name in open_ones}, rest)
        low = {name for name in open_ones if parts[name] < least[name]}
        high = {name for name in open_ones if parts[name] > most[name]}
        if not low and not high:
            return {name: (settled | parts)[name] for name in shares}
        # The side that misses by more decides: only its bounds are certain to hold in the end.
        lacking = sum((least[name] - parts[name] for name in low), Fraction())
        beyond = sum((parts[name] - most[name] for name in high), Fraction())
        fixed, edge = (high, most) if beyond >= lacking else (low, least)
        settled |= {name: Fraction(edge[name]) for name in fixed}
        open_ones -= fixed
    return {name: settled[name] for name in shares}


def _proportion(shares: Mapping[str, Fraction], whole: Fraction | int) -> dict[str, Fraction]:
    total = sum(shares.values())
    if not total:
        return {name: Fraction(whole, len(shares)) for name in shares}
    return {name: whole * share / total for name, share in shares.items()}


def stratum_margins(
    sizes: Mapping[str, int],
    answers: Mapping[str, int],
    *,
    share: float = 0.5,
    confidence: float = 0.95,
) -> dict[str, float | None]:
    """The ± margin of a share within each stratum from so many answers; None where there are none."""
    return {
        stratum: margin_of(min(count, sizes[stratum]), sizes[stratum], share=share, confidence=confidence)
        if (count := answers.get(stratum, 0)) and sizes[stratum]
        else None
        for stratum in sizes
    }
