"""What more people complain about than before: categories and words of the texts, all judged together.

A topic is chosen by all its cases, before and now, so that what is tested does not hang on the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from django.db.models import QuerySet

from manyi.cases.models import Case, Category
from manyi.cases.tallies import Tree
from manyi.kernel.labels import Label
from manyi.measures.rates import Counted, Judged, judged, rate_change
from manyi.measures.text.phrases import spread

#: Phrases that stand in fewer texts are not looked at; and so many at most.
LEAST_TEXTS, MOST_PHRASES = 5, 40
#: Of more cases than these the words are not read.
MOST_TEXTS = 20_000
WHOLE = Label("全部诉求", "All cases")
_LEVELS = 3
_QUOTED = re.compile("“([^”]*)”")


class Said(NamedTuple):
    """What is read of a case."""

    category: int | None
    subject: str
    demand: str
    channel: str = "phone"

    @property
    def text(self) -> str:
        """The words of a case, the subject once; of one that a low score opened, what the customer wrote
        (in quotation marks, see ``triggers``)."""
        if self.channel == "survey":
            return "\n".join(_QUOTED.findall(self.demand))
        return self.demand if self.demand.startswith(self.subject) else f"{self.subject}\n{self.demand}"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: the ``whole``, the cases of a ``category`` (its id) with those below, or of a ``phrase``."""

    kind: str
    key: str
    name: Label
    judged: Judged

    @property
    def id(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.key}"


def said_in(cases: QuerySet[Case]) -> list[Said]:
    """What is read of each of the cases."""
    return [Said(*row) for row in cases.order_by().values_list("category_id", "subject", "demand", "channel")]


def topics(before: Sequence[Said], now: Sequence[Said], days: tuple[int, int]) -> list[Topic]:
    """All topics with their verdict, those that rise first; ``days`` are the working days of both times."""
    found = [("whole", "", WHOLE, (len(before), len(now)))]
    found += [("category", *rest) for rest in _categories(before, now)]
    if len(before) + len(now) <= MOST_TEXTS:
        texts = [[each.text for each in part] for part in (before, now)]
        for phrase in spread(texts, most=MOST_PHRASES, least=LEAST_TEXTS):
            old, new = phrase.counts
            found.append(("phrase", phrase.text, Label(phrase.text, phrase.text), (old, new)))
    changes = [
        rate_change(Counted(counts[0], days[0]), Counted(counts[1], days[1])) for *_rest, counts in found
    ]
    made = [
        Topic(kind, key, name, verdict)
        for (kind, key, name, _counts), verdict in zip(found, judged(changes), strict=True)
    ]
    return sorted(made, key=_order)


def _order(topic: Topic) -> tuple[int, float, float]:
    found = topic.judged
    place = ("rising", "by_chance", "too_few").index(found.verdict)
    return place, found.change.p if found.change.p is not None else 1.0, -found.change.now.n


def _categories(before: Sequence[Said], now: Sequence[Said]) -> Iterable[tuple[str, Label, tuple[int, int]]]:
    """Each category of today's tree with how many cases it had before and now, with those below it and those
    that were merged into it; one that has just the cases of another below it is left out."""
    tree = Tree(Category.objects.all())
    counts: dict[int, list[int]] = {}
    names: dict[int, Label] = {}
    above: dict[int, int] = {}
    for place, part in enumerate((before, now)):
        for each in part:
            rungs = tree.lineage(each.category)[-_LEVELS:] if each.category else []
            for row in rungs:
                counts.setdefault(row.pk, [0, 0])[place] += 1
                names[row.pk] = Label(row.name, row.name_en or row.name)
            above |= {low.pk: high.pk for low, high in pairwise(rungs)}
    same = {above[pk] for pk, pair in counts.items() if pk in above and counts[above[pk]] == pair}
    for pk, (old, new) in counts.items():
        if pk not in same:
            yield str(pk), names[pk], (old, new)
