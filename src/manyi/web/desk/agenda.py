"""What waits for one person today, gathered from the rooms; each line leads straight to the act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from manyi.cases import mentions
from manyi.cases import queries as cases
from manyi.cases.choices import CLOCKS, label_of
from manyi.cases.deliveries import undelivered
from manyi.cases.models import Case
from manyi.cases.supervision.assessment_actions import to_answer, to_assess, to_decide
from manyi.cases.workflow import MACHINE as CASE
from manyi.distribution import call_queries as calls
from manyi.distribution.models import Invitation
from manyi.improvement import queries as improvement
from manyi.improvement.models import Finding
from manyi.kernel.labels import Label
from manyi.measures.indicators import return_rate
from manyi.organisation import access, clock
from manyi.organisation.models import Person
from manyi.reports.models import Report
from manyi.surveys.models import Round
from manyi.web.desk.side_tasks import mine
from manyi.web.templatetags.manyi import figure_text, named

SHOWN = 8
#: Sections in which the state of a case says more than the clock that is due.
STATED = {"mine", "news"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: where, what, a note beside it, until when, and whether that has passed."""

    href: str
    title: str
    note: Label | str = ""
    due: datetime | str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; ``count`` counts those not shown too, ``more`` leads to all of them."""

    id: str
    icon: str
    label: Label
    lines: list[Line]
    count: int
    more: str = ""


def midnight(now: datetime) -> datetime:
    """The end of the reader's day."""
    local = timezone.localtime(now) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def agenda(person: Person) -> list[Section]:
    """The sections that have something in them, the most pressing first."""
    now = clock.now()
    confirm, verify = improvement.to_confirm(person), improvement.to_verify(person)
    found = [
        *_due(person, now),
        _approvals(person, now),
        _telephone(person, now),
        _undelivered(person),
        _mentions(person),
        *_desk(person, now),
        _tasks(person, now),
        _actions(person, now),
        *_supervision(person),
        _findings("confirm", "flag", Label("待确认的改进项", "Findings to confirm"), confirm),
        _findings("verify", "target", Label("待验证的整改效果", "Effects to verify"), verify),
        _reports(person),
        _rounds(person),
    ]
    return [section for section in found if section.lines]


def _due(person: Person, now: datetime) -> list[Section]:
    mine, tomorrow = _concerning(person), midnight(now)
    late, soon = mine.filter(due_at__lt=now), mine.filter(due_at__gte=now, due_at__lt=tomorrow)
    return [
        _cases("overdue", "alert-triangle", Label("已超期", "Overdue"), late, now, "/cases/?tab=overdue"),
        _cases("today", "clock", Label("今天到期", "Due today"), soon, now, "/cases/?tab=today"),
    ]


def _desk(person: Person, now: datetime) -> list[Section]:
    """The work of dispatchers, callers and handlers."""
    news, dispatch, call = cases.with_news(person), cases.to_dispatch(person), cases.to_call(person)
    mine = cases.tab(person, "mine", now, midnight(now))
    return [
        _cases("news", "mail", Label("顾客来信", "Customers wrote"), news, now, "/cases/?tab=all"),
        _cases("dispatch", "inbox", Label("待受理、待派单", "To assign"), dispatch, now, "/cases/?tab=all"),
        _cases("call", "phone", Label("待回访", "To call back"), call, now, "/cases/due/"),
        _cases("mine", "user", Label("我承办的", "My cases"), mine, now, "/cases/?tab=mine"),
    ]


def _mentions(person: Person) -> Section:
    """Notes in which a colleague named this person."""
    rows = mentions.waiting(person)
    lines = [
        Line(f"/cases/{row.note.case_id}/", row.note.body, f"{row.note.case.number} · {row.note.by}")
        for row in rows[:SHOWN]
    ]
    return Section("mentions", "user", Label("提到我的", "Notes that name me"), lines, rows.count())


def _undelivered(person: Person) -> Section:
    """Words to customers that did not arrive."""
    rows = undelivered(person)
    lines = [
        Line(f"/cases/{case.pk}/#letter-{letter.pk}", f"{case.number} {case.subject}", letter.error[:120])
        for case, letter in rows[:SHOWN]
    ]
    return Section("undelivered", "alert-triangle", Label("未送达顾客", "Not delivered"), lines, len(rows))


def _tasks(person: Person, now: datetime) -> Section:
    """What cases of others ask of one's department."""
    rows = mine(person).filter(state="open").order_by("due_at")
    lines = [
        Line(f"/cases/tasks/{row.pk}/", row.text, row.case.number, row.due_at, row.due_at < now)
        for row in rows[:SHOWN]
    ]
    label = Label("待办协办", "Asked of my department")
    return Section("tasks", "inbox", label, lines, rows.count(), "/cases/tasks/")


def _telephone(person: Person, now: datetime) -> Section:
    """Survey interviews: the agreed calls by their hour, and how many people can be called now."""
    agreed, due = calls.appointments(person), calls.due(person, now).count()
    lines = [
        Line("/field/", str(row.invitation.customer), Label("约定的访问", "Agreed interview"), row.not_before,
             bool(row.not_before and row.not_before <= now))
        for row in agreed[:SHOWN]
    ]  # fmt: skip
    if due:
        title = Label(f"现在可拨打 {due} 人", f"{due} to call now").text(get_language() or "")
        lines.append(Line("/field/", title, Label("下一位", "Next call")))
    label = Label("电话访问", "Telephone interviews")
    return Section("telephone", "phone", label, lines, due or len(lines), "/field/")


