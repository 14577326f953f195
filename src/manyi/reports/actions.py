"""The only writers of reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.reports.document import frozen
from manyi.reports.errors import NotNow
from manyi.reports.models import Report, ReportComment
from manyi.reports.sections import ROUND_REPORT, SECTIONS
from manyi.reports.workflow import REPORT, Parties
from manyi.surveys.models import Round

REPORT_CREATED = events.kind("report.created", "新建报告", "Report created")
REPORT_CHANGED = events.kind("report.changed", "修改报告", "Report changed")
REPORT_COMMENTED = events.kind("report.commented", "批注报告", "Report commented on")
COMMENT_SETTLED = events.kind("report.comment_settled", "批注已处理", "Comment settled")
#: Each step is its own kind of event, so that the log says 提交审批, 审批通过, 发布.
STEP_KINDS = {
    step.name: events.kind(f"report.{step.name}", f"报告:{step.label.zh}", f"Report: {step.label.en}")
    for step in REPORT.transitions
}
REPORT_PUBLISHED = STEP_KINDS["publish"]


def create_report(
    *,
    actor: Person,
    round: Round,
    title: str = "",
    title_en: str = "",
    sections: Sequence[str] = ROUND_REPORT,
) -> Report:
    """Begin a report on a round, as a draft of the actor. Raises Refused for an unknown section."""
    access.require(actor, "reports.write", round)
    now = clock.now()
    with transaction.atomic():
        report = Report.objects.create(
            round=round,
            unit=round.unit,
            title=title.strip() or f"{round.title}报告",
            title_en=title_en.strip() or f"{round.title_en or round.title}: report",
            sections=_known(sections),
            author=actor,
            created_at=now,
            updated_at=now,
        )
        data = {"round": round.pk, "sections": report.sections}
        events.append(REPORT_CREATED, actor=actor, subject=report, unit=report.unit, data=data)
    return report


def save_summary(
    *, actor: Person, report: Report, title: str, title_en: str, summary: str, sections: Sequence[str]
) -> Report:
    """Change the words and the choice of sections of a draft. Raises NotNow once it is submitted."""
    access.require(actor, "reports.write", report)
    if not title.strip():
        raise Refused(Label("请填写标题。", "Please give a title."), field="title")
    with transaction.atomic():
        row = _locked(report)
        if row.state != "draft":
            raise NotNow(
                Label("报告已提交,收回后才能修改。", "The report is submitted; take it back to change it.")
            )
        row.title, row.title_en = title.strip(), title_en.strip()
        row.summary, row.sections = summary.strip(), _known(sections)
        row.updated_at = clock.now()
        row.save()
        events.append(
            REPORT_CHANGED, actor=actor, subject=row, unit=row.unit, data={"sections": row.sections}
        )
    return row


def comment(*, actor: Person, report: Report, section: str, text: str) -> ReportComment:
    """Remark on a section (or, with an empty section, on the whole), for everyone who reads the report."""
    access.require(actor, "reports.view", report)
    if not text.strip():
        raise Refused(Label("请填写批注内容。", "Please write the comment."), field="text")
    if section and section not in report.sections:
        raise Refused(Label("报告中没有这一部分。", "The report has no such section."), field="section")
    with transaction.atomic():
        made = ReportComment.objects.create(
            report=report, section=section, text=text.strip(), by=actor, at=clock.now()
        )
        data = {"comment": made.pk, "section": section}
        events.append(REPORT_COMMENTED, actor=actor, subject=report, unit=report.unit, data=data)
    return made


def settle(*, actor: Person, comment: ReportComment) -> None:
    """Note that a comment was dealt with: its writer or the author of the report may."""
    report = comment.report
    access.require(actor, "reports.view", report)
    if actor.pk not in (comment.by_id, report.author_id):
        raise Refused(
            Label("只有批注人或编写人可以处理。", "Only who wrote the comment or the report may settle it.")
        )
    with transaction.atomic():
        ReportComment.objects.filter(pk=comment.pk).update(settled=True)
        data = {"comment": comment.pk}
        events.append(COMMENT_SETTLED, actor=actor, subject=report, unit=report.unit, data=data)


def advance(*, report: Report, name: str, actor: Person, facts: Mapping[str, Any] | None = None) -> Report:
    """Take one step of ``workflow.REPORT``; the only way in which a report's state changes.

    Raises NotNow with the reason when the step is not possible for this person now.
    """
    given = dict(facts or {})
    with transaction.atomic():
        row = _locked(report)
        before = row.state
        held = access.verbs(actor, row.unit)
        try:
            step = REPORT.check(parties(row), before, name, verbs=held, actor=actor.pk, facts=given)
        except WorkflowError as error:
            raise NotNow(error.message) from error
        for effect in step.effects:
            EFFECTS[effect](row, actor)
        row.state, row.updated_at = step.target, clock.now()
        row.save()
        events.append(
            STEP_KINDS[name],
            actor=actor,
            subject=row,
            unit=row.unit,
            before={"state": before},
            after={"state": row.state},
            why=str(given.get("why", "")),
            data={"versions": row.content.get("versions")} if row.content else {},
        )
    return row


def parties(report: Report) -> Parties:
    """What the guards look at."""
    return Parties(report.author_id, report.approved_by_id, bool(report.content))


def _freeze(report: Report, actor: Person) -> None:
    report.content, report.submitted_at = frozen(report), clock.now()


def _thaw(report: Report, actor: Person) -> None:
    report.content, report.submitted_at = {}, None
    report.approved_by, report.approved_at = None, None


def _note_approver(report: Report, actor: Person) -> None:
    report.approved_by, report.approved_at = actor, clock.now()


def _note_publisher(report: Report, actor: Person) -> None:
    report.published_by, report.published_at = actor, clock.now()


EFFECTS: dict[str, Callable[[Report, Person], None]] = {
    "freeze": _freeze,
    "thaw": _thaw,
    "note_approver": _note_approver,
    "note_publisher": _note_publisher,
}


def _locked(report: Report) -> Report:
    """The row as it is now, kept from others until the transaction ends."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("unit", "round", "author")
    return rows.get(pk=report.pk)


def _known(sections: Sequence[str]) -> list[str]:
    """The chosen sections in the order in which a report is printed; outside ones come last."""
    unknown = [name for name in sections if name not in SECTIONS]
    if unknown:
        name = unknown[0]
        raise Refused(Label(f"没有“{name}”这一部分。", f"There is no section “{name}”."), field="sections")
    if not sections:
        raise Refused(Label("请至少选择一个部分。", "Please choose at least one section."), field="sections")
    order = [*ROUND_REPORT, *(name for name in SECTIONS.ids() if name not in ROUND_REPORT)]
    return [name for name in order if name in sections]
