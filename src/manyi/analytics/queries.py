"""The readers of this room: a round as figures, a metric as sums, a table, the answers behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from manyi.analytics import engine
from manyi.analytics.cross import cross_view
from manyi.analytics.freshness import brought_up_to_date
from manyi.analytics.indicators import Sums, headline_sums
from manyi.analytics.items import is_number
from manyi.analytics.reading import Reading, reading
from manyi.analytics.round_view import NO_FILTERS, label_of, round_view
from manyi.analytics.views import Filters, Missed, OpenAnswer
from manyi.analytics.waves import items_named, mean_of, set_of
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure, suppress
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.settings import value
from manyi.responses.models import Response
from manyi.surveys.comparable import comparable
from manyi.surveys.models import Round

__all__ = [
    "AnswersPage",
    "answers_behind",
    "cross_view",
    "metric",
    "open_answers",
    "round_view",
    "rounds_for",
    "sums",
    "targets_missed",
]

EVERYTHING = ("/",)
SPLIT = Label(
    "这道题在两轮之间拆分或合并过:满意率不能直接比较,请改用平均分。",
    "This question was split or merged between the rounds: compare its mean, not its satisfied share.",
)
METRICS = ("item_mean", "item_satisfied", "csat", "nps", "total_mean")


def rounds_for(person: Person) -> QuerySet[Round]:
    """The rounds of which a person may see figures: those of their units, and those that reach down to them.

    Of a round of the whole group the head of a dealership sees their own part.
    """
    roots = access.paths(person, "insight.view")
    above = {f"{'/'.join(root.split('/')[: n + 1])}/" for root in roots for n in range(1, root.count("/"))}
    return Round.objects.filter(access.within(roots, "unit") | Q(unit__path__in=above))


def targets_missed(round: Round, *, roots: Sequence[str] = EVERYTHING) -> list[Missed]:
    """The targets that a round missed: item, title, figure and target in points."""
    return list(round_view(round=round, roots=roots).missed)


def sums(
    *,
    round: Round,
    metric: dict[str, str],
    roots: Sequence[str] = EVERYTHING,
    named_in: Round | None = None,
    beside: Round | None = None,
) -> Sums:
    """A metric as mergeable sums: ``{"id": "item_mean", "item": "wait"}``, narrowed by ``unit`` (a path) and
    ``segment`` (a code).

    Ids: item_mean, item_satisfied, csat, nps, total_mean. The item's code is one of the round ``named_in``
    (else of this one) and followed to this one's version; ``beside`` is the round with which it will be
    compared. Raises Refused when the round does not measure it.
    """
    brought_up_to_date(round)
    filters = Filters(unit=metric.get("unit", ""), segment=metric.get("segment", ""))
    with reading(round, roots) as open_round:
        if metric["id"].startswith("item_"):
            names = _followed(metric.get("item", ""), round, named_in, beside)
            return _item_sums(open_round, metric["id"], names, filters)
        measured = open_round.measured
        found = open_round.histograms(_headline_sets(open_round), filters)
        known = headline_sums(measured, found, scored=bool(open_round.scheme))
        if metric["id"] not in known:
            raise _not_measured(round, metric["id"])
        return known[metric["id"]]


def metric(*, round: Round, metric: dict[str, str], roots: Sequence[str] = EVERYTHING) -> Figure:
    """A metric as a figure, suppressed below the privacy minimum."""
    found = sums(round=round, metric=metric, roots=roots)
    item = metric.get("item")
    figure = found.figure(f"{metric['id']}:{item}" if item else metric["id"])
    return suppress(figure, value("privacy.minimum_group"))


def _headline_sets(open_round: Reading) -> list[engine.Set]:
    measured = open_round.measured
    asked = [measured.overall.field if measured.overall else None, measured.nps]
    return [(each.column,) for each in asked if each]


def _followed(item: str, round: Round, named_in: Round | None, beside: Round | None) -> Sequence[str]:
    """The names of an item in a round, with what belongs to it once it is compared with another one."""
    here, there = round.questionnaire, (named_in or beside or round).questionnaire
    if named_in is None or named_in == round:
        return comparable(item, here, there)[0] or (item,)
    return comparable(item, there, here)[1] or (item,)


def _item_sums(open_round: Reading, metric: str, names: Sequence[str], filters: Filters) -> Sums:
    items = items_named(open_round, names)
    if items is None:
        raise _not_measured(open_round.round, ", ".join(names))
    if len(items) > 1:
        if metric != "item_mean":
            raise Refused(SPLIT, field="metric")
        return mean_of(items, open_round.histograms([set_of(items)], filters))
    answers = open_round.histograms([(items[0].field.column,)], filters).distribution(items[0].field)
    return items[0].mean(answers) if metric == "item_mean" else items[0].satisfied_share(answers)


def _not_measured(round: Round, name: str) -> Refused:
    zh, en = (
        f"“{round.title}”没有测量“{name}”。",
        f"“{round.title_en or round.title}” does not measure “{name}”.",
    )
    return Refused(Label(zh, en), field="metric")


def open_answers(
    *, round: Round, roots: Sequence[str], filters: Filters = NO_FILTERS, limit: int = 50
) -> list[OpenAnswer]:
    """Open answers without identity, newest first; none when the group is too small to be shown."""
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        if not open_round.permits(filters):
            return []
        titles = {column.name: label_of(column.title) for column in open_round.book.texts}
        condition = open_round.condition(filters)
        found = engine.texts(open_round.connection, open_round.book, condition, limit=limit)
        return [OpenAnswer(name, titles[name], text) for name, text in found]


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """One page of the responses behind a figure, and how many there are in all."""

    total: int
    responses: list[Response]


def answers_behind(
    *,
    person: Person,
    round: Round,
    filters: Filters = NO_FILTERS,
    item: str = "",
    at_most: int | None = None,
    grade: str = "",
    page: int = 1,
    size: int = 50,
) -> AnswersPage:
    """The responses behind a figure, newest first: with an answer to ``item`` of ``at_most`` (the number that
    was answered), or with a grade. In an anonymous round nobody may go from a figure to an answer sheet.
    """
    roots = access.paths(person, "responses.view")
    if round.anonymous or not roots:
        return AnswersPage(0, [])
    brought_up_to_date(round)
    with reading(round, roots) as open_round:
        condition = open_round.condition(filters)
        if grade:
            condition = replace(condition, grade=open_round.book.find("grade", grade))
        if item:
            condition = replace(condition, answers=(_low(open_round, item, at_most),))
        total = engine.count(open_round.store, condition)
        ids = engine.responses(open_round.connection, condition, offset=(page - 1) * size, limit=size)
    rows = access.visible(person, Response.objects.filter(pk__in=ids)).select_related("unit")
    return AnswersPage(total, sorted(rows, key=lambda row: ids.index(row.pk)))


def _low(open_round: Reading, name: str, at_most: int | None) -> tuple[str, tuple[int, ...]]:
    """The column of an item and the stored places of its answers up to a number."""
    item = next((item for item in open_round.measured.items if item.code == name), None)
    if item is None:
        raise _not_measured(open_round.round, name)
    codes = [code for code in item.points if at_most is None or (is_number(code) and int(code) <= at_most)]
    places = (item.field.place(code) for code in codes)
    return item.field.column, tuple(place for place in places if place is not None)
