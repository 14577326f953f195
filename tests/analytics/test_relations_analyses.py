"""Analyses of relations, scales and time tell what the measures say, and refuse what they cannot bear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from manyi.analytics.data.arrays import table_of
from manyi.analytics.data.files import read_file
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import specification
from manyi.organisation.errors import Invalid, Refused

RANDOM = np.random.default_rng(9)
MOOD = RANDOM.normal(size=120)
DATA: dict[str, Any] = {
    name: np.clip(np.round(7 + MOOD + RANDOM.normal(size=120)), 1, 10).tolist()
    for name in ("wait", "price", "staff", "overall")
}
DATA["month"] = [place // 10 + 1 for place in range(120)]
DATA["w"] = RANDOM.integers(1, 4, 120).astype(float).tolist()


def told(method: str, config: dict[str, Any], weight: str = "", data: dict[str, Any] | None = None) -> Result:
    given = {"method": method, "config": config, "data": {"weight": weight} if weight else {}}
    return run(specification(given), table_of(data or DATA, weight=weight))


def rows(result: Result, table: str) -> list[dict[str, Any]]:
    return [dict(row) for each in result.tables if each.id == table for row in each.rows]


def repeated() -> dict[str, Any]:
    times = np.array(DATA["w"], dtype=int)
    return {name: np.repeat(values, times).tolist() for name, values in DATA.items()}


@pytest.mark.parametrize(
    ("method", "config", "table", "cells"),
    [
        ("key_drivers", {"result": "overall", "drivers": ["wait", "price"]}, "drivers", ("lmg", "johnson")),
        ("key_drivers", {"result": "overall", "drivers": ["wait", "price"]}, "map", ("performance",)),
        ("regression", {"result": "overall", "drivers": ["wait", "price"]}, "coefficients", ("b", "beta")),
        ("correlations", {"items": ["wait", "price"]}, "correlations", ("r",)),
        ("factors", {"items": ["wait", "price", "staff"], "count": 1}, "loadings", ("f1",)),
        ("series_trend", {"item": "wait", "period": "month"}, "tests", ("slope", "p")),
        ("path_model", {"model": "own", "arrows": ["a -> b"], "scale": [1, 10],
                        "blocks": {"a": ["wait", "price"], "b": ["overall"]}}, "latents", ("index", "r2")),
    ],
)  # fmt: skip
def test_a_weight_is_so_many_rows(
    method: str, config: dict[str, Any], table: str, cells: tuple[str, ...]
) -> None:
    weighted, long = told(method, config, "w"), told(method, config, data=repeated())
    for one, two in zip(rows(weighted, table), rows(long, table), strict=True):
        for cell in cells:
            assert (one[cell] is None) == (two[cell] is None)
            assert (one[cell] or 0) == pytest.approx(two[cell] or 0, rel=1e-5)


def test_classical_errors_come_from_sums_and_agree_with_rows() -> None:
    config = {"result": "overall", "drivers": ["wait", "price"], "errors": "classical"}
    by_sums = rows(told("regression", config), "coefficients")
    ones = {**DATA, "w": [1.0] * 120}
    by_rows = rows(told("regression", config, "w", ones), "coefficients")
    for one, two in zip(by_sums, by_rows, strict=True):
        for cell in ("b", "error", "p", "low", "vif"):
            assert one[cell] == pytest.approx(two[cell])


def test_a_method_that_counts_rows_refuses_weights() -> None:
    with pytest.raises(Refused, match="no weights"):
        told("control_chart", {"item": "wait", "period": "month"}, "w")


def test_before_and_after_plan_the_next_time() -> None:
    config = {"item": "wait", "period": "month", "before": "1", "after": "2", "minimum": 11}
    found = told("effect", config)
    (effect,) = rows(found, "effect")
    assert effect["code"] == "too_few"
    (plan,) = rows(found, "next")
    assert plan["detectable"] > 0
    assert plan["needed"] > 10
    with pytest.raises(Refused, match="13"):
        told("effect", {**config, "after": "13"})


@pytest.mark.parametrize(
    ("method", "config", "field"),
    [
        ("key_drivers", {"result": "wait", "drivers": ["wait"]}, "config.drivers"),
        ("key_drivers", {"result": "wait", "drivers": ["price"], "cut": "fixed"}, "config.cut"),
        ("correlations", {"items": ["wait"]}, "config.items"),
        ("kano", {"features": {"x": ["wait"]}}, "config.features"),
        ("path_model", {"blocks": {"a": ["wait"]}, "arrows": ["a -> b"]}, "config.arrows"),
        ("path_model", {"blocks": {"a": ["wait"]}, "model": "own", "arrows": ["a b"]}, "config.arrows"),
        ("control_chart", {"item": "wait", "period": "month", "kind": "p"}, "config.at_least"),
        ("planning", {"change": 0.5}, "config.change"),
        ("seasonality", {"item": "wait", "period": "month", "length": 1}, "config.length"),
    ],
)
def test_settings_that_cannot_be_are_named(method: str, config: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        told(method, config)
    assert [place for place, _ in caught.value.problems] == [field]


def test_drivers_that_repeat_each_other_are_named() -> None:
    twin = {**DATA, "price": [2 * value + 1 for value in DATA["wait"]]}
    with pytest.raises(Refused, match="wait, price"):
        told("key_drivers", {"result": "overall", "drivers": ["wait", "price"]}, data=twin)


def test_a_weak_model_sets_no_priorities() -> None:
    noise = {**DATA, "wait": RANDOM.normal(size=120).tolist()}
    found = told("key_drivers", {"result": "overall", "drivers": ["wait"]}, data=noise)
    assert found.sentence is not None
    assert "不宜" in found.sentence.zh


def test_waves_of_means_and_of_nps() -> None:
    config = {"item": "wait", "period": "month", "measure": "mean"}
    lines = rows(told("waves", config), "waves")
    first, second = (np.array(DATA["wait"][start : start + 10]) for start in (0, 10))
    expected = stats.ttest_ind(second, first, equal_var=False)
    assert lines[1]["difference"] == pytest.approx(second.mean() - first.mean())
    assert (lines[1]["statistic"], lines[1]["p"]) == pytest.approx((expected.statistic, expected.pvalue))
    lines = rows(told("waves", {**config, "measure": "nps"}), "waves")
    assert lines[0]["value"] == pytest.approx(100 * ((first >= 9).mean() - (first <= 6).mean()))
    with pytest.raises(Refused):
        told("waves", {**config, "measure": "nps"}, data={**DATA, "wait": [11] * 120})


def test_a_path_model_tells_cross_loadings_and_resampled_intervals() -> None:
    config = {
        "model": "ccsi",
        "samples": 100,
        "blocks": {"quality": ["wait", "staff"], "value": ["price"], "satisfaction": ["overall"]},
    }
    found = told("path_model", config)
    crossed = rows(found, "cross_loadings")
    assert crossed[0]["quality"] > crossed[0]["satisfaction"]
    for table in ("paths", "effects", "items"):
        for line in rows(found, table):
            (value,) = (line[name] for name in ("estimate", "total", "loading") if name in line)
            assert line["low"] <= value + 1e-9
            assert line["high"] >= value - 1e-9


def test_waves_and_charts_of_counts(shared_data: Path) -> None:
    text = (shared_data / "statistics" / "05_waves_trend" / "expected.json").read_text(encoding="utf-8")
    whole = json.loads(text)
    counts = {name: whole["input"][name] for name in ("wave", "satisfied", "n")}
    config = {"item": "satisfied", "period": "wave", "size": "n"}
    found = told("waves", config, data=counts)
    (trend,) = rows(found, "trend")
    assert trend["chi2"] == pytest.approx(whole["results"]["cochran_armitage"]["chisq"], rel=1e-6)
    for line, expected in zip(rows(found, "waves")[1:], whole["results"]["wave_tests"], strict=True):
        assert (line["difference"], line["p"]) == pytest.approx((expected["diff"], expected["p"]), rel=1e-6)
    chart = rows(told("control_chart", {**config, "kind": "p"}, data=counts), "points")
    assert (chart[0]["n"], chart[0]["value"]) == (520, pytest.approx(412 / 520))
    for wrong in ([600, *counts["satisfied"][1:]], [411.5, *counts["satisfied"][1:]]):
        with pytest.raises(Refused):
            told("waves", config, data={**counts, "satisfied": wrong})


@pytest.mark.parametrize(
    ("method", "config"),
    [
        ("factors", {"items": ["a", "b", "c"], "count": 1, "extraction": "ml", "rotation": "none"}),
        ("regression", {"result": "a", "drivers": ["b", "c"]}),
        ("descriptives", {"items": ["a"]}),
    ],
)
def test_rows_without_weight_count_for_nothing(method: str, config: dict[str, Any]) -> None:
    dice = np.random.default_rng(5)
    ground = dice.normal(size=40)
    data = {name: np.round(ground + dice.normal(size=40), 2).tolist() for name in "abc"}
    more = {name: [*values, 9.0, -9.0, 4.0] for name, values in data.items()}
    asked = specification({"method": method, "config": config})
    plain, padded = (
        run(asked, table_of({**columns, "w": weights}, weight="w"))
        for columns, weights in ((data, [1, 2] * 20), (more, [*[1, 2] * 20, 0, 0, 0]))
    )
    assert numbers_of(padded) == pytest.approx(numbers_of(plain))


def numbers_of(result: Result) -> list[float]:
    rows = [row for table in result.tables for row in table.to_json()["rows"]]
    return [cell for row in rows for cell in row.values() if isinstance(cell, int | float)]


def test_gaps_under_weights_are_those_of_the_weighted_mean() -> None:
    """R 4.2.2, survey 4.1-1: svymean(~gap, svydesign(id = ~1, weights = ~w)) with confint(df = 7)."""
    gaps, weights = [2, -5, -7, 3, 1, -12, 4, -2], [1, 2, 3, 1, 2, 1, 0.5, 4]
    data = {"e": [70.0] * 8, "s": [70.0 + gap for gap in gaps]}
    pair = {"expected": ["e"], "perceived": ["s"]}
    row = told("expectation_index", pair, "w", {**data, "w": weights}).tables[1].rows[0]
    found = [row[name] for name in ("gap", "low", "high")]
    assert found == pytest.approx([-2.8965517241, -6.3673287024, 0.5742252541], rel=1e-6)


def test_scales_that_differ_are_told_of() -> None:
    data = {"e": [5, 4, 5, 4, 3, 5], "s": [10, 8, 9, 7, 6, 9], "t": [100, 70, 90, 60, 60, 95]}
    result = told("expectation_index", {"expected": ["e"], "perceived": ["s"]}, data=data)
    assert any("need one scale" in each.en for each in result.warnings)
    uneven = told("reliability", {"items": ["e", "s", "t"]}, data=data)
    assert any("standardised alpha" in each.en for each in uneven.warnings)
    even = told("reliability", {"items": ["e", "s"]}, data=data)
    assert not any("standardised alpha" in each.en for each in even.warnings)


def test_rows_at_fault_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("recommend,shop\n9,A\n8,A\n\n10,B\n11,B\n", encoding="utf-8")
    data = {"where": [{"column": "shop", "in": ["B"]}]}
    asked = specification({"method": "nps", "config": {"item": "recommend"}, "data": data})
    with pytest.raises(Refused, match="“11” in data row 5"):
        run(asked, read_file(path))
    answers = table_of({"y": [None, 0, 1, 2, 1], "x": [1, 2, 3, 4, 6]})
    logit = {"outcome": "y", "drivers": ["x"], "family": "logit"}
    with pytest.raises(Refused, match="data row 4"):
        run(specification({"method": "design_regression", "config": logit}), answers)
