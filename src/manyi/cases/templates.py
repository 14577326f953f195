"""Ready words with fields: what {name}, {number} and the others stand for in a case."""

from __future__ import annotations

import re
from collections.abc import Callable

from manyi.cases.choices import KINDS, label_of
from manyi.cases.models import Case
from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.organisation.settings import value

_FIELD = re.compile(r"\{(\w+)\}")


def _name(case: Case) -> str:
    return case.contact_name or Label("您好", "Sir or Madam").text(case.language)


#: What may stand in braces, and what it becomes.
FIELDS: dict[str, Callable[[Case], str]] = {
    "name": _name,
    "number": lambda case: case.number,
    "subject": lambda case: case.subject,
    "unit": lambda case: (
        case.unit.name_en or case.unit.name if case.language.startswith("en") else case.unit.name
    ),
    "kind": lambda case: label_of(KINDS, case.kind).text(case.language),
    "handler": lambda case: str(case.owner or ""),
    "organisation": lambda case: str(value("organisation.name")),
}


def check_fields(words: str) -> Label | None:
    """What is wrong with the fields of some words; None when all exist."""
    unknown = [name for name in _FIELD.findall(words) if name not in FIELDS]
    if not unknown:
        return None
    known = "、".join(f"{{{name}}}" for name in FIELDS)
    return Label(
        f"没有字段 {{{unknown[0]}}},可用:{known}", f"There is no field {{{unknown[0]}}}; use {known}"
    )


def filled(words: str, case: Case) -> str:
    """The words with every field in its place. Raises Refused for a field that does not exist."""
    fault = check_fields(words)
    if fault is not None:
        raise Refused(fault, field="words")
    return _FIELD.sub(lambda found: FIELDS[found.group(1)](case), words)
