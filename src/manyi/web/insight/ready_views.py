"""Views that are ready: the questions that directors and shop managers ask most, each a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from manyi.analytics.benchmarks import ITEM, compared
from manyi.analytics.item_view import drivers_asked, low_quotes
from manyi.analytics.queries import round_view
from manyi.analytics.views import ItemLine, RoundView
from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.benchmark_panels import compared_panels
from manyi.web.insight.choosing import roots, round_choice
from manyi.web.insight.item_panels import item_panels, item_sentence
from manyi.web.insight.overview_panels import overview_panels, overview_sentence
from manyi.web.insight.panels import Panel
from manyi.web.insight.ready_page import answered, language_of

SCORES = Label(
    "红绿灯看的是整个 95% 区间:区间全部达到目标才是“达标”,全部低于目标才是“未达标”,其余为“尚不能断定”。变化用"
    "Welch t 检验与上一轮比较。",
    "The light looks at the whole 95% interval: it is on target only when all of it is, below target only "
    "when all of it is, and not certain otherwise. Changes are tested against the round before "
    "with Welch's t.",
)
SMALL = Label(
    "样本少的时候大多数灯会是“尚不能断定”,这不等于没有问题;同时看很多项目时,会有少数变化只是碰巧显著。",
    "With few answers most lights are not certain, which does not mean that all is well; among many items a "
    "few changes look significant by chance alone.",
)


@needs("insight.view")
def overview(request: StaffRequest) -> HttpResponse:
    """For directors: which goals are reached, and what has moved."""
    choice = round_choice(request)
    newest: dict[int, Round] = {}
    for each in choice.rounds:
        newest.setdefault(each.programme_id, each)
    views = [(each, round_view(round=each, roots=roots(request))) for each in newest.values()]
    context: dict[str, Any] = {
        "question": Label("目标达到了吗?什么变化最大?", "Which goals have we reached, and what has moved?"),
        "sentence": overview_sentence(views) if views else None,
        "panels": [*overview_panels(views, language_of()), *_beside(views)],
        "method": SCORES,
        "caution": SMALL,
    }
    return render(request, "insight/ready.html", context)


def _beside(views: Sequence[tuple[Round, RoundView]]) -> list[Panel]:
    """The headlines of the rounds beside those of others."""
    found = [(round, compared(view, round.programme)) for round, view in views]
    return [
        panel
        for round, each in found
        for panel in compared_panels([c for c in each if not c.metric.startswith(ITEM)], language_of(), round)
    ]


@needs("insight.view")
def item(request: StaffRequest) -> HttpResponse:
    """One item: trend, distribution, groups with letters, what people wrote who gave low answers."""
    choice = round_choice(request)
    context: dict[str, Any] = {"choice": choice, "round": choice.round}
    context |= {"question": Label("这个项目怎么样?", "How does this item stand?")}
    if choice.round:
        view = round_view(round=choice.round, roots=roots(request))
        line = _line(view.items, request.GET.get("item", ""))
        context |= {"items": view.items, "item": line}
        if line:
            name = line.title
            context["question"] = Label(f"“{name.zh}”做得怎么样?", f"How do we do on “{name.en}”?")
            panels = item_panels(choice.round, line, roots(request), language_of())
            known = compared(view, choice.round.programme)
            panels += compared_panels([c for c in known if c.metric == ITEM + line.code], language_of())
            may = access.paths(request.user, "responses.view")
            context |= {
                "panels": panels,
                "sentence": item_sentence(view, line, choice.round, roots(request)),
                "quotes": low_quotes(round=choice.round, item=line.code, at_most=line.low, roots=may)
                if may
                else [],
                "drivers": f"{reverse('insight:drivers')}?{urlencode({'round': choice.round.pk})}",
                "method": ITEM_METHOD,
                "caution": SMALL,
            }
    return render(request, "insight/item.html", context)


ITEM_METHOD = Label(
    "趋势是各轮平均分和 95% t 区间;分组按答案均值两两 t 检验(Bonferroni),字母表示明显高于那一组。"
    "低分原话已遮去姓名、电话、证件、车牌和地址。",
    "The trend is the mean of each round with its 95% t interval; groups are compared by pairwise t tests of "
    "the mean answer (Bonferroni), letters name the groups that are clearly lower. Names, phones, IDs, "
    "plates and addresses are masked in what people wrote.",
)


@needs("insight.view")
def drivers(request: StaffRequest) -> HttpResponse:
    """What drives the overall judgement, and what to improve first."""
    choice = round_choice(request)
    made = drivers_asked(choice.round) if choice.round else None
    return answered(request, choice, made, NO_DRIVERS)


NO_DRIVERS = Label(
    "要找出影响因素,问卷需要一道“总体满意度”(或推荐意愿)题和至少两道评分题。",
    "To find what drives satisfaction the questionnaire needs an overall question (or one on recommending) "
    "and at least two rated items.",
)


def _line(items: tuple[ItemLine, ...], code: str) -> ItemLine | None:
    """The item in the address, else the lowest; 404 for one that the round has not."""
    if not code:
        known = [each for each in items if each.mean.value is not None]
        return min(known, key=lambda each: each.mean.value or 0.0, default=None)
    found = next((each for each in items if each.code == code), None)
    if found is None:
        raise Http404
    return found
