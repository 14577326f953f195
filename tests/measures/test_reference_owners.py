"""No reference result is without a module that must compute it, and a missing or wrong one fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measures.reference_cases import NO_RESULT, OWNERS, ReferenceCase, read_case


def test_every_key_of_every_case_has_one_owner(shared_data: Path) -> None:
    statistics = shared_data / "statistics"
    assert {path.parent.name for path in statistics.glob("*/expected.json")} == set(OWNERS)
    for folder, modules in OWNERS.items():
        tree = read_case(statistics, folder)
        owned = [key for keys in modules.values() for key in keys]
        assert len(owned) == len(set(owned)), folder
        whole = {key.removeprefix("*") for key in owned if key.startswith("*")}
        parts = {key for key in owned if not key.startswith("*")}
        assert whole | ({"results"} if parts else set()) == set(tree) - set(NO_RESULT), folder
        assert not parts or parts == set(tree["results"]), folder


def test_a_missing_a_wrong_and_an_unknown_number_fail() -> None:
    case = ReferenceCase({"results": {"a": {"x": 1.0, "y": [2.0, "B"]}}}, ["a"])
    case.claim({"x": 1.0 + 1e-9}, "results", "a")
    with pytest.raises(AssertionError, match="results / a / y / 0"):
        case.finish()
    for wrong in ({"x": 1.1}, {"x": None}, {"x": float("nan")}, {"y": [2.0]}, {"y": [2.0, "A"]}):
        with pytest.raises(AssertionError):
            case.claim(wrong, "results", "a")
    with pytest.raises(KeyError):
        case.claim({"z": 1.0}, "results", "a")
    case.claim({"y": [2.0, "B"]}, "results", "a")
    case.finish()