def _concerning(person: Person) -> QuerySet[Case]:
    """The open cases for which this person answers: their own, and those of the units that they lead."""
    leads = access.within(access.paths(person, "cases.dispatch"), "unit")
    rows = cases.cases(person).filter(Q(owner=person) | leads)
    return rows.filter(state__in=[state.id for state in CASE.states if state.open]).order_by("due_at")


def _cases(name: str, icon: str, label: Label, rows: QuerySet[Case], now: datetime, more: str) -> Section:
    lines = [
        Line(
            f"/cases/{case.pk}/",
            f"{case.number} {case.subject}",
            CASE.state(case.state).label if name in STATED else label_of(CLOCKS, case.due_clock),
            case.due_at,
            bool(case.due_at and case.due_at < now),
        )
        for case in rows[:SHOWN]
    ]
    return Section(name, icon, label, lines, rows.count(), more)


def _approvals(person: Person, now: datetime) -> Section:
    """Solutions and plans of others that wait for this person's decision."""
    solutions = cases.to_approve(person)
    plans = improvement.to_approve(person)
    lines = [
        Line(
            f"/cases/{case.pk}/",
            f"{case.number} {case.subject}",
            Label("处理方案", "Solution"),
            case.due_at,
            bool(case.due_at and case.due_at < now),
        )
        for case in solutions[:SHOWN]
    ]
    more_time = cases.extensions_to_decide(person)
    lines += [
        Line(
            f"/cases/{row.case_id}/#extensions", f"{row.case.number} {row.case.subject}",
            Label("延期申请", "More time"), row.case.due_at, False,
        )
        for row in more_time[:SHOWN]
    ]  # fmt: skip
    lines += [
        Line(f"/improvement/{row.pk}/", f"{row.number} {named(row)}", Label("整改措施", "Corrective actions"))
        for row in plans[:SHOWN]
    ]
    return Section(
        "approve",
        "check",
        Label("待我审批", "For my approval"),
        lines,
        solutions.count() + more_time.count() + plans.count(),
    )


def _supervision(person: Person) -> list[Section]:
    """Results about one's own cases, objections to decide, and drawn cases that wait for an assessor."""
    found = (
        (
            "results",
            "check",
            Label("督查结果待反馈", "Supervision: answer the results"),
            to_answer(person),
            "mine/",
        ),
        ("objections", "flag", Label("督查异议待裁定", "Supervision: objections"), to_decide(person), ""),
        ("assess", "shield-check", Label("待评查", "Supervision: to assess"), to_assess(person), ""),
    )
    return [
        Section(
            name,
            icon,
            label,
            [
                Line(
                    f"/cases/samples/cases/{row.pk}/",
                    f"{row.case.number} {row.case.subject}",
                    row.sample.number,
                )
                for row in rows[:SHOWN]
            ],
            rows.count(),
            f"/cases/samples/{more}",
        )
        for name, icon, label, rows, more in found
    ]


def _actions(person: Person, now: datetime) -> Section:
    today = timezone.localtime(now).date()
    rows = improvement.my_actions(person)
    lines = [
        Line(
            f"/improvement/{row.cause.finding_id}/#action-{row.pk}",
            row.text,
            row.cause.finding.number,
            row.due_on.isoformat(),
            row.due_on < today,
        )
        for row in rows[:SHOWN]
    ]
    return Section("actions", "tool", Label("我的整改措施", "My corrective actions"), lines, rows.count())


def _findings(name: str, icon: str, label: Label, rows: QuerySet[Finding]) -> Section:
    lines = [
        Line(f"/improvement/{row.pk}/", f"{row.number} {named(row)}", named(row.unit)) for row in rows[:SHOWN]
    ]
    return Section(name, icon, label, lines, rows.count(), "/improvement/")


def _reports(person: Person) -> Section:
    rows = access.visible(person, Report.objects.select_related("unit"), verb="reports.approve")
    waiting = rows.filter(state="submitted").exclude(author=person)
    lines = [Line(f"/reports/{row.pk}/", named(row), named(row.unit)) for row in waiting[:SHOWN]]
    return Section(
        "reports", "report", Label("待审批的报告", "Reports to approve"), lines, waiting.count(), "/reports/"
    )


def _rounds(person: Person) -> Section:
    """The rounds that are open, each with its return so far."""
    rounds = access.visible(person, Round.objects.filter(state="open").order_by("closes_at"))
    counts = _returns(rounds[:SHOWN])
    lines = [
        Line(f"/surveys/rounds/{row.pk}/", named(row), _return_words(counts.get(row.pk)), row.closes_at)
        for row in rounds[:SHOWN]
    ]
    label = Label("进行中的调查", "Surveys under way")
    return Section("rounds", "clipboard-list", label, lines, rounds.count(), "/surveys/")


def _returns(rounds: Iterable[Round]) -> dict[int, tuple[int, int]]:
    """Invited and answered by round."""
    answered = Count("pk", filter=Q(answered_at__isnull=False))
    rows = Invitation.objects.filter(round__in=list(rounds)).values("round_id")
    return {
        row["round_id"]: (row["all"], row["back"]) for row in rows.annotate(all=Count("pk"), back=answered)
    }


def _return_words(count: tuple[int, int] | None) -> Label:
    if count is None:
        return Label("开放链接", "Open link")
    rate = figure_text(return_rate(*count)).split(" ")[0]
    return Label(f"回收 {count[1]}/{count[0]}({rate})", f"{count[1]} of {count[0]} returned ({rate})")
