"""Every number of the reference cases of estimation, tables, scores and samples, by name."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from manyi.measures.allocation import optimal_shares, variance_of_mean
from manyi.measures.design import calibration, comparisons, estimates, models, quantiles, sample, scores
from manyi.measures.design.estimates import Estimate
from manyi.measures.effects import nps_test
from manyi.measures.groups import anova, kruskal, tukey, welch
from manyi.measures.indicators import NpsSums, ShareSums
from manyi.measures.indices import expectation_index, servqual_gap
from manyi.measures.letters import letter_of, share_letters
from manyi.measures.sampling import required_size
from manyi.measures.tables import cross_table
from manyi.measures.weighting import Margin, kish_effect, response_factors
from tests.measures.reference_cases import ReferenceCase

Rows = list[dict[str, str]]


def column(rows: Rows, name: str) -> Any:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def texts(rows: Rows, name: str) -> Any:
    return np.array([row[name] for row in rows])


@pytest.fixture
def case(shared_data: Path) -> Callable[[str], tuple[ReferenceCase, Rows]]:
    def opened(folder: str) -> tuple[ReferenceCase, Rows]:
        found = ReferenceCase.read(shared_data / "statistics", folder, "test_reference_cases")
        table = shared_data / "statistics" / folder / "data.csv"
        if not table.exists():
            return found, []
        with table.open(encoding="utf-8") as file:
            return found, list(csv.DictReader(file))

    return opened


def told(found: Estimate, name: str) -> dict[str, Any]:
    """An estimate in the shape of the reference."""
    return {
        "est": {name: found.value},
        "se": {name: found.standard_error},
        "ci95": {name: [found.low, found.high]},
    }


class TestSchools:
    @pytest.fixture
    def schools(self, case: Any) -> tuple[ReferenceCase, Rows, sample.SurveyDesign]:
        expected, rows = case("01_stratified_api")
        strata, counts = [texts(rows, "stype")], [column(rows, "fpc")]
        design = sample.survey_design(
            len(rows), weights=column(rows, "pw"), strata=strata, populations=counts
        )
        return expected, rows, design

    def test_every_number(self, schools: tuple[ReferenceCase, Rows, sample.SurveyDesign]) -> None:
        expected, rows, design = schools
        self.claim_means_and_totals(expected, rows, design)
        self.claim_groups(expected, rows, design)
        self.claim_shares_ratios_and_quantiles(expected, rows, design)
        self.claim_tests_and_models(expected, rows, design)
        self.claim_calibrated(expected, rows, design)
        expected.finish()

    def claim_means_and_totals(
        self, expected: ReferenceCase, rows: Rows, design: sample.SurveyDesign
    ) -> None:
        expected.claim(design.degrees(), "results", "degf")
        for name in ("api00", "enroll"):
            found = estimates.mean(design, column(rows, name))
            more = {"deff": found.deff, "n_used": found.used}
            expected.claim(told(found, name) | more, "results", f"svymean_{name}")
        found = estimates.total(design, column(rows, "enroll"))
        expected.claim(told(found, "enroll"), "results", "svytotal_enroll")
        for kind in "EHM":
            members, name = texts(rows, "stype") == kind, f"stype{kind}"
            found = estimates.mean(design, members)
            deff = {"deff": {name: found.deff}}
            expected.claim(told(found, name) | deff, "results", "svymean_stype", zero=1e-12)
            found = estimates.total(design, members)
            expected.claim(told(found, name), "results", "svytotal_stype", zero=1e-9)
        spread = estimates.variance(design, column(rows, "api00"))
        expected.claim({"est": spread.value, "se": spread.standard_error}, "results", "svyvar_api00")
        endless = sample.survey_design(len(rows), weights=column(rows, "pw"), strata=[texts(rows, "stype")])
        found = estimates.mean(endless, column(rows, "api00"))
        whole = told(found, "api00") | {"deff": found.deff}
        expected.claim(whole, "results_no_fpc", "svymean_api00")

    def claim_groups(self, expected: ReferenceCase, rows: Rows, design: sample.SurveyDesign) -> None:
        wide = texts(rows, "sch.wide") == "Yes"
        for place, kind in enumerate("EHM"):
            members = texts(rows, "stype") == kind
            found = estimates.mean(design, column(rows, "api00"), where=members, df=math.inf)
            line = {"stype": kind, "api00": found.value, "se": found.standard_error}
            line |= {"ci_l": found.low, "ci_u": found.high, "DEff.api00": found.deff}
            expected.claim(line, "results", "svyby_api00_stype", place)
            found = estimates.share(design, wide, where=members, df=design.degrees())
            line = {"stype": kind, "est": found.value, "ci_l": found.low, "ci_u": found.high}
            expected.claim(line, "results", "svyby_schwide_logit", place)

    def claim_shares_ratios_and_quantiles(
        self, expected: ReferenceCase, rows: Rows, design: sample.SurveyDesign
    ) -> None:
        wide = texts(rows, "sch.wide") == "Yes"
        for name in ("logit", "xlogit", "beta", "mean", "asin", "likelihood"):
            method: Any = name.removeprefix("x")
            found = estimates.share(design, wide, method=method)
            near = 1e-4 if name == "likelihood" else 1e-6
            line = {"est": found.value, "ci": [found.low, found.high]}
            expected.claim(line, "results", f"svyciprop_schwide_{name}", rel=near)
        part = estimates.ratio(design, column(rows, "api.stu"), column(rows, "enroll"))
        expected.claim({"est": part.value, "se": part.standard_error}, "results", "svyratio_apistu_enroll")
        for place, level in enumerate((0.25, 0.5, 0.75)):
            found = quantiles.quantile(design, column(rows, "api00"), level)
            line = {"quantile": found.value, "ci.2.5": found.low, "ci.97.5": found.high}
            expected.claim(line | {"se": found.standard_error}, "results", "svyquantile_api00", place)

    def claim_tests_and_models(
        self, expected: ReferenceCase, rows: Rows, design: sample.SurveyDesign
    ) -> None:
        wide = texts(rows, "sch.wide")
        test = comparisons.independence(design, wide, texts(rows, "stype"))
        line: dict[str, Any] = {"F": test.f, "ndf": test.df1, "ddf": test.df2, "p": test.p}
        expected.claim(line, "results", "svychisq_F_schwide_stype")
        gap = comparisons.difference(design, column(rows, "api00"), wide == "No", wide == "Yes")
        line = {"t": gap.t, "df": gap.df, "p": gap.p, "diff": gap.difference}
        expected.claim(line, "results", "svyttest_api00_schwide")
        drivers = ("ell", "meals", "mobility")
        model = models.regression(
            design, column(rows, "api00"), [column(rows, name) for name in drivers], names=drivers
        )
        for place, each in enumerate(model.coefficients):
            line = {"term": "(Intercept)" if each.term == "1" else each.term, "Estimate": each.estimate}
            line |= {"Std. Error": each.standard_error, "t value": each.t, "Pr(>|t|)": each.p}
            expected.claim(line, "results", "svyglm_api00", place)

    def claim_calibrated(self, expected: ReferenceCase, rows: Rows, design: sample.SurveyDesign) -> None:
        kinds = expected.given("poststratify_stype", "pop")
        kind = Margin("stype", texts(rows, "stype").tolist(), {each["stype"]: each["Freq"] for each in kinds})
        wide = expected.given("rake_stype_schwide", "pop_schwide")
        totals = expected.given("calibrate_linear_stype_api99", "pop")
        margins = [kind, Margin("sch.wide", texts(rows, "sch.wide").tolist(), wide)]
        known = [np.ones(len(rows)), kind_is(rows, "H"), kind_is(rows, "M"), column(rows, "api99")]
        raked = calibration.raked(design, margins)
        linear = calibration.linear_calibrated(design, known, list(totals.values()))
        for name, calibrated in (
            ("poststratify_stype", calibration.post_stratified(design, kind)),
            ("rake_stype_schwide", raked),
            ("calibrate_linear_stype_api99", linear),
        ):
            found = estimates.total(calibrated, column(rows, "enroll"))
            expected.claim(told(found, "enroll"), name, "svytotal_enroll")
            expected.claim(
                told(estimates.mean(calibrated, column(rows, "api00")), "api00"), name, "svymean_api00"
            )
        expected.claim(linear.weights[:10], "calibrate_linear_stype_api99", "weights_first10")
        squares = {"sum_w": raked.weights.sum(), "sum_w2": (raked.weights**2).sum()}
        squares |= {"kish_deff": kish_effect(raked.weights), "weights_first10": raked.weights[:10]}
        expected.claim(squares, "rake_stype_schwide")


def kind_is(rows: Rows, kind: str) -> Any:
    return texts(rows, "stype") == kind


class TestAirline:
    def test_every_number(self, case: Any) -> None:
        expected, rows = case("02_airline_satisfaction")
        self.claim_nps(expected, rows)
        self.claim_top_boxes(expected, rows)
        self.claim_indices(expected, rows)
        self.claim_cross_tables(expected, rows)
        self.claim_groups(expected, rows)
        expected.finish()

    def claim_nps(self, expected: ReferenceCase, rows: Rows) -> None:
        expected.claim(nps_line(likely(rows)), "results", "nps_total")
        for key, by in (("nps_by_class", "flight_class"), ("nps_by_status", "status")):
            for group in expected.at("results", key):
                members = texts(rows, by) == group
                expected.claim(nps_line(likely(rows)[members]), "results", key, group)
        gold, blue = (nps_sums(likely(rows)[texts(rows, "status") == each]) for each in ("Gold", "Blue"))
        test = nps_test(blue, gold)
        assert test.difference is not None
        assert test.statistic is not None
        line = {"diff": test.difference, "se": test.difference / test.statistic}
        expected.claim(line | {"z": test.statistic, "p": test.p}, "results", "nps_diff_Gold_Blue")

    def claim_top_boxes(self, expected: ReferenceCase, rows: Rows) -> None:
        happy = column(rows, "overall_sat")
        expected.claim(top_line(happy), "results", "top2box_overall_sat_6_7")
        for group in expected.at("results", "top2box_by_status"):
            members = texts(rows, "status") == group
            expected.claim(top_line(happy[members]), "results", "top2box_by_status", group)

    def claim_indices(self, expected: ReferenceCase, rows: Rows) -> None:
        hoped = {f"e{n}": column(rows, f"e{n}") for n in range(1, 24)}
        found = {f"s{n}": column(rows, f"s{n}") for n in range(1, 24)}
        index = expectation_index(hoped, found)
        expected.given("results", "csi_expectation_weighted", "formula")
        line = {"csi": index.weighted, "csi_ratio_sat_over_exp": index.ratio, "weights": index.weights}
        expected.claim(line, "results", "csi_expectation_weighted")
        for n in range(1, 24):
            gap = servqual_gap(hoped[f"e{n}"], found[f"s{n}"])
            values = {"item": n, "n": gap.n, "exp": gap.expected, "perf": gap.perceived, "gap": gap.gap}
            values |= {"t": gap.t, "df": gap.df, "p": gap.p, "lo": gap.low, "hi": gap.high}
            expected.claim(values, "results", "servqual_gap", n - 1)

    def claim_cross_tables(self, expected: ReferenceCase, rows: Rows) -> None:
        happy = column(rows, "overall_sat")
        levels = {"low1_3": happy <= 3, "mid4_5": (happy > 3) & (happy < 6), "high6_7": happy >= 6}
        for key, by in (("crosstab_sat3_by_status", "status"), ("crosstab_sat3_by_country", "country")):
            columns = sorted(set(texts(rows, by)))
            members = [texts(rows, by) == name for name in columns]
            counts = [[int((level & member).sum()) for member in members] for level in levels.values()]
            found = cross_table(counts)
            line: dict[str, Any] = {"rows": list(levels), "cols": columns, "n": found.n, "chisq": found.chi2}
            line |= {"df": found.df, "p": found.p, "cramers_v": found.cramers_v}
            expected.claim(line | {"min_expected": found.min_expected}, "results", key)
            for place, name in enumerate(levels):
                table = dict(zip(columns, counts[place], strict=True))
                expected.claim(table, "results", key, "table", place)
                residuals = dict(zip(columns, found.residuals[place], strict=True))
                expected.claim(residuals, "results", key, "std_residuals_adj", place)
                shares, bases = found.column_shares[place], found.column_bases
                row = letters_line(columns, shares.tolist(), bases.tolist())
                expected.claim(row, "results", key, "column_prop_z_bonferroni", "rows", name)
            letters = {name: letter_of(place) for place, name in enumerate(columns)}
            expected.claim(letters, "results", key, "column_prop_z_bonferroni", "column_letters")

    def claim_groups(self, expected: ReferenceCase, rows: Rows) -> None:
        groups = {
            g: column(rows, "overall_sat")[texts(rows, "status") == g] for g in ("Blue", "Gold", "Silver")
        }
        classical, ranks, robust = anova(groups), kruskal(groups), welch(groups)
        line: dict[str, Any] = {"F": classical.statistic, "df1": classical.df1, "df2": classical.df2}
        line |= {"p": classical.p, "means": {name: row.mean() for name, row in groups.items()}}
        line |= {"kruskal_H": ranks.statistic, "kruskal_df": ranks.df1, "kruskal_p": ranks.p}
        line |= {"welch": {"statistic": robust.statistic, "p.value": robust.p}}
        expected.claim(line, "results", "anova_overall_by_status")
        for place, pair in enumerate(tukey(groups)):
            values = {"pair": f"{pair.second}-{pair.first}", "diff": pair.difference, "p adj": pair.p}
            values |= {"lwr": pair.low, "upr": pair.high}
            expected.claim(values, "results", "anova_overall_by_status", "tukey", place)


def likely(rows: Rows) -> Any:
    """The answers on recommendation; 11 in these data means 10, as their reference takes it."""
    return np.minimum(column(rows, "nps"), 10)


def nps_sums(answers: Any) -> NpsSums:
    given = answers[~np.isnan(answers)]
    return NpsSums(len(given), len(given), int((given >= 9).sum()), int((given <= 6).sum()))


def nps_line(answers: Any) -> dict[str, Any]:
    sums = nps_sums(answers)
    figure = sums.figure("nps")
    assert figure.value is not None
    assert figure.high is not None
    survey = scores.nps(sample.simple_design(len(answers)), answers)
    assert survey.value == pytest.approx(figure.value, rel=1e-12)
    error = sums.standard_error()
    assert error is not None
    return {
        "n": sums.valid,
        "promoters": sums.promoters / sums.valid,
        "passives": 1 - (sums.promoters + sums.detractors) / sums.valid,
        "detractors": sums.detractors / sums.valid,
        "nps": figure.value,
        "se_pp": error,
        "moe95_pp": figure.high - figure.value,
        "se_pp_nminus1": survey.standard_error,
    }


def top_line(answers: Any) -> dict[str, Any]:
    given = answers[~np.isnan(answers)]
    sums = ShareSums(len(given), len(given), int((given >= 6).sum()))
    figure = sums.figure("top2")
    return {"k": sums.hits, "n": sums.valid, "p": figure.value, "lo": figure.low, "hi": figure.high}


def letters_line(columns: list[str], shares: list[float], bases: list[float]) -> dict[str, Any]:
    found = share_letters(shares, bases)
    tests = {
        f"{columns[test.first]}|{columns[test.second]}": {"z": test.statistic, "p_adj": test.p_adjusted}
        for test in found.tests
    }
    return {"letters": dict(zip(columns, found.letters, strict=True)), "tests": tests}


class TestSamples:
    def test_every_number(self, case: Any) -> None:
        expected, _ = case("06_sample_design")
        self.claim_sizes(expected)
        self.claim_allocations(expected)
        self.claim_silence(expected)
        expected.finish()

    def claim_sizes(self, expected: ReferenceCase) -> None:
        for place, asked in enumerate(expected.at("results", "sample_size")):
            for name in ("N", "e", "p", "conf"):
                expected.given("results", "sample_size", place, name)
            found = required_size(asked["N"], asked["e"], share=asked["p"], confidence=asked["conf"])
            line = {"n0": found.infinite, "n": found.corrected, "n_ceil": found.answers}
            expected.claim(line, "results", "sample_size", place)
        asked = expected.at("results", "replicates_needed")
        for name in ("response_rate", "invalid_rate"):
            expected.given("results", "replicates_needed", name)
        rates = {name: asked[name] for name in ("response_rate", "invalid_rate")}
        found = required_size(None, 0.05, **rates)
        expected.claim({"n": found.answers, "issue": found.invitations}, "results", "replicates_needed")

    def claim_allocations(self, expected: ReferenceCase) -> None:
        for place in range(2):
            at = ("results", "allocation", place)
            names = ("a", "b", "c")
            sizes = dict(zip(names, expected.given(*at, "Nh"), strict=True))
            spread = dict(zip(names, expected.given(*at, "Sh"), strict=True))
            costs = dict(zip(names, expected.given(*at, "optimal_cost", "cost"), strict=True))
            n = expected.given(*at, "n")
            even, best = (
                {name: share * n for name, share in optimal_shares(sizes, deviations).items()}
                for deviations in (dict.fromkeys(sizes, 1), spread)
            )
            cheap = optimal_shares(sizes, spread, costs)
            expected.claim([float(share) for share in even.values()], *at, "proportional")
            expected.claim([float(share) for share in best.values()], *at, "neyman")
            expected.claim([float(share * n) for share in cheap.values()], *at, "optimal_cost", "nh")
            expected.claim(variance_of_mean(sizes, spread, even), *at, "var_mean_prop")
            expected.claim(variance_of_mean(sizes, spread, best), *at, "var_mean_neyman")

    def claim_silence(self, expected: ReferenceCase) -> None:
        at = ("results", "nonresponse")
        sizes, sampled, responded = (expected.given(*at, name) for name in ("Nh", "sampled", "responded"))
        base = [size / drawn for size, drawn in zip(sizes, sampled, strict=True)]
        invited = [(h, base[h]) for h in range(3) for _ in range(sampled[h])]
        answered = [(h, base[h]) for h in range(3) for _ in range(responded[h])]
        factors = response_factors(invited, answered)
        final = [base[h] * factors[h] for h in range(3)]
        weights = [final[h] for h, _ in answered]
        rate = sum(weight for _, weight in answered) / sum(weight for _, weight in invited)
        line = {"base_weight": base, "nonresponse_factor": [factors[h] for h in range(3)]}
        line |= {"final_weight": final}
        expected.claim(line, *at)
        whole = {"response_rate_unweighted": len(answered) / len(invited), "response_rate_weighted": rate}
        effect = kish_effect(weights)
        expected.claim(whole | {"kish_deff": effect, "n_eff": len(weights) / effect}, *at)
