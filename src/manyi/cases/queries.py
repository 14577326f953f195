"""Readers of the case register: what is due, late, mine or waiting, search, and the policy of a unit."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from manyi.cases import word_index
from manyi.cases.models import Case, CaseMessage, Category, Extension, SideTask, SlaPolicy
from manyi.cases.rules import tidy_code
from manyi.cases.tallies import as_counted
from manyi.cases.workflow import OPEN_STATES
from manyi.organisation import access
from manyi.organisation.models import Person, Unit

#: Before anybody is answerable, these states wait for somebody who dispatches.
TO_DISPATCH = ("registered", "acknowledged")
#: Who holds one of these sees the contact of a named case, besides those who call back.
CONTACT_VERBS = ("cases.handle", "cases.dispatch")
#: The earliest deadline first, then what has none, for example because it waits for the customer.
URGENT_FIRST = (F("due_at").asc(nulls_last=True), "received_at")
#: A list says "99+" instead of counting everything.
MANY = 100


def policy_for(unit: Unit) -> SlaPolicy | None:
    """The newest active policy of the unit or of the nearest unit above it."""
    found = SlaPolicy.objects.filter(unit_id__in=unit.lineage, active=True).select_related("unit")
    return max(found, key=lambda policy: (policy.unit.depth, policy.pk), default=None)


def cases(person: Person) -> QuerySet[Case]:
    """The cases that a person may see, with what a list shows of each."""
    return access.visible(person, Case.objects.select_related("unit", "category", "owner", "policy"))


#: What a list shows of a case, and what its rules ask; the long texts stay where they are.
LISTED = (
    "pk", "number", "kind", "state", "severity", "subject", "received_at", "due_at", "due_clock",
    "provisional", "unit__name", "unit__name_en", "category__name", "category__name_en",
    "owner__display_name", "owner__username",
)  # fmt: skip


def listed(rows: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    """The same rows with no more than a list shows of each, by the names in ``LISTED``."""
    found: QuerySet[Case, dict[str, Any]] = rows.values(*LISTED)
    return found


def tab(person: Person, name: str, now: datetime, tomorrow: datetime) -> QuerySet[Case]:
    """One of the queues; ``tomorrow`` is the next midnight where the reader is. Any other name: all cases."""
    rows = cases(person)
    return QUEUES[name](rows, person, now, tomorrow) if name in QUEUES else rows


def _open(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.filter(state__in=OPEN_STATES)


Queue = Callable[[QuerySet[Case], Person, datetime, datetime], QuerySet[Case]]
#: The queues by name: the rows that a person may see, the person, now, and the end of their day.
QUEUES: dict[str, Queue] = {
    "mine": lambda rows, who, now, end: _open(rows).filter(owner=who).order_by(*URGENT_FIRST),
    # By the number that the database keeps: the index behind it gives the order.
    "department": lambda rows, who, now, end: rows.filter(at_work(who), is_open=1).order_by(*URGENT_FIRST),
    "dispatch": lambda rows, who, now, end: rows.filter(state__in=TO_DISPATCH).order_by("due_at"),
    "today": lambda rows, who, now, end: rows.filter(is_open=1, due_at__gte=now, due_at__lt=end).order_by(
        "due_at"
    ),
    "overdue": lambda rows, who, now, end: rows.filter(is_open=1, due_at__lt=now).order_by("due_at"),
    "waiting": lambda rows, who, now, end: rows.filter(state="waiting").order_by("received_at"),
    "returned": lambda rows, who, now, end: rows.filter(returned__gt=0, state__in=TO_DISPATCH).order_by(
        "due_at"
    ),
    "raised": lambda rows, who, now, end: (
        _open(rows).filter(escalation__gt=0).order_by("-escalation", "due_at")
    ),
}


def below(unit: Unit | None) -> QuerySet[Unit]:
    """A unit and all units below it; nothing for None."""
    return Unit.objects.filter(path__startswith=unit.path) if unit else Unit.objects.none()


def at_work(person: Person) -> Q:
    """Cases of the departments in which a person handles or assigns them; for others, of all they see."""
    where = [path for verb in CONTACT_VERBS for path in access.paths(person, verb)]
    return access.within(where or access.paths(person, "cases.view"), "unit")


def size(rows: QuerySet[Case]) -> int:
    """How many rows there are; ``MANY`` when there are that many or more."""
    return rows.order_by()[:MANY].count()


def sizes(person: Person, now: datetime, tomorrow: datetime) -> dict[str, int]:
    """How many cases stand in each queue, in one statement; ``MANY`` where there are that many or more."""
    rows = access.visible(person, Case.objects.all())
    counts = [_counted(queue(rows, person, now, tomorrow)) for queue in QUEUES.values()]
    with connection.cursor() as cursor:
        statement = ", ".join(sql for sql, _values in counts)
        cursor.execute(f"SELECT {statement}", [value for _sql, values in counts for value in values])
        return dict(zip(QUEUES, cursor.fetchone(), strict=True))


def _counted(rows: QuerySet[Case]) -> tuple[str, tuple[Any, ...]]:
    """The SQL that counts rows no further than needed, with its values."""
    try:
        sql, values = rows.order_by().values("pk")[:MANY].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS queue)", values


def find(rows: QuerySet[Case], text: str, *, contacts: bool = False) -> QuerySet[Case]:
    """Narrow by words that each stand in the number, subject or demand (for those who may see contacts: or in
    the contact); a part of a word is enough."""
    if not text.strip():
        return rows
    rows = word_index.candidates(rows, text)
    for word in text.split():
        wanted = Q(number__icontains=word) | Q(subject__icontains=word) | Q(demand__icontains=word)
        if contacts:
            named = Q(contact_name__icontains=word) | Q(contact_phone__icontains=word)
            wanted |= named & Q(confidentiality="named")
        rows = rows.filter(wanted)
    return rows


def to_call(person: Person) -> QuerySet[Case]:
    """Whom a call-back agent has to call, the earliest first; none of their own cases, none about them."""
    rows = access.visible(person, Case.objects.select_related("unit", "owner"), verb="cases.callback")
    wanted = rows.filter(state="call_back", kind__in=("complaint", "help")).exclude(about_person=person)
    return wanted.exclude(owner=person).order_by("due_at", "answered_at")


def to_approve(person: Person) -> QuerySet[Case]:
    """Whose solution waits for this person's decision: not their own, and not about themselves."""
    rows = access.visible(person, Case.objects.select_related("unit", "owner"), verb="cases.approve")
    mine = Q(owner=person) | Q(about_person=person) | Q(solutions__proposed_by=person, solutions__decision="")
    return rows.filter(state="proposed").exclude(mine).order_by("due_at")


