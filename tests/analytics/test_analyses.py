"""The contract of every analysis: its example runs, tells its numbers in all forms, and refuses nonsense."""

from __future__ import annotations

import io
import json
import math
import re
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from manyi.analytics.analyses import ANALYSES, GROUPS, Analysis
from manyi.analytics.data.arrays import ArrayTable, table_of
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import Specification, specification, specification_from_toml
from manyi.analytics.written import as_page, as_workbook, document
from manyi.organisation.errors import Invalid, Refused

EVERY = pytest.mark.parametrize("analysis", list(ANALYSES), ids=lambda each: each.id)


def example(analysis: Analysis) -> tuple[Specification, ArrayTable]:
    made = specification_from_toml(analysis.example)
    return made, table_of(analysis.example_data, weight=made.choice.weight, missing=made.choice.missing)


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers_in(each)]
    if isinstance(value, list):
        return [number for each in value for number in numbers_in(each)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


@EVERY
def test_says_what_it_is_in_both_languages(analysis: Analysis) -> None:
    assert analysis.group in GROUPS
    for label in (analysis.label, analysis.question, analysis.method, analysis.caution):
        assert label.zh.strip()
        assert label.en.strip()


@EVERY
def test_its_example_is_a_specification_that_runs(analysis: Analysis) -> None:
    made, table = example(analysis)
    assert made.analysis is analysis
    result = run(made, table)
    told = json.loads(json.dumps(document(made, result, {}), allow_nan=False))
    assert numbers_in(told["tables"]) or told["figures"]
    assert specification_from_toml(made.to_toml()).config == made.config


@EVERY
def test_it_says_what_it_found_in_one_sentence(analysis: Analysis) -> None:
    made, table = example(analysis)
    sentence = run(made, table).sentence
    assert sentence is not None
    assert sentence.zh.endswith("。")
    assert sentence.en.endswith(".")
    for words in (sentence.zh, sentence.en):
        assert not re.search(r"\b(None|nan|inf)\b|Label\(", words), words
    assert not re.search(r"[\u4e00-\u9fff]", sentence.en), sentence.en


@EVERY
def test_its_result_is_a_workbook_and_a_page(analysis: Analysis) -> None:
    made, table = example(analysis)
    result: Result = run(made, table)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(made, result, "zh")))
    assert len(book.sheetnames) == len(result.tables) + 1
    for language in ("zh", "en"):
        page = as_page(made, result, language)
        assert escape(analysis.method.text(language)[:20]) in page


@EVERY
def test_wrong_settings_are_named(analysis: Analysis) -> None:
    wrong = f'method = "{analysis.id}"\n[config]\nno_such_thing = 1\n'
    with pytest.raises(Invalid) as caught:
        specification_from_toml(wrong)
    assert "config.no_such_thing" in [place for place, _ in caught.value.problems]


@EVERY
@pytest.mark.parametrize("spoil", ["missing", "one_row", "constant"])
def test_bad_data_give_a_refusal_or_a_result_without_a_wrong_number(analysis: Analysis, spoil: str) -> None:
    if not analysis.example_data:
        assert not analysis.needs_data
        return
    made, _ = example(analysis)
    length = len(next(iter(analysis.example_data.values())))
    spoilt: dict[str, list[Any]] = {}
    for name, values in analysis.example_data.items():
        if name == made.choice.weight:
            spoilt[name] = values[:1] if spoil == "one_row" else values
        elif spoil == "missing":
            spoilt[name] = [None] * length
        else:
            spoilt[name] = values[:1] if spoil == "one_row" else [values[0]] * length
    try:
        with np.errstate(all="raise", under="ignore"):
            result = run(made, table_of(spoilt, weight=made.choice.weight))
    except Refused:
        return
    json.dumps(result.to_json(), allow_nan=False)


