"""The axis of a chart of results has room for its marks, and shows no parts that cannot be."""

from __future__ import annotations

import pytest

from manyi.analytics.results import Form, Heading, ResultTable
from manyi.kernel.labels import Label
from manyi.web.insight.result_charts import dots

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
