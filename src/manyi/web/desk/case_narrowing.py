"""What a list of cases can be narrowed to, as its address says it; figures lead there too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from manyi.cases import queries
from manyi.cases.models import Case, Category
from manyi.cases.tallies import counted, of_category
from manyi.cases.workflow import MACHINE, OPEN_STATES
from manyi.improvement.causes import cases_with, proven
from manyi.improvement.choices import FISHBONE, label_of
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.models import Person, Unit
from manyi.web.desk.due_calendar import day_asked, organisation_zone

DAY = timedelta(days=1)
NARROWED = (
    "kind", "unit", "category", "state", "first", "last", "closed_first", "closed_last", "cause", "owner",
    "due", "due_by",
)  # fmt: skip
#: In front of an id: only what stands there itself, nothing below it. In place of one: what is not known.
OWN, NONE = "own-", "none"
#: In front of a fishbone category.
FISHBONES = "kind-"
OPEN, COUNTED, CLOSED = "open", "counted", "closed"
STATES = [
    (OPEN, Label("未办结的", "All open ones")),
    (COUNTED, Label("不含合并和不予受理", "Without merged and rejected")),
    *((state.id, state.label) for state in MACHINE.states),
]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list was narrowed to. ``first`` and ``last`` are days of receipt, ``closed_first`` and
    ``closed_last`` of the closing that stands; ``due`` is the date on which they are due where the
    organisation is, ``due_by`` the last day of a deadline that has not passed; ``cause`` is an id, a fishbone
    category, or ``none``."""

    tab: str
    text: str = ""
    kind: str = ""
    unit: str = ""
    category: str = ""
    state: str = ""
    first: str = ""
    last: str = ""
    closed_first: str = ""
    closed_last: str = ""
    cause: str = ""
    owner: str = ""
    due: str = ""
    due_by: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything besides the tab is asked."""
        return bool(self.text) or self.filtered

    @property
    def filtered(self) -> bool:
        """Whether anything besides tab and words is asked."""
        return any(getattr(self, name) for name in NARROWED)

    @property
    def filters(self) -> dict[str, str]:
        """The same as an address says it, for keeping."""
        more = {name: getattr(self, name) for name in NARROWED}
        return {name: value for name, value in {"tab": self.tab, "q": self.text, **more}.items() if value}


def midnight_before(day: date) -> datetime:
    """The first moment of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))


def midnight_after(day: date) -> datetime:
    """The first moment of the day after."""
    return midnight_before(day + DAY)


def narrow(rows: QuerySet[Case], shown: Shown, person: Person) -> QuerySet[Case]:
    """The rows that the person wants to see of those given."""
    if shown.kind:
        rows = rows.filter(kind=shown.kind)
    if shown.state == COUNTED:
        rows = counted(rows)
    elif shown.state:
        rows = rows.filter(state__in=OPEN_STATES if shown.state == OPEN else (shown.state,))
    if shown.owner == NONE:
        rows = rows.filter(owner=None)
    elif shown.owner.isdecimal():
        rows = rows.filter(owner=int(shown.owner))
    days = _between("received_at", shown.first, shown.last)
    days &= _between("closed_at", shown.closed_first, shown.closed_last)
    rows = rows.filter(_unit(shown.unit) & _category(shown.category) & days & _due(shown))
    return _caused(rows, shown.cause, person) if shown.cause else rows


def _unit(asked: str) -> Q:
    pk = _id(asked)
    if not pk:
        return Q()
    if asked.startswith(OWN):
        return Q(unit=pk)
    return Q(unit__in=queries.below(Unit.objects.filter(pk=pk).first()))


def _category(asked: str) -> Q:
    if asked == NONE:
        return Q(category=None)
    pk = _id(asked)
    if not pk:
        return Q()
    return of_category(pk, own=asked.startswith(OWN))


def _between(moment: str, first: str, last: str) -> Q:
    """A moment within days that the address names, both included; either may be open."""
    since, until = day_asked(first), day_asked(last)
    wanted = Q(**{f"{moment}__gte": midnight_before(since)}) if since else Q()
    if until:
        wanted &= Q(**{f"{moment}__lt": midnight_after(until)})
    return wanted


def _due(shown: Shown) -> Q:
    on, by = day_asked(shown.due), day_asked(shown.due_by)
    wanted = Q(is_open=1, due_at__gte=clock.now(), due_at__lt=midnight_after(by)) if by else Q()
    if on:
        begins, ends = (datetime.combine(day, time(), organisation_zone()) for day in (on, on + DAY))
        wanted &= Q(is_open=1, due_at__gte=begins, due_at__lt=ends)
    return wanted


def _caused(rows: QuerySet[Case], asked: str, person: Person) -> QuerySet[Case]:
    causes = proven(person)
    if asked == NONE:
        return rows.exclude(pk__in=cases_with(causes).values("pk"))
    if asked.startswith(FISHBONES):
        causes = causes.filter(fishbone=asked.removeprefix(FISHBONES))
    else:
        named = causes.filter(pk=int(asked)).values("text") if asked.isdecimal() else ()
        causes = causes.filter(text__in=named)
    return rows.filter(pk__in=cases_with(causes).values("pk"))


def narrowings(shown: Shown, person: Person) -> dict[str, Label]:
    """What narrows a list and cannot be chosen in its fields, in words."""
    found = {}
    if shown.unit.startswith(OWN):
        found["unit"] = _only(Unit.objects.filter(pk=_id(shown.unit)).first())
    if shown.category.startswith(OWN):
        found["category"] = _only(Category.objects.filter(pk=_id(shown.category)).first())
    if shown.cause:
        found["cause"] = _cause_words(shown.cause, person)
    if shown.owner == NONE:
        found["owner"] = Label("没有承办人", "No handler")
    elif shown.owner.isdecimal():
        name = str(Person.objects.filter(pk=int(shown.owner)).first() or "–")
        found["owner"] = Label(f"承办人:{name}", f"Handler: {name}")
    if due := day_asked(shown.due_by):
        found["due_by"] = Label(f"{due} 及以前到期,未超期", f"Due by {due}, not late yet")
    return found


def _id(asked: str) -> int:
    pk = asked.removeprefix(OWN)
    return int(pk) if pk.isdecimal() else 0


def _only(thing: Unit | Category | None) -> Label:
    zh, en = (thing.name, thing.name_en or thing.name) if thing else ("–", "–")
    return Label(f"只含“{zh}”本级", f"Only “{en}” itself, nothing below")


def _cause_words(asked: str, person: Person) -> Label:
    if asked == NONE:
        return Label("尚未查明原因", "No cause found yet")
    if asked.startswith(FISHBONES):
        kind = label_of(FISHBONE, asked.removeprefix(FISHBONES))
        return Label(f"原因类别:{kind.zh}", f"Kind of cause: {kind.en}")
    cause = proven(person).filter(pk=int(asked)).first() if asked.isdecimal() else None
    text = cause.text if cause else "–"
    return Label(f"原因:{text}", f"Cause: {text}")
