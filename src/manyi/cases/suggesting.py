"""The category of a new case, suggested by what people chose for earlier ones. A person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from manyi.cases.likeness import text_of
from manyi.cases.models import Case, Category, CategoryModel
from manyi.measures.errors import NotComputable
from manyi.measures.text import classifier
from manyi.measures.text.classifier import LEAST_LABELLED, TextClassifier
from manyi.measures.text.scorecard import UNSURE
from manyi.measures.text.unseen import learnable, split_by_text
from manyi.organisation import clock
from manyi.organisation.schedule import recurring

#: Fewer categorised cases teach nothing; the newest so many are learnt from.
LEAST, MOST = 40, 20_000
#: A category is suggested from this probability on.
SURE = 0.4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, how sure the model is (0 to 1), and on how many cases that rests."""

    category: Category
    sure: float
    texts: int

    @property
    def percent(self) -> int:
        """The probability for people."""
        return round(self.sure * 100)


def suggestion(case: Case) -> Suggestion | None:
    """The likeliest category of a case; None without a model, or when it is not sure enough."""
    row = CategoryModel.objects.only("pk", "texts").first()
    if row is None:
        return None
    label, sure = _model(row.pk).said([text_of(case)], SURE)[0]
    learnt = None if label == UNSURE else Category.objects.filter(code=label).first()
    category = learnt.present if learnt else None  # it may have been merged since
    return Suggestion(category, sure, row.texts) if category and category.active else None


@lru_cache(maxsize=1)
def _model(pk: int) -> TextClassifier:
    return TextClassifier.from_bytes(bytes(CategoryModel.objects.get(pk=pk).data))


@recurring("cases.learn_categories", every=timedelta(days=1))
def learn() -> CategoryModel | None:
    """Learn from the cases that people have sorted, when there are enough new ones; None when not."""
    rows = Case.objects.exclude(category=None).exclude(state__in=("duplicate", "rejected"))
    newest = list(rows.select_related("category").order_by("-received_at")[:MOST])
    last = CategoryModel.objects.first()
    if len(newest) < LEAST or (last is not None and len(newest) < last.texts * 1.05 + 1):
        return None
    texts = [text_of(case) for case in newest]
    labels = [case.category.present.code for case in newest if case.category]
    try:
        return _kept(*usable(texts, labels))
    except NotComputable:
        return None


def usable(texts: Sequence[str], labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """The texts whose label has enough different ones to be learnt."""
    chosen = learnable(texts, labels, least=2 * LEAST_LABELLED)
    return [texts[n] for n in chosen], [labels[n] for n in chosen]


def judged(texts: Sequence[str], labels: Sequence[str], *, parts: int = 5) -> tuple[int, int]:
    """How many of the unseen texts there are, and how many got the category that people chose.

    About one in ``parts`` texts is held back, by text: the same words never stand on both sides.
    Raises NotComputable when there is too little to learn from.
    """
    out = split_by_text(texts, parts=parts)
    seen = [(t, y) for t, y, held in zip(texts, labels, out, strict=True) if not held]
    rest = [(t, y) for t, y, held in zip(texts, labels, out, strict=True) if held]
    trial = classifier.train([t for t, _ in seen], [y for _, y in seen])
    said = trial.said([t for t, _ in rest])
    return len(rest), sum(label == y for (label, _), (_, y) in zip(said, rest, strict=True))


def _kept(texts: list[str], labels: list[str]) -> CategoryModel:
    unseen, right = judged(texts, labels)
    return CategoryModel.objects.create(
        data=classifier.train(texts, labels).to_bytes(),
        texts=len(texts),
        unseen=unseen,
        right=right,
        trained_at=clock.now(),
    )
