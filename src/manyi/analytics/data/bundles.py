"""Fewer passes for many small joint histograms: several sets of variables are counted as one joint set.

The histogram of a set is a sum over the cells of any larger set. Twelve items by five segments are sixty
sets; two items with three segments in one bundle answer six of them, and their cells still fit a dense array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Set = tuple[str, ...]


def bundled(sets: Sequence[Set], bits: Mapping[str, float], most: float) -> list[Set]:
    """Joint sets, each of at most ``most`` bits of cells, such that every given set lies in one of them.

    ``bits`` says how many bits the values of a variable take. Greedy: a bundle grows by the variable that
    brings most sets for its bits. A set that is too large by itself stays alone.
    """
    left = list(dict.fromkeys(tuple(sorted(set(each))) for each in sets))
    left.sort(key=len, reverse=True)
    made: list[Set] = []
    while left:
        bundle = _grown(left, bits, most)
        made.append(tuple(sorted(bundle)))
        left = [each for each in left if not bundle.issuperset(each)]
    return made


def _grown(left: Sequence[Set], bits: Mapping[str, float], most: float) -> set[str]:
    """A bundle that starts with the first set."""
    bundle = set(left[0])
    while True:
        room = most - sum(bits[name] for name in bundle)
        gains: dict[str, int] = {}
        for each in left:
            lacking = set(each) - bundle
            if len(lacking) == 1:
                (name,) = lacking
                gains[name] = gains.get(name, 0) + 1
        fitting = [name for name in gains if bits[name] <= room]
        if not fitting:
            return bundle
        bundle.add(max(fitting, key=lambda name: (gains[name] / bits[name], name)))
