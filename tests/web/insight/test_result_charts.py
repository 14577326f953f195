"""The axis of a chart of results has room for its marks, and shows no parts that cannot be."""

from __future__ import annotations

import pytest

from manyi.analytics.analyses import ANALYSES
from manyi.analytics.data.arrays import table_of
from manyi.analytics.results import Form, Heading, ResultTable
from manyi.analytics.running import run
from manyi.analytics.specification import specification_from_toml
from manyi.kernel.labels import Label
from manyi.web.insight.result_charts import chart_of, dots

TITLE = Label("占比", "Share")


def axis_of(form: Form, low: float, high: float) -> tuple[float, float]:
    heading = Heading("share", TITLE, form)
    rows = ({"title": TITLE, "share": (low + high) / 2, "low": low, "high": high},)
    table = ResultTable("a", TITLE, (Heading("title", TITLE, "text"), heading), rows)
    axis = dots(rows, heading, table, "zh")["xAxis"]
    return axis["min"], axis["max"]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.01, 0.99)])
def test_shares_end_at_nought_and_at_the_whole(low: float, high: float) -> None:
    assert axis_of("share", low, high) == (0.0, 100.0)


def test_other_figures_have_room_on_both_sides() -> None:
    least, most = axis_of("points", -2.0, 3.0)
    assert least < -2.0
    assert most > 3.0


def test_one_item_by_group_has_a_mark_with_its_interval_for_each_group() -> None:
    specification = specification_from_toml(ANALYSES.get("column_means").example)
    table = run(specification, table_of(ANALYSES.get("column_means").example_data)).tables[0]
    chart = chart_of(table, "zh")
    assert chart
    (series,) = chart[0]["series"]
    assert chart[0]["yAxis"]["data"] == ["B (B)", "A (A)"]
    ends = [[end["coord"][0] for end in pair] for pair in series["markLine"]["data"]]
    # R: t.test(c(3, 2, 3, 2, 4, 1, 2, 3))$conf.int and t.test(c(5, 4, 5, 4, 5, 4, 5, 3))$conf.int
    assert ends == [
        pytest.approx([1.72599503, 3.27400497], abs=1e-4),
        pytest.approx([3.75298053, 4.99701947], abs=1e-4),
    ]


def test_an_item_that_nobody_answered_has_no_chart() -> None:
    specification = specification_from_toml(ANALYSES.get("column_means").example)
    data = ANALYSES.get("column_means").example_data
    unanswered = {**data, "score": [float("nan")] * len(data["score"])}
    table = run(specification, table_of(unanswered)).tables[0]
    assert len(table.rows) == 1
    assert chart_of(table, "zh") is None
