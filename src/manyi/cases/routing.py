"""Who gets a case: the first rule that fits it, and in the pool of the rule the one with the least to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """What the rules look at in a case. ``categories`` is its category and all above it, by id."""

    unit_path: str
    kind: str
    severity: str
    categories: frozenset[int] = frozenset()
    about_person: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: for a unit and all below it, and what it asks of a case; what is left empty fits all."""

    id: int
    unit_path: str
    order: int
    category: int | None = None
    kind: str = ""
    severity: str = ""

    def fits(self, matter: Matter) -> bool:
        """Whether the rule holds for the case."""
        return (
            matter.unit_path.startswith(self.unit_path)
            and (self.category is None or self.category in matter.categories)
            and self.kind in ("", matter.kind)
            and self.severity in ("", matter.severity)
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody in a pool: how many open cases they have, and when they got one last (None: never)."""

    person: int
    open_cases: int
    last_got: datetime | None = None


def first_fitting(rules: Iterable[Rule], matter: Matter) -> Rule | None:
    """The rule that decides: of the nearest unit first, there the first in their order."""
    fitting = [rule for rule in rules if rule.fits(matter)]
    return min(fitting, key=lambda rule: (-len(rule.unit_path), rule.order, rule.id), default=None)


def least_busy(pool: Iterable[Hand], *, never: Collection[int | None]) -> Hand | None:
    """The one with the fewest open cases, at a tie who got one longest ago; nobody of ``never``."""
    free = [hand for hand in pool if hand.person not in never]
    return min(free, key=_load, default=None)


def _load(hand: Hand) -> tuple[int, bool, float, int]:
    got = hand.last_got
    return hand.open_cases, got is not None, got.timestamp() if got else 0.0, hand.person