def test_methods_and_places_that_do_not_exist_are_named() -> None:
    with pytest.raises(Invalid, match="frequencies"):
        specification_from_toml('method = "magic"')
    with pytest.raises(Invalid) as caught:
        specification_from_toml('method = "frequencies"\n[data]\nwieght = "w"\n[config]\nitems = ["a"]')
    assert caught.value.problems[0][0] == "data.wieght"
    with pytest.raises(Invalid):
        specification_from_toml("not toml at all")


def test_text_among_numbers_names_its_row(tmp_path: Path) -> None:
    made = specification_from_toml('method = "descriptives"\n[config]\nitems = ["a"]')
    with pytest.raises(Refused, match="row 4"):
        run(made, table_of({"a": ["1", "2", "很好"]}))


def test_marks_of_missing_values_are_told() -> None:
    made = specification_from_toml('method = "descriptives"\n[config]\nitems = ["a"]')
    result = run(made, table_of({"a": ["1", "2", "NA", "3"]}))
    assert result.tables[0].rows[0]["n"] == 3
    assert "1" in result.warnings[0].en


@pytest.mark.parametrize("weights", [[1, -1, 1], [0, 0, 0], [1, None, 1]])
def test_weights_that_are_none_are_refused(weights: list[Any]) -> None:
    with pytest.raises(Refused):
        table_of({"a": [1, 2, 3], "w": weights}, weight="w")


def test_conditions_narrow_the_rows() -> None:
    text = """
method = "descriptives"
[[data.where]]
column = "g"
in = ["x"]
[[data.where]]
column = "a"
at_least = 2
[config]
items = ["a"]
"""
    result = run(specification_from_toml(text), table_of({"a": [1, 2, 3, 9], "g": ["x", "x", "x", "y"]}))
    assert result.n == 2
    assert result.tables[0].rows[0]["mean"] == 2.5


def test_the_exact_interval_of_a_share_is_clopper_and_pearsons() -> None:
    text = 'method = "frequencies"\n[config]\nitems = ["a"]\ninterval = "exact"'
    result = run(specification_from_toml(text), table_of({"a": ["yes"] * 8 + ["no"] * 2}))
    yes = next(row for row in result.tables[0].rows if row["code"] == "yes")
    # R: binom.test(8, 10)$conf.int
    assert (yes["low"], yes["high"]) == pytest.approx((0.4439045, 0.9747893), abs=1e-7)


def test_the_plan_of_a_sample_tells_how_near_the_mean_comes() -> None:
    """Σ (N_h/N)² S_h²/n_h (1 - n_h/N_h) by hand; without all deviations there is nothing to tell."""
    spec = 'method = "sample_size"\n[config]\nmargin = 0.1\nallocation = "neyman"\n'
    spec += "[config.strata]\na = 100\nb = 300\n[config.deviations]\na = 8\nb = 2\n"
    made = specification_from_toml(spec)
    found = {each.id: each.rows for each in run(made, table_of({})).tables}
    drawn = {row["stratum"]: row["sample"] for row in found["strata"]}
    by_hand = sum(
        (size / 400) ** 2 * spread**2 / drawn[name] * (1 - drawn[name] / size)
        for name, size, spread in (("a", 100, 8), ("b", 300, 2))
    )
    best, plain = found["mean"]
    assert best["standard_error"] == pytest.approx(by_hand**0.5)
    assert best["standard_error"] < plain["standard_error"]
    lacking = specification_from_toml(spec.replace("neyman", "proportional").replace("b = 2\n", ""))
    assert {each.id for each in run(lacking, table_of({})).tables} == {"size", "strata"}


