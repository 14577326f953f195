"""What of a comparison may be shown: no group below the minimum, none that subtraction would give."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

G = TypeVar("G", bound=Hashable)


def hidden_groups(sizes: Mapping[G, int], minimum: int) -> frozenset[G]:
    """The groups of a whole that must not be shown.

    A group below ``minimum`` is hidden. As the whole is known, the hidden groups together must themselves
    reach the minimum, or their sum could be had by subtracting the shown ones: the next smallest group is
    hidden with them (secondary suppression). Empty groups hide nobody.
    """
    filled = {group: size for group, size in sizes.items() if size > 0}
    hidden = {group for group, size in filled.items() if size < minimum}
    by_size = sorted((group for group in filled if group not in hidden), key=lambda group: filled[group])
    while hidden and by_size and sum(filled[group] for group in hidden) < minimum:
        hidden.add(by_size.pop(0))
    return frozenset(hidden)


def separable(inside: int, outside: int, minimum: int) -> bool:
    """Whether a part and what is left of its whole are both empty or large enough to be shown."""
    return inside >= minimum and (outside == 0 or outside >= minimum)


def step_below(base: str, path: str) -> str:
    """The path one level below ``base`` on the way to ``path``; ``path`` itself when it is not below."""
    if not path.startswith(base) or path == base:
        return path
    return base + path[len(base) :].split("/")[0] + "/"
