"""Charts as plain data: what is bad differs in shape, intervals stand where the figures say."""

from __future__ import annotations

from fractions import Fraction

from manyi.analytics.views import TrendPoint
from manyi.kernel.labels import Label
from manyi.measures.indicators import MeanSums
from manyi.web.insight import charts
from manyi.web.insight.charts import Dot, dots, from_low_to_high
from manyi.web.insight.panels import Panel, plain

LOW = MeanSums(30, 30, 1800, 109000).figure("item_mean:wait")
HIGH = MeanSums(30, 30, 2700, 244000).figure("item_mean:greeting")


def test_dots_stand_on_their_intervals() -> None:
    option = dots([Dot("等待", LOW, True, "/low/"), Dot("迎接", HIGH, False, "")], "zh-hans", target=75)
    under, band, points = option["series"]
    assert option["yAxis"]["data"] == ["迎接", "等待"]
    assert LOW.low is not None
    assert LOW.high is not None
    assert under["data"][1] == round(LOW.low, 3)
    assert band["data"][1] == round(LOW.high - LOW.low, 3)
    assert (points["data"][1]["symbol"], points["data"][0]["symbol"]) == ("diamond", "circle")
    assert (points["data"][1]["href"], points["data"][0]["href"]) == ("/low/", None)
    assert points["markLine"]["label"]["formatter"] == "目标 75"


def test_a_chart_is_as_high_as_its_longest_name_needs() -> None:
    lines = range(6)
    assert charts.height_of(lines, ["等待", "迎接"]) == charts.height_of(lines)
    assert charts.height_of(lines, ["总的来说,您对这次服务满意吗? · 员工眼中的售后服务"]) > charts.height_of(
        lines
    )


def test_a_panel_shows_its_first_rows_and_holds_the_others() -> None:
    rows = tuple((plain(n),) for n in range(5))
    panel = Panel("items", Label("项目", "Items"), (Label("项目", "Item"),), rows, most=3)
    assert [len(panel.labelled), len(panel.further)] == [3, 2]
    whole = Panel("items", Label("项目", "Items"), (Label("项目", "Item"),), rows)
    assert [len(whole.labelled), len(whole.further)] == [5, 0]


def test_a_trend_keeps_its_target_in_sight() -> None:
    points = [TrendPoint(n, Label(f"{n}", f"{n}"), {"total_mean": HIGH}) for n in (1, 2)]
    option = charts.trend(points, "total_mean", "en", Fraction(80))
    assert option is not None
    assert option["yAxis"]["min"] <= 80 <= option["yAxis"]["max"]
    assert charts.trend(points[:1], "total_mean", "en", None) is None


def test_a_scale_goes_from_vermillion_to_blue() -> None:
    assert from_low_to_high(2) == ["#d55e00", "#0072b2"]
    assert from_low_to_high(5)[2] == "#cbd2db"
    assert len(set(from_low_to_high(11))) == 11
