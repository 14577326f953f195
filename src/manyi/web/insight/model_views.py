"""The satisfaction index as a path diagram: a published model, its latent variables filled with items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from manyi.analytics.analyses import ANALYSES
from manyi.analytics.item_view import item_asked
from manyi.analytics.model_blocks import ModelItem, connected, model_items
from manyi.analytics.specification import Specification
from manyi.kernel.labels import Label
from manyi.measures.pls.models import READY, ReadyModel
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.choosing import round_choice
from manyi.web.insight.narrowing import Choice
from manyi.web.insight.ready_page import answered

LACKING = Label(
    "满意度指数模型需要为“满意度”和至少一个原因(如感知质量)各指定一道以上全员作答的评分题,在下面选好再计算。问卷模板库里的"
    "“顾客满意度指数调查(含期望)”按这个结构编排。",
    "A model needs rated questions that everybody was asked, for satisfaction and for one cause at least "
    "(perceived quality, say): choose them below. “Customer satisfaction index with expectation” among the "
    "ready questionnaires is made along this structure.",
)
PREFIX = "l-"
UNUSED = Label("不用", "Not used")
#: Enough for intervals of a page; a report or the command line may ask for more.
SAMPLES = 200


@needs("insight.view")
def model(request: StaffRequest) -> HttpResponse:
    """One of the ready models on the items of a round; the address holds which item stands for what."""
    choice = round_choice(request)
    ready = READY.get(request.GET.get("model", ""), READY["ccsi"])
    made, fields = None, []
    if choice.round:
        items = model_items(choice.round)
        chosen = {item.code: _latent(request, item, ready) for item in items}
        made = _asked(choice.round, ready, items, chosen)
        fields = [(PREFIX + i.code, i.title, _latents(ready, chosen[i.code])) for i in items]
    return answered(
        request,
        choice,
        made,
        LACKING,
        template="insight/model.html",
        title=ANALYSES.get("path_model").question,
        models=[Choice(each.id, each.label, each is ready) for each in READY.values()],
        fields=fields,
    )


def _latent(request: StaffRequest, item: ModelItem, ready: ReadyModel) -> str:
    """What the address says of an item, else its words."""
    asked = any(name.startswith(PREFIX) for name in request.GET)
    name = request.GET.get(PREFIX + item.code, "") if asked else item.latent
    return name if name in ready.latents else ""


def _latents(ready: ReadyModel, chosen: str) -> list[Choice]:
    named = [Choice(name, title, name == chosen) for name, title in ready.latents.items()]
    return [Choice("", UNUSED, not chosen), *named]


def _asked(
    round: Round, ready: ReadyModel, items: Sequence[ModelItem], chosen: dict[str, str]
) -> Specification | None:
    """The specification; None until satisfaction and one of its causes have items. A latent variable that
    nothing connects to the others is left out."""
    blocks = connected(ready, chosen)
    if not any(
        effect == "satisfaction" and {cause, effect} <= blocks.keys() for cause, effect in ready.arrows
    ):
        return None
    used = {code for codes in blocks.values() for code in codes}
    scales = {item.code: [item.low, item.high] for item in items if item.code in used}
    config: dict[str, Any] = {"model": ready.id, "blocks": blocks, "scales": scales, "samples": SAMPLES}
    return item_asked("path_model", round, {}, **config)
