"""The sentence at the top of a round says what the figures say."""

from __future__ import annotations

from collections.abc import Callable

from manyi.analytics.queries import round_view
from manyi.analytics.views import Change
from manyi.analytics.wording import (
    answer_sentence,
    change_words,
    figure_words,
    groups_finding,
    items_finding,
    returns_finding,
)
from manyi.kernel.labels import Label
from manyi.measures.indicators import MeanSums, ShareSums
from manyi.organisation.models import Unit
from manyi.surveys.models import Round
from tests.after_sales import answer, sheet

ALL = ("/",)


def test_a_figure_always_says_n() -> None:
    assert figure_words(ShareSums(312, 312, 269).figure("csat")).zh == "86.2%(82.0–89.6,n=312)"
    assert figure_words(MeanSums(1, 1, 80, 6400).figure("item")) == Label("80.0 分(n=1)", "80.0 (n = 1)")


def test_a_change_names_direction_size_and_chance() -> None:
    fallen = Change(-3.14, -5.0, -1.2, 0.001, "points")
    assert change_words(fallen).zh == "比上一轮低 3.1 分,差异显著"
    risen = Change(0.021, -0.01, 0.05, 0.4, "share")
    assert change_words(risen).zh == "比上一轮高 2.1 个百分点,差异不显著"
    assert change_words(Change(0.0, None, None, None, "points")).en == "the same as in the round before"


def test_the_sentence_of_a_bad_round(open_round: Callable[..., Round], east: Unit, west: Unit) -> None:
    before, after = open_round(), open_round()
    for number in range(30):
        answer(before, east, sheet(4, 4, 4 + number % 2, 4, 8))
        answer(after, east, sheet(2, 4, 4 + number % 2, 4, 8))
        answer(after, west, sheet(3, 4, 4 + number % 2, 4, 8))
    view = round_view(round=after, roots=ALL)
    words = answer_sentence(view)
    assert words.zh == (
        "满意度总分 73.3 分(±1.2,n=60),比上一轮低 10.0 分,差异显著,低于目标 80 分;"
        "主要失分项:维修等待时间(50.0 分)。"
    )
    assert "below the target of 80. Most points are lost on: Waiting time (50.0)." in words.en
    assert items_finding(view).en == "One item is under target; the lowest is Waiting time (50.0)"
    assert groups_finding(view.units, "total_mean", Label("部门", "units")).zh.startswith("城东店最低")
    assert returns_finding(view).zh == "本轮没有发出个人邀请"


def test_a_round_without_answers_says_so(open_round: Callable[..., Round], east: Unit) -> None:
    round = open_round()
    assert answer_sentence(round_view(round=round, roots=ALL)).zh == "还没有有效答卷。"
    answer(round, east, sheet(5, 5, 5, 5, 9))
    assert "太少" in answer_sentence(round_view(round=round, roots=ALL)).zh
