"""The exact interval of a share in a finite population: of so many in all, how many are hits?

From a simple random sample without replacement of ``n`` out of ``N``, the number of hits is hypergeometric.
The interval holds every possible number of hits in the population that neither tail rejects, as Clopper and
Pearson do for the binomial: Buonaccorsi 1987, The American Statistician 41, 215-218.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from manyi.measures.distributions import z_for
from manyi.measures.figure import Interval

_UNSEEN = 1e-18


def hypergeometric(hits: int, n: int, population: int, confidence: float = 0.95) -> Interval | None:
    """The interval of the share of hits among ``population``, never too narrow; None for an empty sample.

    With the whole population in the sample it has no width. Raises ValueError for impossible counts.
    """
    z_for(confidence)  # refuses an impossible level
    if not 0 <= hits <= n <= population:
        raise ValueError(f"impossible counts: {hits} of {n} of {population}")
    if not n:
        return None
    tail = (1 - confidence) / 2
    least, most = hits, population - (n - hits)
    low = _first(least, most, lambda held: _at_least(hits, n, held, population) > tail)
    high = _first(low, most + 1, lambda held: held > most or _at_most(hits, n, held, population) <= tail) - 1
    return Interval(low / population, max(low, high) / population)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number from ``low`` to ``high`` at which something holds that goes on to hold."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(hits: int, n: int, held: int, population: int) -> float:
    return _between(hits, min(n, held), n, held, population)


def _at_most(hits: int, n: int, held: int, population: int) -> float:
    return _between(max(0, n - (population - held)), hits, n, held, population)


def _between(first: int, last: int, n: int, held: int, population: int) -> float:
    """The chance of ``first`` to ``last`` hits, C(K, k) C(N - K, n - k) / C(N, n) each, from the likeliest of
    them outwards: each is the one before times a ratio, until what follows cannot be seen any more."""
    if first > last:
        return 0.0
    peak = min(max((n + 1) * (held + 1) // (population + 2), first), last)
    rest = population - held - n
    start = math.exp(
        _log_choose(held, peak) + _log_choose(population - held, n - peak) - _log_choose(population, n)
    )
    total = part = start
    for k in range(peak, last):
        part *= (held - k) * (n - k) / ((k + 1) * (rest + k + 1))
        total += part
        if part < start * _UNSEEN:
            break
    part = start
    for k in range(peak, first, -1):
        part *= k * (rest + k) / ((held - k + 1) * (n - k + 1))
        total += part
        if part < start * _UNSEEN:
            break
    return total


def _log_choose(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
