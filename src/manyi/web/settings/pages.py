"""What the views of this audience share: a form page that gives refused input back, pages of long lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property

from manyi.kernel.labels import Label
from manyi.organisation import access
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Unit
from manyi.organisation.queries import in_tree_order
from manyi.web.forms import Field, general_fault, given_back
from manyi.web.guard import StaffRequest
from manyi.web.refusals import UNPROCESSABLE
from manyi.web.templatetags.manyi import label_text

PER_PAGE = 50
#: An id that no row and no address has.
_STAND_IN = 9_090_909_090
SAVE, CREATE = Label("保存", "Save"), Label("新建", "Create")
M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


def form_page(
    request: StaffRequest,
    *,
    heading: Label,
    fields: Sequence[Field],
    act: Callable[[Mapping[str, str]], str],
    done: Label,
    submit: Label = SAVE,
    back: str,
    context: Mapping[str, Any] | None = None,
    template: str = "shapes/form.html",
) -> HttpResponse:
    """Show a form; on POST do the act with what was filled in and go to the address that it returns.

    A refusal shows the form again with everything that was typed and the fault at its field.
    """
    page = {"heading_words": heading, "fields": fields, "submit": submit, "back": back, **(context or {})}
    if request.method != "POST":
        return render(request, template, page)
    given = request.POST.dict()
    try:
        goal = act({name: str(value) for name, value in given.items()})
    except NotPermitted:
        raise
    except Refused as refused:
        page["fields"] = given_back(fields, page_values(given), refused)
        page["fault"] = general_fault(fields, refused)
        return render(request, template, page, status=UNPROCESSABLE)
    messages.success(request, label_text(done))
    return redirect(goal)


def page_values(given: Mapping[str, Any]) -> dict[str, str]:
    """What a form sent, as text."""
    return {name: str(value) for name, value in given.items()}


def page_of(request: StaffRequest, rows: QuerySet[M] | Sequence[M], size: int = PER_PAGE) -> Page[M]:
    """The page of a list that the address asks for; a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


class OpenPaginator(Paginator[Row]):
    """Pages of a list that is never counted to its end: it knows only whether there is one page more."""

    def __init__(self, rows: QuerySet[Any, Row], number: int, size: int = PER_PAGE) -> None:
        super().__init__(rows, size)
        self._known = max(number + 1, 2) * size

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to the end of the next page."""
        rows: Any = self.object_list
        return int(rows.order_by()[: self._known].count())

    @property
    def more(self) -> bool:
        """Whether there may be more than was counted."""
        return self.count >= self._known


def open_page_of(request: StaffRequest, rows: QuerySet[Any, Row]) -> Page[Row]:
    """The page of a list of unknown length that the address asks for."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 7 else 1
    return OpenPaginator(rows, number).get_page(number)


def addresses_of(name: str, keys: Iterable[int]) -> list[str]:
    """The addresses of many rows by one look at the table of addresses, which is slow for each."""
    before, after = reverse(name, args=[_STAND_IN]).split(str(_STAND_IN))
    return [f"{before}{key}{after}" for key in keys]


def units_for(request: StaffRequest, verb: str) -> list[Unit]:
    """The units in use where the person holds a verb, in the order of the tree."""
    return in_tree_order(access.visible(request.user, Unit.objects.filter(active=True), verb=verb))


def unit_choices(units: Sequence[Unit]) -> list[tuple[str, str]]:
    """Units as choices, indented as the tree is."""
    return [(str(unit.pk), "　" * unit.depth + unit.name) for unit in units]


def chosen_unit(request: StaffRequest, verb: str, pk: str) -> Unit:
    """The unit that a form names, where the person holds the verb; raises Refused for another."""
    rows = access.visible(request.user, Unit.objects.all(), verb=verb)
    found = rows.filter(pk=int(pk)).first() if pk.isdigit() else None
    if found is None:
        raise Refused(Label("请选择部门。", "Please choose a unit."), field="unit")
    return found
