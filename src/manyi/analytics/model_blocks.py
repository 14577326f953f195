"""Which items of a round could stand for which latent variable of a satisfaction index: a first proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from manyi.analytics.codebook import Field
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.items import is_number
from manyi.analytics.reading import reading
from manyi.analytics.round_view import label_of
from manyi.kernel.labels import Label
from manyi.measures.pls.models import ReadyModel
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of

#: Words in a code or title that point to a latent variable; the first that is found decides.
HINTS: Mapping[str, tuple[str, ...]] = {
    "expectation": ("expect", "期望", "预期"),
    "complaints": ("complain", "投诉", "抱怨"),
    "loyalty": ("again", "recommend", "loyal", "再次", "推荐", "继续选择", "忠诚"),
    "image": ("image", "brand", "reputation", "形象", "品牌", "口碑", "信誉"),
    "value": ("value", "价值", "合理", "就价格而言", "性价比", "fair"),
    "satisfaction": ("overall", "satisf", "ideal", "总体", "满意", "理想"),
    "quality": ("quality", "perceived", "质量", "感知", "感受", "服务"),
}


@dataclass(frozen=True, slots=True)
class ModelItem:
    """A rated question with the ends of its scale, and the latent variable that its words point to."""

    code: str
    title: Label
    low: float
    high: float
    latent: str


def model_items(round: Round) -> tuple[ModelItem, ...]:
    """Every rated question that everybody was asked. Those shown to some only would leave the others out of
    the model, which takes complete rows."""
    brought_up_to_date(round)
    with reading(round, ("/",)) as open_round:
        fields = list(open_round.book.fields.values())
    asked = questionnaire_of(round.questionnaire).questions
    shown = (field for field in fields if not asked[field.name.partition(".")[0]].visible_if)
    return tuple(item for field in shown if (item := _item(field)) is not None)


def connected(ready: ReadyModel, chosen: Mapping[str, str]) -> dict[str, list[str]]:
    """Items by latent variable, of what was chosen for each item (empty: not used). A latent variable that
    the model does not have, or that nothing connects to the others, is left out."""
    blocks: dict[str, list[str]] = {}
    for code, latent in chosen.items():
        if latent in ready.latents:
            blocks.setdefault(latent, []).append(code)
    arrows = [arrow for arrow in ready.arrows if set(arrow) <= blocks.keys()]
    return {name: codes for name, codes in blocks.items() if any(name in arrow for arrow in arrows)}


def _item(field: Field) -> ModelItem | None:
    numbers = [int(code) for code, _ in field.codes if is_number(code)]
    if len(numbers) < 4 or len(numbers) != len(field.codes):
        return None
    title = label_of(field.title)
    return ModelItem(field.name, title, min(numbers), max(numbers), _latent(field.name, title))


def _latent(code: str, title: Label) -> str:
    words = f"{code} {title.zh} {title.en}".lower()
    return next((name for name, hints in HINTS.items() if any(hint in words for hint in hints)), "")
