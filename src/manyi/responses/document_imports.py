"""Answers in another tool's file, into a round: judged like everybody's, every refused value named.

The answers must be to the round's questions, by their codes. What is not asked there is kept aside with
the answers, and named once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.measures.scoring import Scheme
from manyi.organisation import access, clock, jobs, tables
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.organisation.settings import value
from manyi.organisation.tables import RowProblem
from manyi.responses import intake, rules
from manyi.responses.import_rows import Sheet
from manyi.responses.imports import BATCH, Counts, keep, known_keys, note
from manyi.responses.models import ResponseImport
from manyi.surveys.codecs import Document, Source, codec_for
from manyi.surveys.codecs.document import Record
from manyi.surveys.definition import Questionnaire
from manyi.surveys.evaluation import evaluate
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of, scheme_of

#: Under which names files say what tells their records apart, when they came, and whose they are.
_IDS, _MOMENTS = ("response_id", "id", "ID", "key"), ("submitted", "submitdate", "datestamp")
NOT_ASKED = Label("问卷中没有这道题,已另存。", "This is not asked in the questionnaire; kept aside.")


def import_document(
    *, actor: Person | None, source: Source, round: Round, progress: jobs.Progress
) -> ResponseImport:
    """Import the records of a file that we read; a second time adds nothing.

    Raises Unreadable for a broken file, Refused for one without answers or with answers to other questions.
    """
    access.require(actor, "responses.import", round)
    tree = questionnaire_of(round.questionnaire)
    codec = codec_for(source)
    document = codec.read(Source(source.name, source.data, source.beside, tree))
    if document.records is None:
        raise Refused(Label("文件中没有答卷。", "The file holds no answers."), field="file")
    if not document.questionnaire.questions.keys() & tree.questions.keys():
        words = "文件中的题目与本轮问卷都不相同。", "None of the file's questions are asked in this round."
        raise Refused(Label(*words), field="file")
    record = ResponseImport.objects.create(
        round=round,
        file_name=Path(source.name).name[:200],
        sha256=hashlib.sha256(source.data).hexdigest(),
        mapping={"format": codec.id},
        by=actor,
        at=clock.now(),
    )
    counts = _take_in(record, document, tree, progress)
    note(record, counts)
    progress.set(counts.rows, counts.rows)
    return record


def _take_in(
    record: ResponseImport, document: Document, tree: Questionnaire, progress: jobs.Progress
) -> Counts:
    round, counts = record.round, Counts()
    judge = _Judge(
        round_id=round.pk,
        tree=tree,
        scheme=scheme_of(round.scheme) if round.scheme else None,
        units=dict(Unit.objects.filter(path__startswith=round.unit.path).values_list("code", "pk")),
        home=round.unit_id,
        zone=ZoneInfo(value("organisation.time_zone")),
        today=intake.today(),
    )
    strange = sorted(document.questionnaire.questions.keys() - tree.questions.keys())
    counts.problems += [RowProblem(1, code, NOT_ASKED) for code in strange]
    walk = enumerate(iter(document.records or ()), 1)
    while part := list(islice(walk, BATCH)):
        sheets = list(_sheets(judge, part, counts))
        with transaction.atomic():
            keep(record, sheets)
        counts.added += len(sheets)
        progress.set(counts.rows)
    return counts


def _sheets(judge: _Judge, part: list[tuple[int, Record]], counts: Counts) -> Iterator[Sheet]:
    """The good records that are not there yet; all others are counted by what became of them."""
    keys = {number: judge.key_of(number, record) for number, record in part}
    taken = known_keys(list(keys.values()))
    for number, record in part:
        counts.rows += 1
        if keys[number] in taken:
            counts.repeated += 1
            continue
        sheet = judge.sheet(number, record, keys[number])
        if isinstance(sheet, Sheet):
            taken.add(sheet.import_key)
            yield sheet
        else:
            counts.reject(sheet)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges records against the questionnaire of a round."""

    round_id: int
    tree: Questionnaire
    scheme: Scheme | None
    units: dict[str, int]
    home: int
    zone: ZoneInfo
    today: date

    def key_of(self, number: int, record: Record) -> str:
        """The name of a record for ever: its own number, else its place with what it says."""
        own = next((record.meta[name] for name in _IDS if record.meta.get(name)), None)
        said = own or [number, record.answers]
        named = f"{self.round_id}:document:{json.dumps(said, sort_keys=True, default=str)}"
        return hashlib.sha256(named.encode()).hexdigest()[:40]

    def sheet(self, number: int, record: Record, key: str) -> Sheet | list[RowProblem]:
        """The judged answers, or every value that was refused."""
        asked = self.tree.questions
        given = {code: each for code, each in record.answers.items() if code.partition("-")[0] in asked}
        verdict = evaluate(self.tree, given, today=self.today)
        problems = [
            RowProblem(number, code, error)
            for code, error in verdict.errors.items()
            if code in verdict.set_aside  # what is merely missing is no fault of a file
        ]
        if problems:
            return problems
        aside = {code: (each, NOT_ASKED) for code, each in record.answers.items() if code not in given}
        return Sheet(
            import_key=key,
            unit_id=self.units.get(str(record.meta.get("unit", "")), self.home),
            answers=verdict.accepted,
            set_aside=rules.set_aside({**aside, **verdict.set_aside}),
            segments=[],
            product=str(record.meta.get("product", ""))[:40],
            at=self._moment(record.meta),
            outcome=rules.outcome(self.scheme, verdict.accepted, None) if self.scheme else rules.Outcome(),
        )

    def _moment(self, meta: dict[str, Any]) -> datetime | None:
        """When the answers were given, where the file says so."""
        said = next((str(meta[name]) for name in _MOMENTS if meta.get(name)), "")
        found = tables.parse_moment(said) if said else None
        return found.replace(tzinfo=self.zone).astimezone(UTC) if found else None
