"""A report as a document: filled from the round while it is a draft, read back once it is submitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from manyi.analytics.queries import round_view
from manyi.kernel.labels import Label
from manyi.organisation import clock
from manyi.organisation.settings import value
from manyi.reports.blocks import FilledSection, from_json, to_json
from manyi.reports.models import Report
from manyi.reports.sections import SECTIONS, Context
from manyi.reports.workflow import REPORT
from manyi.surveys.queries import questionnaire_of, scheme_of


@dataclass(frozen=True, slots=True)
class Signature:
    """One act on a report that is printed with it: what, by whom, when."""

    label: Label
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that is printed, in both languages."""

    title: Label
    organisation: str
    unit: Label
    state: Label
    final: bool
    summary: str
    signatures: tuple[Signature, ...]
    sections: tuple[FilledSection, ...]


def filled(report: Report) -> tuple[FilledSection, ...]:
    """The sections of a report as the round's figures are now; empty sections are left out."""
    round = report.round
    roots = [report.unit.path]
    context = Context(
        round=round,
        view=round_view(round=round, roots=roots),
        questionnaire=questionnaire_of(round.questionnaire),
        scheme=scheme_of(round.scheme) if round.scheme else None,
        roots=roots,
        now=clock.now(),
    )
    parts = [(SECTIONS.get(name), SECTIONS.get(name).fill(context)) for name in report.sections]
    return tuple(FilledSection(part.id, part.label, tuple(blocks)) for part, blocks in parts if blocks)


def frozen(report: Report) -> dict[str, Any]:
    """What is stored at submission: the filled sections, and the versions that their figures rest on."""
    round = report.round
    return {
        "versions": {
            "definition": [report.definition, report.definition_version],
            "questionnaire": [round.questionnaire.questionnaire.code, round.questionnaire.number],
            "scheme": [round.scheme.scheme.code, round.scheme.number] if round.scheme else None,
        },
        "title": {"zh": report.title, "en": report.title_en or report.title},
        "summary": report.summary,
        "sections": to_json(filled(report)),
    }


def document_of(report: Report) -> Document:
    """The document of a report. What was submitted is never computed again."""
    held = report.content
    title = Label(**held["title"]) if held else Label(report.title, report.title_en or report.title)
    return Document(
        title=title,
        organisation=value("organisation.name"),
        unit=Label(report.unit.name, report.unit.name_en or report.unit.name),
        state=REPORT.state(report.state).label,
        final=report.state == "published",
        summary=held["summary"] if held else report.summary,
        signatures=tuple(_signatures(report)),
        sections=from_json(held["sections"]) if held else filled(report),
    )


def _signatures(report: Report) -> Sequence[Signature]:
    acts = (
        (Label("编写", "Written by"), report.author, report.submitted_at or report.created_at),
        (Label("审批", "Approved by"), report.approved_by, report.approved_at),
        (Label("发布", "Published by"), report.published_by, report.published_at),
    )
    return [Signature(label, str(person), at) for label, person, at in acts if person and at]
