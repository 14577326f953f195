"""Designs of several stages, replicates and calibration against R's survey package (references/designs.R)."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from manyi.measures.design import calibration, comparisons, models, quantiles, replicates, scores
from manyi.measures.design.estimates import Estimate, by, mean, ratio, share, total
from manyi.measures.design.replicates import Replicates
from manyi.measures.design.sample import SurveyDesign, simple_design, survey_design
from manyi.measures.errors import NotComputable
from manyi.measures.weighting import Margin

FOLDER = Path(__file__).parent / "references"
CASE = json.loads((FOLDER / "designs.json").read_text(encoding="utf-8"))
DATA = {name: np.array(values, dtype=object) for name, values in CASE["data"].items()}


def data(name: str) -> Any:
    return (
        DATA[name] if name == "channel" else np.array([np.nan if v is None else v for v in DATA[name]], float)
    )


def row(*values: Any) -> Any:
    return list(values)


def near(value: Any, rel: float = 1e-6) -> Any:
    return pytest.approx(np.ravel(np.array(value, dtype=float)), rel=rel)


def design_of(kind: str) -> SurveyDesign:
    if kind == "two_stage":  # weights come from the population counts of both stages
        stages = [data("shop"), data("unit")]
        counts = [data("shops"), data("people")]
        return survey_design(len(data("shop")), strata=[data("region")], clusters=stages, populations=counts)
    weights, shops = data("weight"), data("shop") + 1000 * data("region")
    strata = [data("region")] if kind == "one_stage" else []
    return survey_design(len(weights), weights=weights, strata=strata, clusters=[shops])


def same(found: Estimate, expected: dict[str, Any], rel: float = 1e-6) -> None:
    assert found.value == pytest.approx(expected["value"], rel=rel)
    assert [found.standard_error] == near(expected["se"], rel)
    if "low" in expected:
        assert [found.low, found.high] == near([expected["low"], expected["high"]], rel)


@pytest.mark.parametrize("kind", ["two_stage", "one_stage", "clusters_only"])
class TestDesigns:
    def test_means_totals_and_ratios(self, kind: str) -> None:
        design, expected = design_of(kind), CASE[kind]
        assert design.degrees() == expected["degf"]
        assert design.weights == near(data("weight"))
        found = mean(design, data("score"))
        same(found, expected["mean_score"])
        assert found.deff == pytest.approx(expected["mean_score"]["deff"], rel=1e-6)
        against = mean(design, data("score"), deff="replace").deff
        assert against == pytest.approx(expected["mean_score"]["deff_replace"], rel=1e-6)
        dropped = mean(design, data("price"))
        same(dropped, expected["mean_price"])
        assert (dropped.n, dropped.used) == (len(design), expected["mean_price"]["n"])
        spent = total(design, data("spend"))
        same(spent, expected["total_spend"])
        assert spent.deff == pytest.approx(expected["total_spend"]["deff"], rel=1e-6)
        same(ratio(design, data("spend"), data("age")), expected["ratio"])

    def test_shares_and_quantiles(self, kind: str) -> None:
        design, expected = design_of(kind), CASE[kind]
        for method, line in expected["happy"].items():
            found = share(design, data("happy"), method=method)
            assert [found.low, found.high] == near(line["ci"])
        lines = expected["quantile"]
        for place, level in enumerate(lines["level"]):
            found = quantiles.quantile(design, data("score"), level)
            line = {name: lines[name][place] for name in ("value", "se", "low", "high")}
            if line["low"] in (None, "NaN"):
                assert found.low is None
                assert "no_interval" in found.warnings
            else:
                same(found, line)

    def test_weighted_nps_by_group(self, kind: str) -> None:
        design, expected = design_of(kind), CASE[kind]["nps_by_channel"]
        found = by(data("channel"), lambda where: scores.nps(design, data("nps"), where=where))
        assert list(found) == expected["group"]
        for group, value, error in zip(found.values(), expected["value"], expected["se"], strict=True):
            assert isinstance(group, Estimate)
            same(group, {"value": value, "se": error})

    def test_tests_and_models(self, kind: str) -> None:
        design, expected = design_of(kind), CASE[kind]
        chi = comparisons.independence(design, data("happy"), data("channel"))
        line = expected["chi"]
        assert [chi.f, chi.df1, chi.df2, chi.p] == near([line[name] for name in ("f", "df1", "df2", "p")])
        assert chi.chi2_p == pytest.approx(line["chi2_p"], rel=1e-6)
        app = data("channel") == "app"
        gap, line = comparisons.difference(design, data("score"), ~app, app), expected["ttest"]
        assert [gap.difference, gap.t, gap.df, gap.p] == near(
            [line[n] for n in ("difference", "t", "df", "p")]
        )
        linear = models.regression(design, data("score"), [data("age"), data("price")])
        logit = models.regression(design, data("happy"), [data("score"), data("age")], family="logit")
        for model, name, rel in ((linear, "linear", 1e-6), (logit, "logit", 1e-5)):
            line, lines = expected[name], model.coefficients
            assert [each.estimate for each in lines] == near(line["estimate"], rel)
            assert [each.standard_error for each in lines] == near(line["se"], rel)
            assert [each.p for each in lines] == near(line["p"], 10 * rel)


class TestCalibration:
    COLUMNS = (np.ones(len(data("age"))), data("age"), data("spend"))

    def test_linear_calibration_of_two_stages(self) -> None:
        expected = CASE["calibrated_free"]
        design = calibration.linear_calibrated(design_of("two_stage"), self.COLUMNS, expected["target"])
        assert design.weights[:12] == near(expected["weights"])
        same(mean(design, data("score")), expected["mean"])
        same(total(design, data("price")), expected["total"])

    def test_bounds_hold_and_the_totals_too(self) -> None:
        expected = CASE["calibrated_bounded"]
        base = design_of("one_stage")
        design = calibration.linear_calibrated(base, self.COLUMNS, expected["target"], bounds=(0.8, 1.25))
        ratios = design.weights / base.weights
        assert ratios.min() >= 0.8 - 1e-12
        assert ratios.max() <= 1.25 + 1e-12
        assert design.weights[:12] == near(expected["weights"])
        same(mean(design, data("score")), expected["mean"])
        with pytest.raises(NotComputable, match="unreachable"):
            calibration.linear_calibrated(base, self.COLUMNS, expected["target"], bounds=(0.99, 1.01))

    def test_post_stratification_and_a_domain_of_it(self) -> None:
        expected = CASE["post_stratified"]
        margin = Margin("channel", data("channel").tolist(), expected["target"])
        design = calibration.post_stratified(design_of("one_stage"), margin)
        same(mean(design, data("score")), expected["mean"])
        same(mean(design, data("score"), where=data("channel") != "shop"), expected["domain"])

    def test_trimming_keeps_the_sum(self) -> None:
        expected, base = CASE["trimmed"], design_of("one_stage")
        found = calibration.trimmed(base, lower=expected["lower"], upper=expected["upper"])
        assert found.weights == near(expected["weights"])
        assert found.weights.sum() == pytest.approx(base.weights.sum())
        assert np.any(found.weights != base.weights)
        with pytest.raises(NotComputable, match="unreachable"):
            calibration.trimmed(base, upper=10)


class TestReplicates:
    def claim(self, found: Replicates, expected: dict[str, Any]) -> None:
        assert found.df == expected["degf"]
        same(replicates.replicate_mean(found, data("score")), expected["mean"])
        same(replicates.replicate_mean(found, data("price")), expected["price"])
        same(replicates.replicate_total(found, data("spend")), expected["total"])

    def test_jackknife_within_strata_with_finite_population(self) -> None:
        weights, shops = data("weight"), data("shop")
        design = survey_design(
            len(weights),
            weights=weights,
            strata=[data("region")],
            clusters=[shops],
            populations=[data("shops")],
        )
        self.claim(replicates.jackknife(design), CASE["jkn"])

    def test_jackknife_without_strata(self) -> None:
        self.claim(replicates.jackknife(design_of("clusters_only"), "jk1"), CASE["jk1"])
        with pytest.raises(NotComputable, match="jk1"):
            replicates.jackknife(design_of("one_stage"), "jk1")

    def test_replicates_that_came_with_the_data(self) -> None:
        expected = CASE["given"]
        table = np.array(expected["weights"])
        self.claim(replicates.given_replicates(data("weight"), table, scales=expected["scale"]), expected)

    def test_bootstrap_repeats_by_seed_and_comes_near_linearisation(self) -> None:
        design = design_of("one_stage")
        first, again = (replicates.bootstrapped(design, 2000, seed=5) for _ in range(2))
        assert np.array_equal(first.factors, again.factors)
        error = replicates.replicate_mean(first, data("score")).standard_error
        assert error == pytest.approx(mean(design, data("score")).standard_error, rel=0.08)

    def test_balanced_half_samples_of_pairs_equal_linearisation_for_a_total(self) -> None:
        dice = np.random.default_rng(4)
        strata, values = np.repeat(np.arange(5), 8), dice.normal(50, 10, 40)
        clusters = np.repeat(np.arange(10), 4)
        design = survey_design(40, weights=dice.uniform(1, 3, 40), strata=[strata], clusters=[clusters])
        found = replicates.replicate_total(replicates.balanced(design), values)
        assert found.standard_error == pytest.approx(total(design, values).standard_error, rel=1e-12)


@pytest.mark.parametrize("rule", ["certainty", "adjust", "average"])
def test_a_stratum_with_one_cluster_follows_the_rule(rule: Any) -> None:
    kept = np.array(CASE["lonely"]["rows"])
    columns = {name: data(name)[kept] for name in ("weight", "region", "shop", "shops", "score")}

    def drawn(lonely: Any) -> SurveyDesign:
        return survey_design(
            len(kept),
            weights=columns["weight"],
            strata=[columns["region"]],
            clusters=[columns["shop"]],
            populations=[columns["shops"]],
            lonely=lonely,
        )

    same(mean(drawn(rule), columns["score"]), CASE["lonely"][rule])
    with pytest.raises(NotComputable, match="lonely_psu: stage=1, stratum=3"):
        mean(drawn("fail"), columns["score"])


class TestWhatIsRefusedOrToldOf:
    def test_designs_that_do_not_fit(self) -> None:
        for wrong in (
            {"populations": [np.array([2.0, 2.0, 2.0])]},  # three drawn of two
            {"weights": np.ones(3), "populations": [np.array([9.0, 9.0, 8.0])]},
            {"weights": np.ones(2)},
            {"weights": np.array([1, -1, 1])},
            {"weights": np.zeros(3)},
            {"weights": np.ones(3), "strata": [["a", None, "b"]]},
            {"weights": np.ones(3), "lonely": "ignore"},
            {},
        ):
            with pytest.raises(ValueError, match=r"design|bad_weight|weight"):
                survey_design(3, **wrong)

    def test_a_weight_column_against_the_population_counts_is_called_out(self) -> None:
        found = survey_design(4, weights=np.ones(4), populations=[np.full(4, 400.0)])
        assert "weights_differ_from_populations" in found.warnings
        assert "weights_differ_from_populations" in mean(found, [1, 2, 3, 4]).warnings

    def test_one_answer_all_missing_text_and_constants(self) -> None:
        design = simple_design(5)
        alone = mean(design, row(3, None, None, None, None))
        assert (alone.value, alone.standard_error, alone.low, alone.used) == (3, None, None, 1)
        assert "one_answer" in alone.warnings
        with pytest.raises(NotComputable, match="all_missing"):
            mean(design, row(*[None] * 5))
        with pytest.raises(NotComputable, match="not_a_number"):
            mean(design, row("good", 1, 2, 3, 4))
        same_answers = mean(design, [4, 4, 4, 4, 4])
        assert same_answers.deff is None
        edge = share(design, [1, 1, 1, 1, 1])
        assert (edge.low, "no_interval" in edge.warnings) == (None, True)
        assert share(design, [1, 1, 1, 1, 1], method="beta").low == pytest.approx(0.025 ** (1 / 5))
        with pytest.raises(NotComputable, match="0, 1"):
            share(design, [1, 2, 1, 0, 0])
        with pytest.raises(NotComputable, match="no_denominator"):
            ratio(design, [1, 2, 3, 4, 5], [0, 0, 0, 0, 0])

    def test_an_empty_group_keeps_its_place_with_the_reason(self) -> None:
        found = by(["a", "a", "b"], lambda where: mean(simple_design(3), row(1, 2, None), where=where))
        assert isinstance(found["b"], NotComputable)
        with pytest.raises(NotComputable, match="too_many_categories"):
            by(np.arange(10_000), lambda where: mean(simple_design(10_000), np.ones(10_000), where=where))

    def test_models_refuse_what_has_no_estimate(self) -> None:
        design, x = simple_design(40), np.arange(40.0)
        with pytest.raises(NotComputable, match="separated"):
            models.regression(design, x > 19, [x], family="logit")
        with pytest.raises(NotComputable, match="collinear"):
            models.regression(design, x**2, [x, 2 * x + 1])
        with pytest.raises(NotComputable, match="constant"):
            models.regression(design, x, [np.ones(40)])
        with pytest.raises(NotComputable, match="out_of_range"):
            scores.nps(design, x)

    def test_categories_that_decide_each_other_are_refused(self) -> None:
        sides = np.arange(40) % 2
        with pytest.raises(NotComputable, match="collinear"):
            comparisons.independence(simple_design(40), sides, 1 - sides)

    def test_a_domain_is_not_a_subset(self) -> None:
        design, app = design_of("one_stage"), data("channel") == "phone"
        inside = mean(design, data("score"), where=app).standard_error
        cut = survey_design(
            int(app.sum()),
            weights=data("weight")[app],
            clusters=[data("shop")[app] + 100 * data("region")[app]],
        )
        assert inside != pytest.approx(mean(cut, data("score")[app]).standard_error, rel=1e-6)

    def test_no_degree_of_freedom_no_interval(self) -> None:
        design = survey_design(4, weights=np.ones(4), clusters=[[1, 1, 1, 1]], lonely="certainty")
        found = mean(design, [1, 2, 3, 4])
        assert (found.low, "no_degrees_of_freedom" in found.warnings) == (None, True)
        assert math.isfinite(found.value)


def test_weights_of_mean_one_are_not_taken_for_the_population() -> None:
    weights = np.array([0.5, 1.5, 1.0, 2.0, 0.4, 0.7, 1.2, 0.8])
    values = [3.0, 5, 4, 2, 5, 1, 4, 3]
    small = mean(simple_design(8, weights), values)
    assert small.deff == mean(simple_design(8, weights), values, deff="replace").deff
    large, with_replacement = (
        mean(simple_design(8, weights * 1e6), values, deff=against).deff
        for against in ("population", "replace")
    )
    assert small.deff == pytest.approx(large, rel=1e-5)
    assert large != with_replacement
    counted = survey_design(8, weights=weights * 1.5, populations=[np.full(8, 12.0)])
    assert mean(counted, values).deff != mean(counted, values, deff="replace").deff