@pytest.mark.parametrize(
    ("method", "config", "field"),
    [
        ("descriptives", {"items": []}, "config.items"),
        ("top_boxes", {"items": []}, "config.items"),
        ("column_means", {"items": ["a"], "column": "g", "confidence": 1}, "config.confidence"),
        ("column_means", {"items": ["a"], "column": "g", "level": 5}, "config.level"),
        ("cross_tables", {"items": ["a"], "column": "g", "level": 0}, "config.level"),
        ("bootstrap", {"items": ["a"], "seed": -1}, "config.seed"),
        ("design_estimates", {"items": ["a"], "confidence": 95}, "config.confidence"),
        ("funnel", {"item": "a", "target": math.nan}, "config.target"),
        ("funnel", {"item": "a", "target": math.inf}, "config.target"),
    ],
)
def test_impossible_settings_are_refused_by_name(method: str, config: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as problem:
        specification({"method": method, "config": config})
    assert [name for name, _ in problem.value.problems] == [field]


def test_values_that_the_data_do_not_have_are_told_of() -> None:
    table = table_of({"a": [1, 2, 3, 4, 5, 6], "g": ["x", "x", "y", "y", "z", "z"]})
    narrowed = {"where": [{"column": "g", "in": ["x", "yy"]}, {"column": "a", "at_least": 1}]}
    found = run(
        specification({"method": "descriptives", "config": {"items": ["a"]}, "data": narrowed}), table
    )
    assert "“g” has no value yy." in [each.en for each in found.warnings]
    domain = {"items": ["a"], "domain": {"g": ["x", "q"]}}
    found = run(specification({"method": "design_estimates", "config": domain}), table)
    assert "“g”没有这样的取值:q。" in [each.zh for each in found.warnings]


def test_kendall_refuses_weights_in_words() -> None:
    table = table_of({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "w": [1, 2, 1, 2, 1]}, weight="w")
    asked = {"method": "correlations", "config": {"items": ["a", "b"], "kind": "kendall"}}
    with pytest.raises(Refused, match="takes no weights"):
        run(specification(asked), table)


def test_what_figures_rest_on_is_told() -> None:
    data: dict[str, Any] = {
        "a": [1, 2, 3, 4, 5, 6, 7, 9],
        "b": [2, 1, 4, 3, 6, 5, 9, 8],
        "g": ["x", "y"] * 4,
        "w": [1, 3] * 4,
    }
    table = table_of(data, weight="w")

    def first(method: str, **config: Any) -> Any:
        return run(specification({"method": method, "config": config}), table).tables[0].rows[0]

    assert first("correlations", items=["a", "b"])["effective_n"] == pytest.approx(16**2 / 40)
    assert first("correlations", items=["a", "b"])["df"] == pytest.approx(16**2 / 40 - 2)
    assert first("column_means", items=["a"], column="g")["effective_x"] == pytest.approx(4)
    assert first("design_estimates", items=["a"])["df"] == 7
    counted = run(specification({"method": "frequencies", "config": {"items": ["g"]}}), table).tables[0]
    assert "Effective n 6.4." in [note.en for note in counted.notes]


def test_columns_without_values_or_with_one_are_named() -> None:
    data: dict[str, Any] = {"a": [1, 2, 3, 4, 5, 6], "none": [None] * 6, "same": ["x"] * 6, "n": [9] * 6}

    def told(method: str, **config: Any) -> list[str]:
        found = run(specification({"method": method, "config": config}), table_of(data))
        return [each.en for each in found.warnings]

    assert "“none” has no usable value at all." in told("frequencies", items=["a", "none"])
    assert "“none” has no usable value at all." in told("column_means", items=["a"], column="none")
    assert "All values of “same” are the same." in told("column_means", items=["a"], column="same")
    assert not [each for each in told("design_estimates", items=["a"], populations=["n"]) if "“n”" in each]
    with pytest.raises(Refused, match=r"none.* has no usable value") as problem:
        run(specification({"method": "correlations", "config": {"items": ["a", "none"]}}), table_of(data))
    assert "“none” has no usable value at all." in str(problem.value)
    with pytest.raises(Refused, match="All values of “n” are the same"):
        run(specification({"method": "bootstrap", "config": {"items": ["n"]}}), table_of(data))


def test_a_narrow_group_is_not_told_to_be_of_one_mind() -> None:
    table = table_of({"a": [5, 5, 5, 5, 5, 5]})
    table.minimum = 3
    found = run(specification({"method": "descriptives", "config": {"items": ["a"]}}), table)
    assert not [each for each in found.warnings if "are the same" in each.en]
