"""A figure over time in its control limits: the usual variation, or a change?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from manyi.analytics.item_view import item_asked
from manyi.analytics.round_items import RoundItem, round_items
from manyi.analytics.specification import Specification
from manyi.analytics.trend import earlier_rounds
from manyi.kernel.labels import Label
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.choosing import round_choice
from manyi.web.insight.narrowing import Choice
from manyi.web.insight.ready_page import answered
from manyi.web.insight.unit_views import Field, chosen, item_fields

TITLE = Label(
    "这个指标是正常波动,还是真的出了变化?", "Is this the usual variation, or has something changed?"
)
LACKING = Label(
    "控制图需要评分题或评分方案,以及至少四期答卷:同一项目的四个轮次,或四个月份。",
    "A control chart needs rated items or a scheme, and answers of four periods at least: four rounds of the "
    "programme, or four months.",
)
PERIODS = {"round": Label("各轮次", "Rounds"), "month": Label("各月份", "Months")}
RULES = {
    "western_electric": Label("西电规则", "Western Electric"),
    "nelson": Label("Nelson 规则(更灵敏,误报更多)", "Nelson (more sensitive, more false alarms)"),
}
#: How the limits are found; the first is offered first.
KINDS = {
    "mean": Label("平均分", "Mean"),
    "share": Label("满意率", "Satisfied share"),
    "single": Label("平均分,界限按期间波动", "Mean, limits from the movement between periods"),
}


@needs("insight.view")
def trend(request: StaffRequest) -> HttpResponse:
    """One figure over the rounds of a programme, or over months, with limits and named signals."""
    choice = round_choice(request)
    made, fields = None, list[Field]()
    if choice.round:
        items = round_items(choice.round)
        item = chosen(items, request.GET.get("item", ""))
        kind = _one_of(KINDS, request.GET.get("kind", ""))
        period = _one_of(PERIODS, request.GET.get("period", ""))
        rules = _one_of(RULES, request.GET.get("rules", ""))
        fields = [
            *item_fields(items, item, kind)[:1],
            ("kind", Label("看什么", "Figure"), _offered(_kinds(item), kind)),
            ("period", Label("时期", "Period"), _offered(PERIODS, period)),
            ("rules", Label("判异规则", "Rules"), _offered(RULES, rules)),
        ]
        if item:
            made = _asked(choice.round, item, kind, period, rules)
    return answered(
        request, choice, made, LACKING, template="insight/choices.html", title=TITLE, choices=fields
    )


def _kinds(item: RoundItem | None) -> dict[str, Label]:
    if item is None or item.satisfied_from is None:
        return {name: words for name, words in KINDS.items() if name != "share"}
    return KINDS


def _one_of(known: dict[str, Label], value: str) -> str:
    return value if value in known else next(iter(known))


def _offered(known: dict[str, Label], value: str) -> list[Choice]:
    return [Choice(name, words, name == value) for name, words in known.items()]


def _asked(round: Round, item: RoundItem, kind: str, period: str, rules: str) -> Specification:
    """All rounds up to this one stand beside it: months, too, run through them."""
    config: dict[str, Any] = {"item": item.code, "period": period}
    if kind == "share" and item.satisfied_from is not None:
        config |= {"kind": "p", "at_least": item.satisfied_from}
    if kind == "single":
        config["kind"] = "individuals"
    if rules != "western_electric":
        config["rules"] = rules
    beside = [each.pk for each in earlier_rounds(round) if each != round]
    return item_asked("control_chart", round, {"beside": beside} if beside else {}, **config)
