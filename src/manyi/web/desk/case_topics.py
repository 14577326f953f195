"""Rising topics: what more people complain about than in the weeks before, and what to do about it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from manyi.cases import queries
from manyi.cases.models import Case, Category
from manyi.cases.rising import MOST_TEXTS, Said, Topic, said_in, topics
from manyi.cases.tallies import of_category
from manyi.improvement.actions import detect
from manyi.kernel.labels import Label
from manyi.measures.figure import Figure
from manyi.measures.rates import RateChange
from manyi.organisation import access
from manyi.organisation.errors import Refused
from manyi.organisation.models import Unit
from manyi.web.desk.case_frame import (
    DAY,
    Asked,
    asked_by,
    calendar_of,
    cases_of,
    framed,
    received_in,
    working_days_of,
)
from manyi.web.desk.case_topic_words import (
    KINDS,
    VERDICTS,
    Weeks,
    answer,
    method,
    p_words,
    ratio_words,
    sentence,
    short,
)
from manyi.web.guard import StaffRequest, needs
from manyi.web.insight.panels import Cell, Panel, plain
from manyi.web.settings.pages import units_for

TITLE = Label("最近哪些问题变多了?", "What do more people complain about than before?")
WEEKS, WEEKS_BEFORE = (1, 2, 4, 8, 13), (4, 8, 12, 26, 52)
USUAL = 4, 12
COLUMNS = (
    Label("话题", "Topic"),
    Label("种类", "Kind"),
    Label("之前件数", "Before"),
    Label("近期件数", "Now"),
    Label("倍数(95% 区间)", "Ratio (95 % interval)"),
    Label("p(校正后)", "p (adjusted)"),
    Label("判断", "Verdict"),
)


def weeks_of(request: StaffRequest) -> Weeks:
    """The weeks that the address asks for; they end on its last day."""
    given = request.GET if request.method == "GET" else request.POST
    asked = asked_by(request, kind="complaint")
    span, span_before = (
        int(given.get(name, "")) if given.get(name, "") in map(str, known) else usual
        for name, known, usual in (("weeks", WEEKS, USUAL[0]), ("before", WEEKS_BEFORE, USUAL[1]))
    )
    now = replace(asked, first=asked.last - timedelta(weeks=span) + DAY)
    before = replace(asked, first=now.first - timedelta(weeks=span_before), last=now.first - DAY).recorded()
    calendar = calendar_of(request, asked.unit)
    days, days_before = (working_days_of(calendar, each) for each in (now, before))
    return Weeks(now, before, days, days_before, span_before)


def found_in(request: StaffRequest, weeks: Weeks) -> tuple[list[Topic], int]:
    """The topics, and how many cases there were in all."""
    cases = cases_of(request, weeks.now)
    before, now = (list[Said](said_in(received_in(cases, when))) for when in (weeks.before, weeks.now))
    return topics(before, now, (weeks.days_before, weeks.days)), len(before) + len(now)


@require_GET
@needs("cases.view")
def index(request: StaffRequest) -> HttpResponse:
    """The rising topics in sentences, and all that were tested in a table."""
    weeks = weeks_of(request)
    found, n = found_in(request, weeks)
    shown = found if n else []
    risen = [topic for topic in shown if topic.judged.verdict == "rising"]
    return framed(
        request,
        weeks.now,
        title=TITLE,
        panels=[panel_of(shown, weeks)] if shown else [],
        template="desk/case_topics.html",
        weeks=weeks,
        spans=(WEEKS, WEEKS_BEFORE),
        rising=[
            (each, sentence(each, weeks), list_of(each, weeks.now)) for each in risen if not _is_phrase(each)
        ],
        words=[(each, short(each), list_of(each, weeks.now)) for each in risen if _is_phrase(each)],
        answer=answer(shown),
        many=n > MOST_TEXTS,
        may_find=access.may(request.user, "findings.manage"),
    )


def _is_phrase(topic: Topic) -> bool:
    return topic.kind == "phrase"


def list_of(topic: Topic, asked: Asked) -> str:
    """The list of the cases of a topic in the weeks."""
    return asked.list_of(
        **{"category": {"category": topic.key}, "phrase": {"q": topic.key}}.get(topic.kind, {})
    )


def panel_of(found: list[Topic], weeks: Weeks) -> Panel:
    """Every topic that was looked at."""
    rows = tuple(
        (
            Cell(topic.name, href=list_of(topic, weeks.now)),
            Cell(KINDS[topic.kind]),
            plain(topic.judged.change.before.n),
            plain(topic.judged.change.now.n),
            Cell(ratio_words(topic.judged.change)),
            replace(plain(p_words(topic.judged.adjusted).removeprefix("= ")), number=topic.judged.adjusted),
            Cell(VERDICTS[topic.judged.verdict], bad=topic.judged.verdict == "rising"),
        )
        for topic in found
    )
    title = Label("检验过的全部话题", "All topics that were tested")
    return Panel("topics", title, COLUMNS, rows, note=method(weeks), numeric=(2, 3, 5))


@require_POST
@needs("findings.manage")
def to_finding(request: StaffRequest) -> HttpResponse:
    """Take a rising topic up as something to be improved for good."""
    weeks = weeks_of(request)
    found, _n = found_in(request, weeks)
    topic = next((each for each in found if each.id == request.POST.get("topic", "")), None)
    if topic is None or topic.judged.verdict != "rising":
        raise Refused(
            Label("这个话题现在没有上升,请重新查看。", "This topic does not rise now; look again."),
            field="topic",
        )
    unit = _where(request, weeks.now)
    change = topic.judged.change
    finding = detect(
        actor=request.user,
        unit=unit,
        source="complaint_trend",
        title=f"{unit.name}:“{topic.name.zh}”{weeks.span} 周内 {change.now.n} 件,明显多于之前",
        title_en=f"{unit.name_en or unit.name}: {change.now.n} cases about “{topic.name.en}” in {weeks.span} "
        "weeks, clearly more than before",
        key=f"trend:{topic.id[:60]}:{unit.pk}:{weeks.now.last}:{weeks.span}:{weeks.now.kind}",
        cases=_cases(request, weeks, topic).filter(unit__in=queries.below(unit)),
        category=Category.objects.filter(pk=int(topic.key)).first() if topic.kind == "category" else None,
        value=_figure(change).to_json(),
    )
    messages.success(request, _("The finding is made."))
    return redirect("desk:finding", pk=finding.pk)


def _where(request: StaffRequest, asked: Asked) -> Unit:
    """The unit that was looked at; else the highest one where the person takes up findings."""
    units = units_for(request, "findings.manage")
    unit = asked.unit or min(units, key=lambda each: each.depth)
    access.require(request.user, "findings.manage", unit)
    return unit


def _cases(request: StaffRequest, weeks: Weeks, topic: Topic) -> QuerySet[Case]:
    rows = received_in(cases_of(request, weeks.now), weeks.now)
    if topic.kind == "category":
        return rows.filter(of_category(int(topic.key)))
    return queries.find(rows, topic.key) if topic.kind == "phrase" else rows


def _figure(change: RateChange) -> Figure:
    """The ratio as a figure, as far as it is finite."""
    n = change.before.n + change.now.n
    ends = (change.low, change.high)
    finite = all(end is not None and math.isfinite(end) for end in (change.ratio, *ends))
    value, low, high = (change.ratio, *ends) if finite else (None, None, None)
    return Figure(value, n, n, low, high, "poisson_exact", "cases.rate_ratio", "times")
