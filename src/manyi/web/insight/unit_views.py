"""Units beside each other, fairly: a funnel instead of a ranking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from manyi.analytics.item_view import item_asked
from manyi.analytics.round_items import RoundItem, round_items
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.choosing import round_choice
from manyi.web.insight.narrowing import Choice
from manyi.web.insight.ready_page import answered

TITLE = Label(
    "哪些部门真的与众不同,而不只是样本少?", "Which units really differ, and not only have few answers?"
)
LACKING = Label(
    "比较部门需要评分题或评分方案,并且至少两个部门收到足够的答卷。",
    "To compare units a round needs rated items or a scheme, and enough answers in two units at least.",
)
Field = tuple[str, Label, list[Choice]]
KINDS = {"mean": Label("平均分", "Mean"), "share": Label("满意率", "Satisfied share")}
SPREADS = {
    "none": Label("不放宽", "As they are"),
    "additive": Label("部门间差别大:加法放宽", "Units spread: widened by τ"),
    "multiplicative": Label("部门间差别大:乘法放宽", "Units spread: widened by √φ"),
}


@needs("insight.view")
def units(request: StaffRequest) -> HttpResponse:
    """One figure of all units in a funnel."""
    choice = round_choice(request)
    made, context = None, {}
    if choice.round:
        items = round_items(choice.round)
        item = chosen(items, request.GET.get("item", ""))
        kind, spread = request.GET.get("kind", ""), request.GET.get("spread", "")
        context = _choices(items, item, kind, spread)
        if item:
            made = _asked(choice.round, item, kind, spread)
    return answered(request, choice, made, LACKING, template="insight/choices.html", title=TITLE, **context)


def chosen(items: tuple[RoundItem, ...], code: str) -> RoundItem | None:
    """The item in the address, else the first."""
    return next((each for each in items if each.code == code), items[0] if items else None)


def _asked(round: Round, item: RoundItem, kind: str, spread: str) -> Specification:
    config: dict[str, Any] = {"item": item.code}
    if kind == "share" and item.satisfied_from is not None:
        config |= {"kind": "share", "at_least": item.satisfied_from}
    if spread in SPREADS and spread != "none":
        config["spread"] = spread
    return item_asked("funnel", round, {}, **config)


def item_fields(items: tuple[RoundItem, ...], item: RoundItem | None, kind: str) -> list[Field]:
    """The fields for an item and for what of it is shown."""
    fields: list[Field] = [
        ("item", Label("项目", "Item"), [Choice(each.code, each.title, each is item) for each in items])
    ]
    if item and item.satisfied_from is not None:
        kinds = [Choice(name, words, name == kind) for name, words in KINDS.items()]
        fields.append(("kind", Label("比较什么", "What is compared"), kinds))
    return fields


def _choices(items: tuple[RoundItem, ...], item: RoundItem | None, kind: str, spread: str) -> dict[str, Any]:
    """The fields of the page."""
    spreads = [Choice(name, words, name == spread) for name, words in SPREADS.items()]
    limits: Field = ("spread", Label("控制界限", "Limits"), spreads)
    return {"choices": [*item_fields(items, item, kind), limits]}
