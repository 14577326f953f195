"""Teaching the reader of texts: label an answer, take a label back, train a model, choose one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction

from manyi.analytics.models import SENTIMENTS, TextLabel, TextModel
from manyi.kernel.labels import Label
from manyi.measures.errors import NotComputable
from manyi.measures.text import classifier
from manyi.measures.text.unseen import card_unseen
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.responses.models import Response

TEXT_LABELLED = events.kind("text.labelled", "标注意见", "Comment labelled")
LABEL_TAKEN_BACK = events.kind("text.label_taken_back", "撤销标注", "Label taken back")
MODEL_TRAINED = events.kind("text.model_trained", "训练文本模型", "Text model trained")
MODEL_CHOSEN = events.kind("text.model_chosen", "选用文本模型", "Text model chosen")

#: Fewer labels teach less than the word lists know.
LEAST_LABELS = 30


def label_text(*, actor: Person, response: Response, question: str, sentiment: str) -> TextLabel:
    """Say what one open answer expresses; a second time replaces the first. Raises Refused."""
    access.require(actor, "responses.judge", response)
    if sentiment not in dict(SENTIMENTS):
        raise Refused(
            Label("请选择正面、中性或负面。", "Choose positive, neutral or negative."), field="sentiment"
        )
    if not text_of(response, question):
        raise Refused(
            Label("这份答卷没有这段文字。", "This answer sheet has no such text."), field="question"
        )
    with transaction.atomic():
        made, _ = TextLabel.objects.update_or_create(
            response=response,
            question=question,
            defaults={"sentiment": sentiment, "by": actor, "at": clock.now()},
        )
        data = {"question": question, "sentiment": sentiment}
        events.append(TEXT_LABELLED, actor=actor, subject=response, unit=response.unit, data=data)
    return made


def take_label_back(*, actor: Person, response: Response, question: str) -> None:
    """Forget what was said of an open answer."""
    access.require(actor, "responses.judge", response)
    with transaction.atomic():
        gone, _ = TextLabel.objects.filter(response=response, question=question).delete()
        if gone:
            data = {"question": question}
            events.append(LABEL_TAKEN_BACK, actor=actor, subject=response, unit=response.unit, data=data)


def train_model(*, actor: Person) -> TextModel:
    """Train on all labels and use the model from now on; its scorecard is of texts that a model did not
    see (``card_unseen``).

    Raises Refused below LEAST_LABELS labels, or where a label has too few texts.
    """
    access.require(actor, "surveys.edit", _root())
    pairs = labelled()
    if len(pairs) < LEAST_LABELS:
        zh = f"已有 {len(pairs)} 条标注,至少需要 {LEAST_LABELS} 条;在此之前由词表判断。"
        en = f"{len(pairs)} labels so far, {LEAST_LABELS} are needed; until then the word lists decide."
        raise Refused(Label(zh, en))
    texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
    try:
        made = classifier.train(texts, labels)
        card = asdict(card_unseen(texts, labels))
    except NotComputable as problem:
        raise Refused(problem.label) from problem
    with transaction.atomic():
        TextModel.objects.filter(active=True).update(active=False)
        row = TextModel.objects.create(
            data=made.to_bytes(), labels=len(pairs), scorecard=card, by=actor, at=clock.now()
        )
        events.append(MODEL_TRAINED, actor=actor, subject=row, unit=_root(), data={"labels": len(pairs)})
    return row


def choose_model(*, actor: Person, model: TextModel | None) -> None:
    """Use an earlier model again; None goes back to the word lists."""
    access.require(actor, "surveys.edit", _root())
    with transaction.atomic():
        TextModel.objects.filter(active=True).update(active=False)
        if model is not None:
            TextModel.objects.filter(pk=model.pk).update(active=True)
        data = {"model": model.pk if model else None}
        events.append(MODEL_CHOSEN, actor=actor, subject=_root(), unit=_root(), data=data)


def text_of(response: Response, question: str) -> str:
    """One open answer, empty where there is none."""
    found: Any = response.answers
    for step in question.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found.strip() if isinstance(found, str) else ""


def labelled() -> list[tuple[str, str]]:
    """Every labelled text with its label, oldest first."""
    rows = TextLabel.objects.select_related("response").order_by("at", "pk")
    return [(text, row.sentiment) for row in rows if (text := text_of(row.response, row.question))]


def _root() -> Unit:
    """A model speaks for the whole organisation."""
    return Unit.objects.filter(parent=None).order_by("pk")[0]
