"""Cases that may be the same: of one person, or in like words; and past ones from which to learn.

Likeness of words is the cosine of character grams (``measures.text.similar``), so that Chinese needs no
dictionary. What was found is only ever suggested; a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from manyi.cases.models import Case, NotTheSame
from manyi.cases.queries import same_person
from manyi.cases.tallies import as_counted
from manyi.kernel.labels import Label
from manyi.measures.text import similar
from manyi.organisation import access, settings
from manyi.organisation.models import Person

settings.declare(
    "cases.duplicate_days",
    Label("查找重复诉求的天数", "Days in which the same matter is looked for"),
    Label("只与这些天内收到的诉求比较。", "Cases received in these days are compared."),
    "number",
    30,
    low=1,
    high=730,
)
#: Cosines from which words are like enough to be shown: of the same person, of anybody.
ALIKE_OF_ONE_PERSON, ALIKE = 0.15, 0.4
#: So many cases are compared at most, the nearest in time; and so many are shown.
MOST, SHOWN = 500, 8


@dataclass(frozen=True, slots=True)
class Like:
    """A case that is like another: how much (0 to 1), and whether it is of the same person."""

    case: Case
    alike: float
    same_person: bool

    @property
    def percent(self) -> int:
        """The likeness for people."""
        return round(self.alike * 100)


#: An address, with the short word before it where it has a line of its own.
_ADDRESS = re.compile(r"(?m)(?:^[^\n:：]{0,12}[:：][ ]?)?https?://[\x21-\x7e]+")


def text_of(case: Case) -> str:
    """What is compared of a case: its words, without the addresses of a post and its files."""
    text = case.demand if case.demand.startswith(case.subject) else f"{case.subject}\n{case.demand}"
    return _ADDRESS.sub("", text).strip() or text


def duplicates(case: Case, person: Person) -> list[Like]:
    """Cases near in time at the same place that may be the same matter, the likeliest first."""
    window = timedelta(days=settings.value("cases.duplicate_days"))
    near = _nearby(case, person).filter(
        received_at__gte=case.received_at - window, received_at__lte=case.received_at + window
    )
    refused = NotTheSame.objects.filter(Q(one=case) | Q(other=case)).values_list("one_id", "other_id")
    others = list(near.exclude(pk__in={pk for pair in refused for pk in pair})[:MOST])
    found = [
        Like(other, alike, same_person(case, other))
        for other, alike in zip(others, _likeness(text_of(case), [text_of(o) for o in others]), strict=True)
    ]
    good = [like for like in found if like.alike >= (ALIKE_OF_ONE_PERSON if like.same_person else ALIKE)]
    return sorted(good, key=lambda like: (-like.same_person, -like.alike))[:SHOWN]


def precedents(case: Case, person: Person) -> list[Like]:
    """Closed cases in like words, with an answer from which the present one can learn."""
    past = access.visible(person, Case.objects.filter(state="closed", kind=case.kind)).exclude(pk=case.pk)
    if case.category:
        past = past.filter(as_counted(case.category))
    past = past.filter(messages__direction="out").distinct().order_by("-closed_at")
    others = list(past.select_related("unit")[:MOST])
    likeness = _likeness(text_of(case), [text_of(other) for other in others])
    found = [Like(other, alike, same_person=False) for other, alike in zip(others, likeness, strict=True)]
    return sorted((like for like in found if like.alike >= 0.15), key=lambda like: -like.alike)[:3]


def _nearby(case: Case, person: Person) -> QuerySet[Case]:
    """The cases at the same unit, above and below it, that are cases of their own."""
    here = Q(unit_id__in=case.unit.lineage) | Q(unit__path__startswith=case.unit.path)
    rows = access.visible(person, Case.objects.filter(here)).exclude(pk=case.pk)
    rows = rows.exclude(state__in=("duplicate", "rejected")).select_related("unit")
    return rows.order_by("-received_at")


def _likeness(text: str, others: Sequence[str]) -> list[float]:
    if not others:
        return []
    held = similar.vectors([text, *others])
    return [float(value) for value in (held[1:] @ held[0].T).toarray().ravel()]
