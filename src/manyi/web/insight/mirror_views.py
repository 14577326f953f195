"""Employees beside customers: the same figure of two rounds, unit by unit."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from manyi.analytics.analyses import ANALYSES
from manyi.analytics.item_view import item_asked
from manyi.analytics.round_items import RoundItem, round_items
from manyi.kernel.labels import Label
from manyi.surveys.models import Round
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.choosing import RoundChoice, round_choice
from manyi.web.insight.narrowing import Choice
from manyi.web.insight.ready_page import answered
from manyi.web.insight.unit_views import Field, chosen

LACKING = Label(
    "要对照两方,需要两个轮次(如顾客轮次和员工轮次):都有评分方案,或有编号和选项都相同的评分题,而且答卷分到相同的部门。"
    "请在上面选好对照的轮次。",
    "A mirror needs two rounds (of customers and of employees, say) that both have a scheme, or rated "
    "questions with the same code and options, and answers in the same units. Choose the other round above.",
)
#: Words by which a round of employees is proposed first.
EMPLOYEES = ("employee", "staff", "员工", "职工")


@needs("insight.view")
def mirror(request: StaffRequest) -> HttpResponse:
    """The chosen round beside another one."""
    choice = round_choice(request)
    made, fields = None, list[Field]()
    other = _other(choice, request.GET.get("beside", ""))
    if choice.round:
        fields = [("beside", Label("对照的轮次", "Beside the round"), _offered(choice, other))]
    if choice.round and other:
        items = _shared(choice.round, other)
        item = chosen(items, request.GET.get("item", ""))
        fields.append(
            ("item", Label("项目", "Item"), [Choice(each.code, each.title, each is item) for each in items])
        )
        if item:
            config = {"item": item.code, "first": str(choice.round.pk), "second": str(other.pk)}
            made = item_asked("mirror", choice.round, {"beside": [other.pk]}, **config)
    return answered(
        request,
        choice,
        made,
        LACKING,
        template="insight/choices.html",
        title=ANALYSES.get("mirror").question,
        choices=fields,
    )


def _other(choice: RoundChoice, asked: str) -> Round | None:
    """The round in the address (404 for one that is not offered), else the newest of employees."""
    rounds = {str(each.pk): each for each in choice.rounds if each != choice.round}
    if asked:
        return get_object_or_404(
            Round.objects.filter(pk__in=list(rounds)), pk=int(asked) if asked.isdigit() else 0
        )
    return next((each for each in rounds.values() if _of_employees(each)), None)


def _of_employees(round: Round) -> bool:
    programme, sheet = round.programme, round.questionnaire.questionnaire
    words = f"{programme.code} {programme.title} {programme.title_en} {sheet.code} {round.title}".lower()
    return any(word in words for word in EMPLOYEES)


def _offered(choice: RoundChoice, other: Round | None) -> list[Choice]:
    named = [
        Choice(str(each.pk), Label(f"{each.programme.title} · {each.title}", _english(each)), each == other)
        for each in choice.rounds
        if each != choice.round
    ]
    return [Choice("", Label("请选择", "Please choose"), other is None), *named]


def _english(round: Round) -> str:
    programme = round.programme
    return f"{programme.title_en or programme.title} · {round.title_en or round.title}"


def _shared(first: Round, second: Round) -> tuple[RoundItem, ...]:
    """What both rounds measure alike: the same code with the same answers, and the scores of two schemes."""
    other = {item.code: item for item in round_items(second)}
    return tuple(
        item
        for item in round_items(first)
        if item.code in other and item.points.keys() == other[item.code].points.keys()
    )
