"""One row of a file becomes one set of judged answers, or the reasons why it cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from manyi.kernel.labels import Label
from manyi.measures.scoring import Scheme
from manyi.organisation.tables import Row, RowProblem, parse_moment
from manyi.responses import rules
from manyi.responses.import_mapping import FileMapping
from manyi.surveys.definition import Questionnaire
from manyi.surveys.evaluation import evaluate


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one row, ready to be stored."""

    import_key: str
    unit_id: int
    answers: dict[str, Any]
    set_aside: dict[str, Any]
    segments: list[str]
    product: str
    at: datetime | None
    outcome: rules.Outcome


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows under one mapping. ``units`` are those allowed, by code."""

    round_id: int
    mapping: FileMapping
    questionnaire: Questionnaire
    scheme: Scheme | None
    units: Mapping[str, int]
    default_unit: int
    zone: ZoneInfo
    today: date

    def wanted(self, row: Row) -> bool:
        """Whether the filters of the mapping take this row."""
        return all(row.values.get(column, "") in allowed for column, allowed in self.mapping.filters.items())

    def key_of(self, row: Row) -> str:
        """The name of a row for ever: the same row of the same round is never taken twice."""
        named = f"{self.round_id}:{row.values.get(self.mapping.key, '')}"
        return hashlib.sha256(named.encode()).hexdigest()[:40]

    def read(self, row: Row) -> Sheet | list[RowProblem]:
        """The sheet of a row, or everything that is wrong with it."""
        problems: list[RowProblem] = []
        if not row.values.get(self.mapping.key):
            words = Label(
                "缺少唯一标识,无法判断是否重复。", "The key is empty, so a repetition could not be told."
            )
            problems.append(RowProblem(row.number, self.mapping.key, words))
        answers = self._answers(row, problems)
        verdict = evaluate(self.questionnaire, answers, today=self.today)
        columns = {path: column for column, path in self.mapping.columns.items()}
        for code, error in verdict.errors.items():
            if code in verdict.set_aside:  # what is merely missing is no fault of a file
                column = columns.get(code) or next(c for p, c in columns.items() if p.startswith(f"{code}."))
                problems.append(RowProblem(row.number, column, error))
        unit, at = self._unit(row, problems), self._moment(row, problems)
        if problems:
            return problems
        return Sheet(
            import_key=self.key_of(row),
            unit_id=unit,
            answers=verdict.accepted,
            set_aside=rules.set_aside(verdict.set_aside),
            segments=self._segments(row),
            product=row.values.get(self.mapping.product, "")[:40] if self.mapping.product else "",
            at=at,
            outcome=rules.outcome(self.scheme, verdict.accepted, None) if self.scheme else rules.Outcome(),
        )

    def _answers(self, row: Row, problems: list[RowProblem]) -> dict[str, Any]:
        everywhere = self.mapping.missing.get("*", frozenset())
        answers = {}
        for column, path in self.mapping.columns.items():
            value = row.values.get(column, "")
            if not value or value in everywhere or value in self.mapping.missing.get(column, ()):
                continue
            codes = self.mapping.values.get(column)
            if codes is not None and value not in codes:
                words = Label(f"映射中没有值“{value}”。", f"The mapping does not know the value “{value}”.")
                problems.append(RowProblem(row.number, column, words))
                continue
            answers[path] = codes[value] if codes is not None else value
        return answers

    def _unit(self, row: Row, problems: list[RowProblem]) -> int:
        column = self.mapping.unit_column
        if not column:
            return self.default_unit
        code = row.values.get(column, "")
        if code not in self.units:
            words = Label(f"没有部门“{code}”。", f"There is no unit “{code}” here.")
            problems.append(RowProblem(row.number, column, words))
        return self.units.get(code, self.default_unit)

    def _moment(self, row: Row, problems: list[RowProblem]) -> datetime | None:
        column = self.mapping.date
        if not column:
            return None
        found = parse_moment(row.values.get(column, ""))
        if found is None:
            words = Label("日期请写成 2026-01-31。", "Write dates like 2026-01-31.")
            problems.append(RowProblem(row.number, column, words))
            return None
        return found.replace(tzinfo=self.zone).astimezone(UTC)

    def _segments(self, row: Row) -> list[str]:
        found = (codes.get(row.values.get(column, "")) for column, codes in self.mapping.segments.items())
        return sorted(code for code in found if code)
