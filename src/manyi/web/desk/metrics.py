"""Metrics in words, and those from which one can choose what will show an effect."""

from __future__ import annotations

from manyi.analytics.queries import rounds_for
from manyi.analytics.views import HEADLINE_LABELS
from manyi.cases.triggers import titles_of
from manyi.improvement.models import Finding
from manyi.kernel.labels import Label
from manyi.organisation.models import Person
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of

ROUNDS = 6


def metric_label(finding: Finding) -> Label:
    """What a finding's metric measures: 等候(平均分)."""
    return _label(finding.metric, finding.round)


def _label(metric: dict[str, str], round: Round | None) -> Label:
    item = metric.get("item", "")
    if not item:
        return HEADLINE_LABELS.get(metric["id"], Label(metric["id"], metric["id"]))
    zh, en = (
        titles_of(questionnaire_of(round.questionnaire), code) if round else {} for code in ("zh", "en")
    )
    return Label(zh.get(item, item), en.get(item, item))


def metric_choices(person: Person) -> list[tuple[str, Label]]:
    """Each metric of the last rounds as ``round:id:item`` with its words."""
    rounds = rounds_for(person).filter(state="closed").select_related("questionnaire", "scheme")
    found: list[tuple[str, Label]] = []
    for round in rounds.order_by("-opens_at")[:ROUNDS]:
        for metric in _metrics(round):
            words = _label(metric, round)
            label = Label(f"{round.title}:{words.zh}", f"{round.title_en or round.title}: {words.en}")
            found.append((f"{round.pk}:{metric['id']}:{metric.get('item', '')}", label))
    return found


def _metrics(round: Round) -> list[dict[str, str]]:
    if round.scheme is None:
        return [{"id": "csat"}, {"id": "nps"}]
    items = [{"id": "item_mean", "item": item.question} for item in scheme_of(round.scheme).items]
    return [{"id": "total_mean"}, {"id": "csat"}, {"id": "nps"}, *items]


def chosen_metric(text: str) -> tuple[int, dict[str, str]] | None:
    """The round's id and the metric of a choice; None for anything else."""
    parts = text.split(":", 2)
    if len(parts) != 3 or not parts[0].isdigit():
        return None
    metric = {"id": parts[1], "item": parts[2]} if parts[2] else {"id": parts[1]}
    return int(parts[0]), metric
