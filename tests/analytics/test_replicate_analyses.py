"""Replicate weights, post-stratification and open quantiles through specifications give R's numbers.

References: R 4.2.2, survey 4.1-1 (tests/measures/references/replicates.R).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from manyi.analytics.data.arrays import ArrayTable, table_of
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import specification
from manyi.organisation.errors import Invalid, Refused

CASE = json.loads(
    (Path(__file__).parent.parent / "measures" / "references" / "replicates.json").read_text("utf-8")
)
FIGURES = ("value", "se", "low", "high")
CLUSTERED = {"strata": ["region"], "clusters": ["shop"]}


def drawn(weight: str = "weight", replicates: list[list[float]] | None = None) -> ArrayTable:
    columns = dict(CASE["data"])
    for place, column in enumerate(zip(*(replicates or []), strict=True)):
        columns[f"w{place}"] = list(column)
    return table_of(columns, weight=weight)


def asked(method: str, table: ArrayTable, **config: Any) -> Result:
    return run(specification({"method": method, "config": config}), table)


def first(result: Result) -> list[float]:
    return [result.tables[0].rows[0][name] for name in FIGURES]


def given(case: dict[str, Any], weight: str = "weight", **more: Any) -> dict[str, list[float]]:
    """Mean, total and ratio under replicates that came with the data."""
    table = drawn(weight, case["weights"])
    columns = [f"w{place}" for place in range(len(case["weights"][0]))]
    kind = {"kind": "given", "columns": columns, "scale": case["scale"], "scales": case["rscales"], **more}
    return three(table, **kind)


def three(table: ArrayTable, **kind: Any) -> dict[str, list[float]]:
    def told(**config: Any) -> list[float]:
        return first(asked("replicate_estimates", table, **config, **kind))

    return {
        "mean": told(items=["score"]),
        "total": told(items=["spend"], statistic="total"),
        "ratio": told(items=["spend"], statistic="ratio", denominator="age"),
    }


def same(found: dict[str, list[float]], expected: dict[str, Any]) -> None:
    for name, figures in found.items():
        wanted = [expected[name][each] for each in FIGURES]
        assert figures == pytest.approx(wanted, rel=1e-6), name


def test_given_replicates_with_a_scale_of_each() -> None:
    same(given(CASE["jkn"]), CASE["jkn"])
    same(given(CASE["jkn"], centre="value"), CASE["jkn_about_value"])


def test_rows_without_weight_stay_out_of_given_replicates() -> None:
    same(given(CASE["zero"], "zero"), CASE["zero"])


def test_half_samples_after_fay() -> None:
    # The mean and the ratio are not linear in the weights, so that they depend on which balanced half-samples
    # are taken; the total does not.
    found = three(drawn(), kind="balanced", fay=0.3, **CLUSTERED)
    same({"total": found["total"]}, CASE["fay"])
    plain = three(drawn(), kind="balanced", **CLUSTERED)
    assert found["total"] == pytest.approx(plain["total"], rel=1e-12)
    assert found["mean"][1] != plain["mean"][1]


def test_post_stratification_takes_weighted_residuals() -> None:
    def told(**config: Any) -> list[float]:
        margins = {"channel": {"app": 100, "shop": 70}}
        return first(asked("design_estimates", drawn(), **config, **CLUSTERED, margins=margins))

    found = {
        "mean": told(items=["score"]),
        "total": told(items=["spend"], statistic="total"),
        "domain": told(items=["score"], domain={"region": ["N", "S"]}),
    }
    same(found, CASE["post"])


@pytest.mark.parametrize(("case", "bounds"), [("greg", []), ("greg_bounded", [0.95, 1.045])])
def test_totals_of_numbers_calibrate_linearly(case: str, bounds: list[float]) -> None:
    known = {"population": 210, "totals": {"age": 10400}, "bounds": bounds, **CLUSTERED}
    found = {
        "mean": first(asked("design_estimates", drawn(), items=["score"], **known)),
        "total": first(asked("design_estimates", drawn(), items=["spend"], statistic="total", **known)),
    }
    same(found, CASE[case])


def test_both_kinds_of_totals_at_once_are_refused() -> None:
    both = {"items": ["score"], "totals": {"age": 1}, "margins": {"channel": {"app": 1, "shop": 2}}}
    with pytest.raises(Invalid, match="either margins or totals"):
        specification({"method": "design_estimates", "config": both})


def test_margins_leave_out_rows_without_weight() -> None:
    margins = {"channel": {"app": 100, "shop": 70}, "region": {"N": 60, "S": 50, "W": 60}}
    kept = [place for place, weight in enumerate(CASE["data"]["zero"]) if weight]
    less = table_of({k: [v[n] for n in kept] for k, v in CASE["data"].items()}, weight="zero")
    for chosen in (margins, {"channel": margins["channel"]}):
        whole, rest = (
            first(asked("design_estimates", table, items=["score"], margins=chosen, **CLUSTERED))
            for table in (drawn("zero"), less)
        )
        assert whole == pytest.approx(rest, rel=1e-12)


def test_the_open_end_of_a_quantile_stays_open() -> None:
    result = asked("design_quantiles", drawn(), items=["score"], levels=[0.02, 0.5, 0.98])
    low, middle, high = result.tables[0].rows
    expected = CASE["quantiles"]
    assert [low["value"], middle["value"], high["value"]] == expected["value"]
    assert (low["low"], low["high"], low["se"]) == (None, expected["high"][0], None)
    assert [middle["low"], middle["high"]] == [expected["low"][1], expected["high"][1]]
    assert any("side of its interval is open" in each.en for each in result.warnings)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"kind": "given", "columns": ["w0", "w1"]}, "config.columns"),
        ({"kind": "given", "columns": ["w0", "w1"], "scales": [1, 1, 1]}, "config.scales"),
        ({"kind": "given", "columns": ["w0", "w1"], "scale": 0}, "config.scale"),
        ({"kind": "balanced", "fay": 1}, "config.fay"),
        ({"kind": "jkn", "fay": 0.5}, "config.fay"),
        ({"statistic": "ratio"}, "config.denominator"),
        ({"denominator": "age"}, "config.denominator"),
    ],
)
def test_what_does_not_fit_names_its_setting(config: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as problem:
        specification({"method": "replicate_estimates", "config": {"items": ["score"], **config}})
    assert [name for name, _ in problem.value.problems] == [field]


def test_a_replicate_may_not_weigh_rows_that_the_sample_does_not() -> None:
    table = drawn("zero", CASE["jkn"]["weights"])
    config = {"items": ["score"], "kind": "given", "columns": ["w0", "w1"], "scale": 1}
    with pytest.raises(Refused, match="data row 3"):
        asked("replicate_estimates", table, **config)
