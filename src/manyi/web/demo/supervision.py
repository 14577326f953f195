"""Supervision in the demo: one sample that was assessed to its end, and one that waits for its assessors."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from manyi.cases.models import Assessment, SupervisionSample
from manyi.cases.supervision.assessment_actions import ROWS, advance_assessment
from manyi.cases.supervision.checklist_actions import offered
from manyi.cases.supervision.rules import criteria_of
from manyi.cases.supervision.sample_actions import Population, advance_sample, draw_sample
from manyi.organisation import clock
from manyi.web.demo.cast import Cast
from manyi.web.demo.timeline import Timeline

#: By the place of a case in the first sample: which criteria failed, and why.
FAILED = {
    1: {"told": "告知短信没有写明办理时限。"},
    3: {"demands": "顾客要求的第二项(退还工时费)没有答复。", "cause": "只写“已处理”,没有写明原因。"},
    5: {"answer": "没有写明复核途径。"},
    6: {"call": "没有记录顾客原话。"},
}
WITHOUT_REMEDY = 2


def plan_supervision(cast: Cast, timeline: Timeline) -> None:
    """The first sample in the last quarter, the second in the last days."""
    timeline.plan(_morning(timeline, 30), partial(_first, cast, timeline))
    timeline.plan(_morning(timeline, 3), partial(_second, cast))


def _morning(timeline: Timeline, days: int) -> datetime:
    """Ten o'clock, so many days before the end."""
    day = (timeline.end - timedelta(days=days)).astimezone(ZoneInfo("Asia/Shanghai"))
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def _first(cast: Cast, timeline: Timeline) -> None:
    sample = _draw(cast, "zhaojing", "HX", days=120, size=12, seed="demo-1")
    for place, row in enumerate(sample.assessments.order_by("case__number")):
        at = clock.now() + timedelta(days=1, minutes=20 * place)
        timeline.plan(at, partial(_assess, cast, row, place))
    timeline.plan(clock.now() + timedelta(days=8), partial(_finish, cast, sample))


def _second(cast: Cast) -> None:
    _draw(cast, "zhoutao", "HX-E", days=300, size=4, seed="demo-2")


def _draw(cast: Cast, who: str, unit: str, *, days: int, size: int, seed: str) -> SupervisionSample:
    today = clock.today("Asia/Shanghai")
    population = Population(cast.units[unit], today - timedelta(days=days), today, "complaint")
    size = min(size, len(population.frame().cases))
    return draw_sample(
        actor=cast.staff[who],
        population=population,
        method="simple",
        size=size,
        checklist=offered()[0],
        seed=seed,
    )


def _assess(cast: Cast, row: Assessment, place: int) -> None:
    """The auditor had no part in any case; the handler objects to one result and accepts the others."""
    failed = FAILED.get(place, {})
    results = {
        each.code: {"answer": "no" if each.code in failed else "yes", "remark": failed.get(each.code, "")}
        for each in criteria_of(row.sample.checklist.criteria)
    }
    if place == WITHOUT_REMEDY:
        results["remedy"]["answer"] = "na"
    auditor, handler = cast.staff["qianwen"], row.handler
    advance_assessment(actor=auditor, assessment=row, name="assess", facts={"results": results})
    if "demands" in failed:
        grounds = {"comment": "工时费已在电话中说明,录音可查。"}
        advance_assessment(actor=handler, assessment=row, name="object", facts=grounds)
    elif place % 2:
        advance_assessment(actor=handler, assessment=row, name="accept", facts={"comment": "已改进。"})


def _finish(cast: Cast, sample: SupervisionSample) -> None:
    for row in ROWS.filter(sample=sample, state="objected"):
        decision = {"decision": "录音中只说明了原因,没有答复退费,维持原结果。"}
        advance_assessment(actor=cast.staff["qianwen"], assessment=row, name="keep", facts=decision)
    advance_sample(actor=cast.staff["zhaojing"], sample=sample, name="finish")
