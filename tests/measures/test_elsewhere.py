"""Relations, scales and time on made-up data, against what R says (``references/relations.R``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from manyi.measures.columns import Floats
from manyi.measures.correlation import correlations, partial
from manyi.measures.factors import Factors, extract, suitability
from manyi.measures.ordinal import ordinal_logit
from manyi.measures.power import (
    detectable_mean,
    detectable_share,
    n_for_means,
    n_for_shares,
    power_of_means,
    power_of_shares,
)
from manyi.measures.regression import Errors, ols
from manyi.measures.reliability import from_covariance, omega_total, reliability
from manyi.measures.seasonality import seasonality
from manyi.measures.trend import mann_kendall

ITERATIVE = 1e-4
NAMES = ("x1", "x2", "x3")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    text = (Path(__file__).parent / "references" / "relations.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("kind", ["plain", "weighted"])
@pytest.mark.parametrize("errors", ["classical", "HC0", "HC1", "HC2", "HC3"])
def test_least_squares(told: dict[str, Any], kind: str, errors: Errors) -> None:
    data, expected = told["regression"]["data"], told["regression"][kind]
    weights = data["w"] if kind == "weighted" else None
    found = ols(data["y"], [data[name] for name in NAMES], NAMES, weights=weights, errors=errors)
    assert [term.estimate for term in found.coefficients] == pytest.approx(expected["coef"], rel=1e-9)
    assert [term.error for term in found.coefficients] == pytest.approx(expected["errors"][errors], rel=1e-9)
    assert (found.r2, found.sigma, found.f) == pytest.approx(
        (expected["r2"], expected["sigma"], expected["f"]), rel=1e-9
    )
    if errors == "classical":
        intervals = [(term.low, term.high) for term in found.coefficients]
        assert np.array(intervals) == pytest.approx(np.array(expected["confint"]), rel=1e-9)


def test_correlations(told: dict[str, Any]) -> None:
    expected, data = told["regression"], told["regression"]["data"]
    pair = [data["x1"], data["y"]]
    (pearson,) = correlations(pair)
    assert (pearson.value, pearson.statistic, pearson.p) == pytest.approx(
        tuple(expected["pearson"][key] for key in ("r", "t", "p")), rel=1e-9
    )
    assert (pearson.low, pearson.high) == pytest.approx(tuple(expected["pearson"]["ci"]), rel=1e-9)
    assert correlations(pair, kind="spearman")[0].value == pytest.approx(expected["spearman"], rel=1e-9)
    assert correlations(pair, kind="kendall")[0].value == pytest.approx(expected["kendall"], rel=1e-9)
    weighted = correlations(pair, weights=data["w"])[0]
    assert weighted.value == pytest.approx(expected["weighted_pearson"], rel=1e-9)
    assert weighted.effective_n < weighted.n
    columns = [data[name] for name in (*NAMES, "y")]
    for kind, key in (("pearson", "partial"), ("spearman", "partial_spearman")):
        found = partial(columns, (*NAMES, "y"), ("x1", "y"), kind=kind)  # type: ignore[arg-type]
        assert found.value == pytest.approx(expected[key], rel=1e-9)
        assert found.given == ("x2", "x3")


def test_ordered_answers_as_counts(told: dict[str, Any]) -> None:
    expected, cells = told["ordinal"], told["ordinal"]["data"]
    drivers = [cells["x"], cells["z"]]
    found = ordinal_logit(cells["y"], drivers, ["x", "z"], weights=cells["n"])
    terms = {term.name: term for term in (*found.coefficients, *found.thresholds)}
    assert found.loglik == pytest.approx(expected["loglik"], rel=1e-9)
    for name, value in {**expected["coef"], **expected["zeta"]}.items():
        assert terms[name].estimate == pytest.approx(value, rel=ITERATIVE)
        assert terms[name].error == pytest.approx(expected["se"][name], rel=ITERATIVE)
    long = [np.repeat(cells[name], cells["n"]) for name in ("y", "x", "z")]
    for robust in (
        ordinal_logit(cells["y"], drivers, ["x", "z"], weights=cells["n"], errors="robust"),
        ordinal_logit(long[0], long[1:], ["x", "z"], errors="robust"),
    ):
        for term in (*robust.coefficients, *robust.thresholds):
            assert term.error == pytest.approx(expected["robust"][term.name], rel=ITERATIVE)


def test_ordered_answers_of_a_weighted_sample(told: dict[str, Any]) -> None:
    expected, data = told["sampled"], told["sampled"]["data"]
    drivers = [data["x"], data["z"]]
    found = ordinal_logit(data["y"], drivers, ["x", "z"], weights=data["w"], weighting="sampling")
    terms = (*found.coefficients, *found.thresholds)
    assert [term.estimate for term in terms] == pytest.approx(expected["coef"], rel=ITERATIVE)
    assert [term.error for term in terms] == pytest.approx(expected["se"], rel=ITERATIVE)
    assert (found.p, found.method) == (None, "proportional_odds_sampling_robust")


def test_two_answers_are_a_plain_logit(told: dict[str, Any]) -> None:
    expected, data = told["sampled"], told["sampled"]["data"]
    high = [float(answer > 2) for answer in data["y"]]
    found = ordinal_logit(high, [data["x"], data["z"]], ["x", "z"])
    (step,), terms = found.thresholds, found.coefficients
    assert [-step.estimate, *(t.estimate for t in terms)] == pytest.approx(expected["two"], rel=1e-6)
    assert [step.error, *(t.error for t in terms)] == pytest.approx(expected["two_se"], rel=1e-4)


def matched(found: Factors, expected: Floats) -> tuple[Floats, Floats]:
    """Loadings and factor correlations in the order and with the signs of the expected ones."""
    likeness = expected.T @ found.loadings
    order = np.abs(likeness).argmax(axis=1)
    signs = np.sign(likeness[np.arange(len(order)), order])
    return found.loadings[:, order] * signs, found.correlations[np.ix_(order, order)] * np.outer(signs, signs)


def test_factors_and_their_rotations(told: dict[str, Any]) -> None:
    expected = told["factors"]
    matrix = np.asarray(np.corrcoef(np.array(expected["data"]).T), dtype=np.float64)
    plain = extract(matrix, 3, method="ml", n=200)
    unique = [1 - each for each in plain.communalities]
    assert unique == pytest.approx(expected["uniqueness"], rel=ITERATIVE)
    assert (plain.chi2, plain.df, plain.p) == pytest.approx(
        (expected["chi2"], expected["df"], expected["p"]), rel=ITERATIVE
    )
    minres = extract(matrix, 3).communalities
    assert list(minres) == pytest.approx(expected["minres_communality"], rel=ITERATIVE)
    fit = suitability(matrix, n=200)
    assert (fit.kmo, fit.chi2, fit.p) == pytest.approx(
        (expected["kmo"], expected["bartlett"], expected["bartlett_p"]), rel=1e-9
    )


@pytest.mark.parametrize("rotation", ["varimax", "promax", "oblimin"])
def test_turned_factors(told: dict[str, Any], rotation: Any) -> None:
    expected = told["factors"]
    matrix = np.asarray(np.corrcoef(np.array(expected["data"]).T), dtype=np.float64)
    found = extract(matrix, 3, method="ml", rotation=rotation, stop=1e-12)
    loadings, correlations = matched(found, np.array(expected[rotation]))
    assert loadings == pytest.approx(np.array(expected[rotation]), abs=2e-5)
    wanted = np.array(expected.get(f"{rotation}_phi", np.eye(3)))
    assert correlations == pytest.approx(wanted, abs=2e-5)
    assert found.warnings == ()


def test_reliability_of_complete_rows(told: dict[str, Any]) -> None:
    items = np.array(told["factors"]["data"])[:, :3]
    found = reliability(items, missing="listwise")
    assert found.alpha == pytest.approx(told["factors"]["alpha"], rel=1e-9)
    by_sums = from_covariance(np.cov(items.T), items.mean(axis=0).tolist(), NAMES, n=len(items))
    assert by_sums.alpha == pytest.approx(found.alpha, rel=1e-12)
    assert [item.r_total for item in by_sums.items] == pytest.approx([item.r_total for item in found.items])
    assert (by_sums.low, by_sums.high) == pytest.approx((found.low, found.high))
    assert omega_total(items).value == pytest.approx(told["factors"]["omega_minres_1"], rel=ITERATIVE)


def test_a_series_with_ties_and_seasons(told: dict[str, Any]) -> None:
    expected = told["series"]
    ranks = mann_kendall(expected["data"])
    assert ranks
    assert (ranks.z, ranks.p, ranks.slope) == pytest.approx(
        (expected["z"], expected["p"], expected["sen"]), rel=1e-9
    )
    assert ranks.low < ranks.slope < ranks.high
    found = seasonality(expected["data"], 4)
    assert (found.f, found.p, found.slope) == pytest.approx(
        (expected["f"], expected["p_season"], expected["slope"]), rel=1e-9
    )
    assert [each.effect for each in found.seasons[:3]] == pytest.approx(expected["effects"], rel=1e-9)
    assert [each.error for each in found.seasons[:3]] == pytest.approx(expected["errors"], rel=1e-9)
    assert sum(each.effect for each in found.seasons) == pytest.approx(0, abs=1e-12)


def test_planning(told: dict[str, Any]) -> None:
    expected = told["power"]
    assert n_for_shares(0.7, 0.78) == int(np.ceil(expected["n_shares"]))
    assert power_of_shares(0.7, 0.8, 150, 150) == pytest.approx(expected["power_shares"], rel=1e-6)
    assert n_for_means(3, 12, power=0.9) == int(np.ceil(expected["n_means"]))
    assert power_of_means(4, 10, 80, 80) == pytest.approx(expected["power_means"], rel=1e-6)
    assert detectable_mean(10, 80, 80) == pytest.approx(expected["delta_means"], rel=1e-5)
    below, above = detectable_share(0.7, 150, 150)
    assert below is not None
    assert above is not None
    assert power_of_shares(0.7, above, 150, 150) == pytest.approx(0.8, rel=1e-6)
    assert power_of_shares(0.7, below, 150, 150) == pytest.approx(0.8, rel=1e-6)
    assert detectable_share(0.99, 20, 20)[1] is None