def extensions_to_decide(person: Person) -> QuerySet[Extension]:
    """The requests for more time that this person may decide on, the most pressing first."""
    rows = Extension.objects.filter(decision="").select_related("case__unit")
    seen = access.visible(person, rows, verb="cases.approve")
    return seen.exclude(Q(asked_by=person) | Q(case__owner=person)).order_by("case__due_at")


def tasks_of(person: Person) -> QuerySet[SideTask]:
    """The side tasks of a person: given to them, or to a department where they take part in cases."""
    where = [path for verb in CONTACT_VERBS for path in access.paths(person, verb)]
    return SideTask.objects.filter(Q(person=person) | access.within(where, "unit"))


def to_dispatch(person: Person) -> QuerySet[Case]:
    """What waits to be accepted or assigned."""
    rows = access.visible(person, Case.objects.select_related("unit", "owner"), verb="cases.dispatch")
    return rows.filter(state__in=TO_DISPATCH).order_by("due_at")


def repeated(category: Category, unit: Unit, since: datetime) -> QuerySet[Case]:
    """Complaints of one category at one unit since a moment, duplicates and rejected ones left out; those of
    a category that was merged into it too."""
    rows = Case.objects.filter(as_counted(category), unit=unit, kind="complaint", received_at__gte=since)
    return rows.exclude(state__in=("rejected", "duplicate")).exclude(channel="import")


def with_news(person: Person) -> QuerySet[Case]:
    """Cases in which the complainant wrote last, after the case was taken in: their own for handlers, all for
    those who dispatch."""
    last = CaseMessage.objects.filter(case=OuterRef("pk")).order_by("-at", "-id")
    direction, at = (Subquery(last.values(name)[:1]) for name in ("direction", "at"))
    rows = cases(person).annotate(said=direction, said_at=at)
    concerned = Q(owner=person) | access.within(access.paths(person, "cases.dispatch"), "unit")
    news = rows.filter(concerned, said="in", said_at__gt=F("registered_at")).exclude(channel="import")
    return news.order_by("said_at")


def may_see_contact(person: Person, case: Case) -> bool:
    """Whether name, telephone and address of the complainant are shown to this person.

    Named cases: to those who handle, dispatch or call back here. Confidential ones: to the handler, and to
    those who call back. An auditor reads the case, not the person.
    """
    if case.owner_id == person.pk or access.may(person, "cases.callback", case):
        return True
    if case.confidentiality != "named":
        return False
    return takes_part(person, case)


def by_code(number: str, code: str) -> Case | None:
    """The case with this number and secret code, as its complainant gives them; None when they do not fit."""
    case = Case.objects.select_related("unit", "policy").filter(number=number.strip()).first()
    if case is None or not secrets.compare_digest(case.tracking_code, tidy_code(code)):
        return None
    return case


def same_person(case: Case, other: Case) -> bool:
    """Whether two cases come from one person, by customer file, telephone or address."""
    pairs = (
        (case.customer_id, other.customer_id),
        (case.contact_phone, other.contact_phone),
        (case.contact_email.lower(), other.contact_email.lower()),
    )
    return any(mine and mine == theirs for mine, theirs in pairs)


def chain(case: Case) -> Iterator[Case]:
    """A case and, one after the other, those that it was merged into; a circle ends where it began."""
    seen: set[int] = set()
    following: Case | None = case
    while following is not None and following.pk not in seen:
        seen.add(following.pk)
        yield following
        following = following.merged_into


def main_of(case: Case) -> Case:
    """The case into which a merged one went, along the whole chain."""
    return list(chain(case))[-1]


def followed(case: Case) -> Case:
    """What the complainant of a case follows: the one it was merged into, as long as that is theirs too."""
    mine = case
    for following in chain(case):
        if following != case and not same_person(mine, following):
            break
        mine = following
    return mine


def lineage(category: Category | None) -> list[int]:
    """A category, where it was merged, and all above that, by id; a circle ends where it began."""
    found: list[int] = []
    while category is not None and category.pk not in found:
        found.append(category.pk)
        category = category.merged_into or category.parent
    return found


def takes_part(person: Person, place: Case | Unit) -> bool:
    """Whether a person handles or assigns cases there."""
    return any(access.may(person, verb, place) for verb in CONTACT_VERBS)
