"""Analyses under a design, through a specification, give R's numbers of the schools."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from manyi.analytics.data.arrays import ArrayTable, table_of
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import specification, specification_from_toml
from manyi.organisation.errors import Refused
from tests.measures.reference_cases import read_case

DESIGN = 'strata = ["stype"]\npopulations = ["fpc"]'


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, Any]:
    return read_case(shared_data / "statistics", "01_stratified_api")


@pytest.fixture(scope="module")
def schools(shared_data: Path) -> ArrayTable:
    path = shared_data / "statistics" / "01_stratified_api" / "data.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in rows[0]}
    columns["wide"] = [int(row["sch.wide"] == "Yes") for row in rows]
    return table_of(columns, weight="pw")


def told(method: str, config: str, table: ArrayTable) -> Result:
    return run(specification_from_toml(f'method = "{method}"\n[config]\n{config}\n{DESIGN}'), table)


def test_means_by_kind(schools: ArrayTable, expected: dict[str, Any]) -> None:
    result = told("design_estimates", 'items = ["api00"]\nby = "stype"', schools)
    whole, *kinds = result.tables[0].rows
    line = expected["results"]["svymean_api00"]
    assert [whole["value"], whole["se"]] == pytest.approx([line["est"]["api00"], line["se"]["api00"]])
    assert [whole["low"], whole["high"]] == pytest.approx(line["ci95"]["api00"])
    assert whole["deff"] == pytest.approx(line["deff"])
    wanted = [each["se"] for each in expected["results"]["svyby_api00_stype"]]
    assert [each["se"] for each in kinds] == pytest.approx(wanted)


def test_a_domain_keeps_the_design(schools: ArrayTable, expected: dict[str, Any]) -> None:
    config = 'items = ["api00"]\ndomain = {stype = ["E"]}'
    row = told("design_estimates", config, schools).tables[0].rows[0]
    assert row["se"] == pytest.approx(expected["results"]["svyby_api00_stype"][0]["se"])
    assert row["n"] == 100


def test_shares_ratios_quantiles_and_tests(schools: ArrayTable, expected: dict[str, Any]) -> None:
    results = expected["results"]
    shares = told("design_shares", 'items = ["wide"]\ninterval = "beta"', schools).tables[0].rows
    row = next(each for each in shares if each["code"] == "1")
    assert [row["low"], row["high"]] == pytest.approx(results["svyciprop_schwide_beta"]["ci"])
    ratio = told("design_ratio", 'numerator = "api.stu"\ndenominator = "enroll"', schools).tables[0].rows[0]
    assert ratio["se"] == pytest.approx(results["svyratio_apistu_enroll"]["se"])
    levels = told("design_quantiles", 'items = ["api00"]', schools).tables[0].rows
    assert [row["low"] for row in levels] == [each["ci.2.5"] for each in results["svyquantile_api00"]]
    test = told("design_independence", 'row = "sch.wide"\ncolumn = "stype"', schools).tables[0].rows[0]
    assert test["f"] == pytest.approx(results["svychisq_F_schwide_stype"]["F"])
    config = 'items = ["api00"]\nby = "sch.wide"\nfirst = "No"\nsecond = "Yes"'
    gap = told("design_difference", config, schools).tables[0].rows[0]
    assert gap["t"] == pytest.approx(results["svyttest_api00_schwide"]["t"])
    config = 'outcome = "api00"\ndrivers = ["ell", "meals", "mobility"]'
    lines = told("design_regression", config, schools).tables[0].rows
    wanted = [each["Std. Error"] for each in results["svyglm_api00"]]
    assert [each["standard_error"] for each in lines] == pytest.approx(wanted)


def test_margins_calibrate(schools: ArrayTable, expected: dict[str, Any]) -> None:
    margins = "margins = {stype = {E = 4421, H = 755, M = 1018}, 'sch.wide' = {No = 1072, Yes = 5122}}"
    row = told("design_estimates", f'items = ["api00"]\n{margins}', schools).tables[0].rows[0]
    line = expected["rake_stype_schwide"]["svymean_api00"]
    assert [row["value"], row["se"]] == pytest.approx([line["est"]["api00"], line["se"]["api00"]])
    result = run(specification_from_toml(f'method = "calibration"\n[config]\n{margins}'), schools)
    assert result.tables[0].rows[1]["deff"] == pytest.approx(expected["rake_stype_schwide"]["kish_deff"])
    after = [each["after"] - each["target"] for each in result.tables[1].rows]
    assert np.abs(after).max() < 1e-5


def test_what_cannot_be_is_told_in_words(schools: ArrayTable) -> None:
    with pytest.raises(Refused, match="no answers with stype = X"):
        told("design_estimates", 'items = ["api00"]\nmargins = {stype = {E = 1, X = 2}}', schools)
    text = 'method = "design_estimates"\n[config]\nitems = ["api00"]\npopulations = ["growth"]'
    with pytest.raises(Refused, match="population"):
        run(specification_from_toml(text), schools)


def test_a_line_says_itself_what_to_mind_about_it() -> None:
    table = table_of({"a": [1, 2, 3, 4, 5, 6] * 6, "g": ["x"] * 30 + ["y"] * 6})
    text = 'method = "design_estimates"\n[config]\nitems = ["a"]\nby = "g"'
    notes = [row["note"] for row in run(specification_from_toml(text), table).tables[0].rows]
    assert notes[:2] == [None, None]
    assert "Fewer than 30 answers" in notes[2].en


@pytest.mark.parametrize(
    ("design", "told"),
    [
        ({"clusters": ["shop"]}, "“shop” is empty in data row 3"),
        ({"strata": ["shop"]}, "“shop” is empty in data row 3"),
        ({"populations": ["count"]}, "“count” is empty in data row 4"),
        ({"strata": ["region"], "populations": ["two"]}, "The population count 8 in data row 1 is not that"),
    ],
)
def test_gaps_in_the_design_name_column_and_row(design: dict[str, Any], told: str) -> None:
    columns: dict[str, list[Any]] = {
        "a": [1, 2, 3, 4],
        "shop": ["x", "x", None, "y"],
        "count": [9, 9, 9, None],
        "region": ["n", "n", "s", "s"],
        "two": [8, 9, 8, 8],
    }
    asked = specification({"method": "design_estimates", "config": {"items": ["a"], **design}})
    with pytest.raises(Refused, match=told):
        run(asked, table_of(columns))
