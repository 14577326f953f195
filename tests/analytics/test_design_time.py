"""Waves, effects and groups with weights or a design, through a specification, give R's numbers."""

from __future__ import annotations

from typing import Any

import pytest

from manyi.analytics.data.arrays import table_of
from manyi.analytics.results import Result
from manyi.analytics.running import run
from manyi.analytics.specification import specification
from manyi.organisation.errors import Refused
from tests.measures.test_design_groups import CASE as GROUPS
from tests.measures.test_design_groups import WAVE
from tests.measures.test_design_references import CASE

DATA = {**CASE["data"], "wave": WAVE.tolist(), "one": [1.0] * len(WAVE)}
KINDS: dict[str, dict[str, Any]] = {
    "weights_only": {},
    "one_stage": {"strata": ["region"], "clusters": ["shop"]},
    "two_stage": {
        "strata": ["region"],
        "clusters": ["shop", "unit"],
        "populations": ["shops", "people"],
    },
}
EVERY = pytest.mark.parametrize("kind", list(KINDS))
CLOSE: dict[str, Any] = {"rel": 1e-6}


def told(method: str, kind: str, *, weight: str = "weight", **config: Any) -> Result:
    given = {"method": method, "data": {"weight": weight}, "config": {**KINDS[kind], **config}}
    return run(specification(given), table_of(DATA, weight=weight))


def rows(result: Result, table: str) -> list[dict[str, Any]]:
    return [dict(row) for each in result.tables if each.id == table for row in each.rows]


@EVERY
@pytest.mark.parametrize(
    ("measure", "item", "name"), [("mean", "score", "score"), ("nps", "nps", "points"), ("mean", "price", "")]
)
def test_waves_of_means_and_of_nps(kind: str, measure: str, item: str, name: str) -> None:
    found = rows(told("waves", kind, item=item, period="wave", measure=measure), "waves")
    for row, wanted in zip(found, GROUPS[kind]["level"].get(name, []), strict=False):
        cells = [row[cell] for cell in ("value", "low", "high")]
        assert cells == pytest.approx([wanted[key] for key in ("value", "low", "high")], **CLOSE)
    for row, wanted in zip(found[1:], GROUPS[kind]["steps"][name or item], strict=True):
        cells = [row[cell] for cell in ("difference", "statistic", "p")]
        assert cells == pytest.approx([wanted[key] for key in ("difference", "t", "p")], **CLOSE)
        assert row["difference_low"] < row["difference"] < row["difference_high"]


@EVERY
def test_waves_of_a_share_and_its_trend(kind: str) -> None:
    result = told("waves", kind, item="happy", period="wave", at_least=1)
    for row, wanted in zip(rows(result, "waves"), GROUPS[kind]["happy"], strict=True):
        assert [row["value"], row["low"], row["high"]] == pytest.approx(
            [wanted["value"], *wanted["ci"]], **CLOSE
        )
    (line,), wanted = rows(result, "trend"), GROUPS[kind]["trend"]
    assert [line["slope"], line["t"], line["p"]] == pytest.approx(
        [wanted["slope"], wanted["t"], wanted["p"]], **CLOSE
    )
    assert line["direction"].en == "falling"
    assert result.sentence is not None
    assert "no significant trend" in result.sentence.en


@EVERY
def test_an_effect_with_its_verdict_and_plan(kind: str) -> None:
    config: dict[str, Any] = {"item": "score", "period": "wave", "before": "1", "after": "2"}
    result = told("effect", kind, **config)
    (line,), (plan,) = rows(result, "effect"), rows(result, "next")
    step = GROUPS[kind]["steps"]["score"][0]
    assert [line["difference"], line["p"]] == pytest.approx([step["difference"], step["p"]], **CLOSE)
    assert line["before"] == pytest.approx(GROUPS[kind]["level"]["score"][0]["value"], **CLOSE)
    assert line["low"] < line["difference"] < line["high"]
    assert line["code"] == "not_effective"
    assert plan["detectable"] > abs(line["difference"])  # it was not significant, so it needs more answers
    assert plan["needed"] > max(line["before_n"], line["after_n"])
    (small,) = rows(told("effect", kind, **config, minimum=100), "effect")
    assert small["code"] == "too_few"


@EVERY
def test_groups_and_their_pairs(kind: str) -> None:
    wanted = GROUPS[kind]["groups"]["price"]
    result = told("group_tests", kind, item="price", by="channel")
    wald, ranks = rows(result, "tests")
    assert [wald["statistic"], wald["df2"], wald["p"]] == pytest.approx(
        [wanted["f"], wanted["df2"], wanted["p"]], **CLOSE
    )
    assert [ranks["statistic"], ranks["p"]] == pytest.approx(
        [wanted["ranks"]["f"], wanted["ranks"]["p"]], **CLOSE
    )
    for row, pair in zip(rows(result, "pairs"), wanted["pairs"], strict=True):
        cells = [row[cell] for cell in ("difference", "low", "high", "p")]
        assert cells == pytest.approx([pair[key] for key in ("difference", "low", "high", "p")], **CLOSE)


def test_a_domain_narrows_without_dropping_rows() -> None:
    """The error of a domain is that of the whole design, not that of a sample of the domain alone."""
    config: dict[str, Any] = {"item": "score", "period": "wave", "measure": "mean"}
    whole = rows(told("waves", "one_stage", **config), "waves")
    part = rows(told("waves", "one_stage", **config, domain={"channel": ["app"]}), "waves")
    assert sum(row["n"] for row in part) == DATA["channel"].count("app")
    assert all(one["n"] < other["n"] for one, other in zip(part, whole, strict=True))


def test_equal_weights_come_near_the_classical_figures() -> None:
    config: dict[str, Any] = {"item": "score", "period": "wave", "before": "1", "after": "3"}
    (weighted,) = rows(told("effect", "weights_only", weight="one", **config), "effect")
    (plain,) = rows(told("effect", "weights_only", weight="", **config), "effect")
    assert weighted["difference"] == pytest.approx(plain["difference"], rel=1e-12)
    assert [weighted["low"], weighted["high"]] == pytest.approx([plain["low"], plain["high"]], rel=0.05)


def test_what_a_design_cannot_bear_is_told() -> None:
    with pytest.raises(Refused, match="neither weights nor"):
        told("waves", "one_stage", item="happy", period="wave", size="asked")
    with pytest.raises(Refused, match="11"):
        told("effect", "one_stage", item="score", period="wave", before="1", after="11")
    with pytest.raises(Refused, match="allowed values"):
        told("waves", "one_stage", item="score", period="wave", measure="nps")
