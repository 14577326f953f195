"""Every reference number of relations, scales and time, computed again and claimed by name."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from manyi.measures.columns import Floats
from manyi.measures.correlation import correlations
from manyi.measures.drivers import Drivers, key_drivers, priority_map
from manyi.measures.factors import Factors, extract, suitability
from manyi.measures.indicators import ShareSums
from manyi.measures.kano import kano
from manyi.measures.ordinal import ordinal_logit
from manyi.measures.pls.estimation import pls
from manyi.measures.pls.models import Block, path_model
from manyi.measures.pls.results import PlsFit
from manyi.measures.regression import ols
from manyi.measures.reliability import Reliability, omega_total, reliability
from manyi.measures.trend import cochran_armitage, mann_kendall, ols_slope, wave_on_wave
from tests.measures.reference_cases import ReferenceCase

MODULE = "test_reference_relations"
ITERATIVE = 1e-4
Rows = list[dict[str, str]]


@pytest.fixture
def statistics(shared_data: Path) -> Path:
    return shared_data / "statistics"


def rows_of(statistics: Path, folder: str) -> Rows:
    with (statistics / folder / "data.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers(rows: Rows, name: str) -> Floats:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def drivers_tree(found: Drivers) -> dict[str, Any]:
    parts = {
        kind: {driver.name: getattr(driver, kind) for driver in found.drivers}
        for kind in ("lmg", "first", "last", "pratt")
    }
    raw = {driver.name: driver.johnson for driver in found.drivers}
    percent = {driver.name: 100 * found.share(driver, "johnson") for driver in found.drivers}
    return {
        **parts,
        "r2": found.r2,
        "johnson": {"raw": raw, "rescaled_pct": percent, "r2": sum(raw.values())},
    }


def test_drivers_of_an_airline(statistics: Path) -> None:
    case = ReferenceCase.read(statistics, "02_airline_satisfaction", MODULE)
    rows, names = rows_of(statistics, "02_airline_satisfaction"), ["s1", "s2", "s5", "s6", "s9", "s13", "s16"]
    overall, drivers = numbers(rows, "overall_sat"), [numbers(rows, name) for name in names]
    case.given("results", "key_driver", "formula")
    model = ols(overall, drivers, names)
    shares = key_drivers(overall, drivers, names)
    case.claim(
        {
            **drivers_tree(shares),
            "n": model.n,
            "r2": model.r2,
            "adj_r2": model.adjusted_r2,
            "std_beta": {name: model.of(name).beta for name in names},
            "vif": {name: model.of(name).vif for name in names},
            "coef": [
                {
                    "term": "(Intercept)" if place == 0 else term.name,
                    "Estimate": term.estimate,
                    "Std. Error": term.error,
                    "t value": term.t,
                    "Pr(>|t|)": term.p,
                }
                for place, term in enumerate(model.coefficients)
            ],
        },
        "results",
        "key_driver",
    )
    claim_map(case, rows, shares)
    claim_ordinal(case, rows)
    pair = [numbers(rows, "s1"), overall]
    tree = {"rho": "spearman", "kendall_tau_b": "kendall", "pearson": "pearson"}
    for key, kind in tree.items():
        (one,) = correlations(pair, kind=kind)  # type: ignore[arg-type]
        case.claim(one.value, "results", "spearman_s1_overall", key)
    case.finish()


def claim_map(case: ReferenceCase, rows: Rows, shares: Drivers) -> None:
    names = [driver.name for driver in shares.drivers]
    overall = numbers(rows, "overall_sat")
    both = np.column_stack([numbers(rows, name) for name in names])
    complete = ~np.isnan(np.column_stack([both, overall])).any(axis=1)
    done = both[complete].mean(axis=0)
    placed = priority_map(names, [driver.lmg for driver in shares.drivers], done.tolist(), cut="mean")
    for key in ("importance", "performance", "cut"):
        case.given("results", "ipa", key)
    case.claim(
        {
            "mean_importance": placed.importance_cut,
            "mean_performance": placed.performance_cut,
            "points": [
                {
                    "item": item.name,
                    "importance": item.importance,
                    "performance": item.performance,
                    "quadrant": item.quadrant,
                }
                for item in placed.items
            ],
        },
        "results",
        "ipa",
    )


def claim_ordinal(case: ReferenceCase, rows: Rows) -> None:
    names = ["s1", "s6", "s13"]
    case.given("results", "ordinal_logit_polr", "formula")
    drivers = [numbers(rows, name) for name in names]
    found = ordinal_logit(numbers(rows, "overall_sat"), drivers, names, errors="polr")
    terms = (*found.coefficients, *found.thresholds)
    case.claim(
        {
            "n": found.n,
            "loglik": found.loglik,
            "coef": {term.name: term.estimate for term in found.coefficients},
            "zeta": {term.name: term.estimate for term in found.thresholds},
            "se": {term.name: term.error for term in terms},
        },
        "results",
        "ordinal_logit_polr",
        rel=ITERATIVE,
    )


BFI_REVERSED = {"A1", "C4", "C5"}


def scale_tree(found: Reliability) -> dict[str, Any]:
    return {
        "n_rows": found.rows,
        "raw_alpha": found.alpha,
        "std_alpha": found.standardised,
        "avg_r": found.average_r,
        "item": [
            {
                "item": item.name,
                "n": item.n,
                "r_cor_raw": item.r_total,
                "r_drop": item.r_drop,
                "mean": item.mean,
                "sd": item.sd,
                "alpha_if_dropped": item.alpha_if_dropped,
            }
            for item in found.items
        ],
    }


def test_reliability_and_factors_of_a_personality_inventory(statistics: Path) -> None:
    case = ReferenceCase.read(statistics, "03_bfi_reliability_efa", MODULE)
    rows = rows_of(statistics, "03_bfi_reliability_efa")
    names = [letter + str(number) for letter in "ACENO" for number in range(1, 6)]
    whole = np.column_stack([numbers(rows, name) for name in names])
    turned = np.where([name in BFI_REVERSED for name in names], 7 - whole, whole)
    for key in ("agreeableness", "conscientiousness", "neuroticism"):
        at = [place for place, name in enumerate(names) if name[0] == key[0].upper()]
        found = reliability(turned[:, at], [names[place] for place in at])
        case.claim(scale_tree(found), "results", key)
    complete = whole[~np.isnan(whole).any(axis=1)]
    omega = omega_total(complete[:, 15:20], names[15:20])
    key = "omega_total_1factor_neuroticism_complete_cases"
    case.claim(omega.value, "results", key, rel=ITERATIVE)
    claim_factors(case, complete, names)
    case.finish()


def claim_factors(case: ReferenceCase, complete: Floats, names: Sequence[str]) -> None:
    matrix, n = np.asarray(np.corrcoef(complete.T), dtype=np.float64), len(complete)
    fit = suitability(matrix, n=n, names=names)
    place = ("results", "efa5")
    case.given(*place, "rotation")
    case.claim(
        {
            "n": n,
            "kmo": fit.kmo,
            "msa": dict(fit.msa),
            "bartlett_chisq": fit.chi2,
            "bartlett_df": fit.df,
            "bartlett_p": fit.p,
            "eigenvalues": fit.eigenvalues,
        },
        *place,
    )
    minres = extract(matrix, 5, names=names, rotation="varimax")
    assert extract(matrix, 5, names=names, rotation="oblimin").warnings == ()
    ml = extract(matrix, 5, names=names, method="ml", n=n)
    explained = np.array(minres.explained)
    case.claim(
        {
            "nfactors": minres.loadings.shape[1],
            "minres_communality": communalities(minres),
            "ml_communality": communalities(ml),
            "rotated_abs_loadings": np.abs(minres.loadings).tolist(),
            "rotated_vaccounted": [
                explained.tolist(),
                (explained / len(names)).tolist(),
                np.cumsum(explained / len(names)).tolist(),
                (explained / explained.sum()).tolist(),
                np.cumsum(explained / explained.sum()).tolist(),
            ],
        },
        *place,
        rel=ITERATIVE,
    )


def communalities(found: Factors) -> Mapping[str, float]:
    return dict(zip(found.names, found.communalities, strict=True))


def test_drivers_of_swiss_fertility(statistics: Path) -> None:
    case = ReferenceCase.read(statistics, "04_swiss_relimp", MODULE)
    rows = rows_of(statistics, "04_swiss_relimp")
    names = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]
    found = key_drivers(numbers(rows, "Fertility"), [numbers(rows, name) for name in names], names)
    case.claim(drivers_tree(found), "results")
    case.finish()


def test_waves(statistics: Path) -> None:
    case = ReferenceCase.read(statistics, "05_waves_trend", MODULE)
    given = case.at("input")
    waves = [ShareSums(n, n, k) for n, k in zip(given["n"], given["satisfied"], strict=True)]
    monthly = given["monthly_scores"]
    trend, ranks, slope = cochran_armitage(waves), mann_kendall(monthly), ols_slope(monthly)
    assert trend and ranks and slope  # noqa: PT018
    case.claim(
        {
            "cochran_armitage": {"chisq": trend.chi2, "p": trend.p},
            "wave_tests": [
                {
                    "wave": wave,
                    "diff": test.difference,
                    "z": test.statistic,
                    "p": test.p,
                    "lo": test.low,
                    "hi": test.high,
                }
                for wave, test in enumerate(wave_on_wave(waves), start=2)
            ],
            "mann_kendall_scores": {"S": ranks.s, "var": ranks.variance, "z": ranks.z, "p": ranks.p},
            "ols_slope_scores": {
                "Estimate": slope.slope,
                "Std. Error": slope.standard_error,
                "t value": slope.t,
                "Pr(>|t|)": slope.p,
            },
        },
        "results",
    )
    case.claim(
        [
            {"k": wave.hits, "n": wave.n, "p": share.value, "lo": share.low, "hi": share.high}
            for wave, share in ((wave, wave.figure("satisfied")) for wave in waves)
        ],
        "results",
        "wilson",
    )
    case.finish()


def latents_tree(found: PlsFit) -> dict[str, Any]:
    return {
        "r_inner_summary": {
            latent.name: {
                "type": "Endogenous" if latent.endogenous else "Exogenous",
                "r_squared": latent.r2,
                "block_communality": latent.communality,
                "mean_redundancy": latent.redundancy,
                "ave": latent.ave,
            }
            for latent in found.latents
        },
        "r_unidim": {
            latent.name: {
                "mode": latent.mode,
                "mvs": latent.items,
                "cronbach_alpha": latent.alpha,
                "dillon_goldstein_rho": latent.rho,
                "eig_1st": latent.eigenvalues[0],
                "eig_2nd": latent.eigenvalues[1],
            }
            for latent in found.latents
        },
    }


def items_tree(found: PlsFit) -> dict[str, Any]:
    return {
        "r_effects": {
            f"{effect.cause} -> {effect.effect}": {
                "from": effect.cause,
                "to": effect.effect,
                "direct": effect.direct,
                "indirect": effect.indirect,
                "total": effect.total,
            }
            for effect in found.effects
        },
        "r_outer_model": {
            item.name: {
                "block": item.block,
                "weight": item.weight,
                "loading": item.loading,
                "communality": item.communality,
                "redundancy": item.redundancy,
            }
            for item in found.items
        },
    }


def test_the_path_model_of_a_bank(statistics: Path) -> None:
    case = ReferenceCase.read(statistics, "07_pls_ecsi_bank", MODULE)
    rows = rows_of(statistics, "07_pls_ecsi_bank")
    given = case.given("results", "model")
    blocks = [
        Block(name, tuple(f"{name.lower()}{number}" for number in range(1, int(span[-1]) + 1)))
        for name, span in given["blocks"].items()
    ]
    model = path_model(blocks, [(cause, effect) for cause, effect in given["paths"]])
    data = {item: numbers(rows, item) for item in model.items}
    found = pls(data, model, scheme=given["scheme"], scaled=given["scaled"], tolerance=given["tol"])
    zero = {name: dict.fromkeys(model.names, 0.0) for name in model.names}
    for path in found.paths:
        zero[path.cause][path.effect] = path.estimate
    case.claim(
        {
            "gof": found.gof,
            "python_plspm_paths": zero,
            "r_inner_model_SAT_equation": {
                path.cause: {
                    "Estimate": path.estimate,
                    "Std. Error": path.error,
                    "t value": path.t,
                    "Pr(>|t|)": path.p,
                }
                for path in found.paths
                if path.effect == "SAT"
            },
            **latents_tree(found),
            **items_tree(found),
        },
        "results",
        rel=1e-6,
    )
    case.finish()


def test_kano_features(statistics: Path) -> None:
    case = ReferenceCase.read(statistics, "08_kano", MODULE)
    rows = rows_of(statistics, "08_kano")
    for feature in case.at("results"):
        own = [row for row in rows if row["feature"] == feature]
        found = kano(numbers(own, "functional"), numbers(own, "dysfunctional"))
        case.claim(
            {
                "counts": found.counts,
                "mode": found.mode,
                "better": found.better,
                "worse": found.worse,
                "category_strength": found.category_strength,
                "total_strength": found.total_strength,
                "fong_rule_category": found.fong,
            },
            "results",
            feature,
        )
    case.finish()
