"""Reference results by leaf: every number is claimed by a computed value, and one left over fails.

A module reads a case with ``ReferenceCase.read``, claims with computed trees, and ends with ``finish``,
which names what nobody claimed. ``OWNERS`` says which module claims which keys, so that two modules can
share a case and a test sees that no key is without an owner.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Place = tuple[str | int, ...]

#: Case folder → module → the keys below ``results`` (or, with a star, beside it) that it claims wholly.
OWNERS: dict[str, dict[str, tuple[str, ...]]] = {
    "01_stratified_api": {
        "test_reference_cases": (
            "*results",
            "*results_no_fpc",
            "*poststratify_stype",
            "*rake_stype_schwide",
            "*calibrate_linear_stype_api99",
        ),
    },
    "02_airline_satisfaction": {
        "test_reference_cases": (
            "nps_total",
            "nps_by_class",
            "nps_by_status",
            "nps_diff_Gold_Blue",
            "top2box_overall_sat_6_7",
            "top2box_by_status",
            "csi_expectation_weighted",
            "servqual_gap",
            "crosstab_sat3_by_status",
            "crosstab_sat3_by_country",
            "anova_overall_by_status",
        ),
        "test_reference_relations": ("key_driver", "ipa", "ordinal_logit_polr", "spearman_s1_overall"),
    },
    "03_bfi_reliability_efa": {"test_reference_relations": ("*results",)},
    "04_swiss_relimp": {"test_reference_relations": ("*results",)},
    "05_waves_trend": {"test_reference_relations": ("*results",)},
    "06_sample_design": {"test_reference_cases": ("*results",)},
    "07_pls_ecsi_bank": {"test_reference_relations": ("*results",)},
    "08_kano": {"test_reference_relations": ("*results",)},
}
#: Beside results: what describes a case or is its input.
NO_RESULT = ("meta", "input")


class ReferenceCase:
    """The leaves that one module owns of one ``expected.json``, and which of them are claimed."""

    def __init__(self, tree: Mapping[str, Any], owned: Sequence[str]) -> None:
        self.tree = tree
        roots = [(key[1:],) if key.startswith("*") else ("results", key) for key in owned]
        self.open: set[Place] = {leaf for root in roots for leaf in leaves(self.at(*root), root)}

    @classmethod
    def read(cls, statistics: Path, folder: str, module: str) -> ReferenceCase:
        """The part of the case in ``folder`` that ``module`` owns."""
        return cls(read_case(statistics, folder), OWNERS[folder][module])

    def at(self, *place: str | int) -> Any:
        """The expected subtree at a place: only for input and labels, it claims nothing."""
        found: Any = self.tree
        for step in place:
            found = found[step]
        return found

    def claim(self, value: Any, *place: str | int, rel: float = 1e-6, zero: float = 1e-9) -> None:
        """Compare a computed value (a number, text, or a tree of them) with the leaves at a place.

        ``rel`` is the relative tolerance; ``zero`` the absolute one for an expected nought. What the case
        does not know, a different kind or a difference fails; what the tree lacks stays unclaimed.
        """
        if isinstance(value, Mapping):
            for key, part in value.items():
                self.claim(part, *place, key, rel=rel, zero=zero)
            return
        if not isinstance(value, str) and hasattr(value, "__len__"):
            assert len(value) == len(self.at(*place)), f"{place}: {len(value)} values"
            for number, part in enumerate(value):
                self.claim(part, *place, number, rel=rel, zero=zero)
            return
        expected = self.at(*place)
        assert same(value, expected, rel, zero), f"{place}: {value!r} is not {expected!r}"
        self.open.discard(place)

    def given(self, *place: str | int) -> Any:
        """The input or description at a place, whose leaves ask for no computed value."""
        for leaf in leaves(self.at(*place), place):
            self.open.discard(leaf)
        return self.at(*place)

    def finish(self) -> None:
        """Fail with the name of every leaf that no computed value has claimed."""
        left = sorted(" / ".join(str(step) for step in leaf) for leaf in self.open)
        assert not left, f"{len(left)} reference results were not computed: {left}"


def read_case(statistics: Path, folder: str) -> dict[str, Any]:
    """The whole ``expected.json`` of a case."""
    found: dict[str, Any] = json.loads((statistics / folder / "expected.json").read_text(encoding="utf-8"))
    return found


def leaves(tree: Any, place: Place) -> Iterator[Place]:
    """The places of all leaves below a tree; row names (``_row``) that R adds are none."""
    if isinstance(tree, Mapping):
        for key, part in tree.items():
            if key != "_row":
                yield from leaves(part, (*place, key))
    elif isinstance(tree, list):
        for number, part in enumerate(tree):
            yield from leaves(part, (*place, number))
    else:
        yield place


def same(value: Any, expected: Any, rel: float, zero: float) -> bool:
    """Whether a computed leaf equals an expected one; text must be equal, numbers within tolerance."""
    if expected is None or isinstance(expected, str | bool):
        return bool(value == expected)
    if value is None or isinstance(value, str) or math.isnan(float(value)):
        return False
    return math.isclose(float(value), float(expected), rel_tol=rel, abs_tol=zero if expected == 0 else 0.0)
