"""Own figures beside those of others: what is known for a programme, and what it says of a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from manyi.analytics.benchmark_rules import Given, Verdict, figure_of, newest_of, verdict
from manyi.analytics.models import Benchmark
from manyi.analytics.round_items import TOTAL, round_items
from manyi.analytics.views import HEADLINE_LABELS, HEADLINES, RoundView
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.surveys.models import Programme

ITEM = "item:"


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of somebody else, and what one's own says beside it."""

    given: Given
    figure: Figure
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a round with all that stands beside it."""

    metric: str
    title: Label
    own: Figure
    others: tuple[Beside, ...]


def given_of(row: Benchmark) -> Given:
    """A stored benchmark as its plain values."""
    return Given(**{each.name: getattr(row, each.name) for each in fields(Given)})


def metrics_of(programme: Programme) -> Mapping[str, Label]:
    """The figures of a programme that can have something beside them: headlines, and items of its newest
    round."""
    newest = programme.rounds.exclude(state="cancelled").filter(questionnaire__isnull=False)
    round = newest.order_by("-number").select_related("questionnaire", "scheme").first()
    items = round_items(round) if round else ()
    known = {name: HEADLINE_LABELS[name] for name in HEADLINES}
    return known | {f"{ITEM}{item.code}": item.title for item in items if item.code != TOTAL}


def compared(view: RoundView, programme: Programme) -> list[Compared]:
    """The figures of a round that have something beside them, in the order of the page."""
    rows = newest_of([given_of(row) for row in programme.benchmarks.filter(removed_at=None)])
    own = dict(view.headlines) | {f"{ITEM}{item.code}": item.mean for item in view.items}
    titles = HEADLINE_LABELS | {f"{ITEM}{item.code}": item.title for item in view.items}
    return [
        Compared(
            metric,
            titles[metric],
            figure,
            tuple(_beside(figure, row) for row in rows if row.metric == metric),
        )
        for metric, figure in own.items()
        if any(row.metric == metric for row in rows)
    ]


def _beside(own: Figure, given: Given) -> Beside:
    figure = figure_of(given)
    return Beside(given, figure, verdict(own, figure))
