"""Forms as data: a view names its fields, one template draws them, and a refusal comes back to its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid, Refused


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the form, its words, and how it is drawn.

    ``kind`` is an HTML input type, or ``textarea``, ``select`` (one of ``choices``: value and words),
    ``check``, or ``heading`` (no field: words above those that follow). ``error`` is what was wrong with what
    was given.
    """

    name: str
    label: Label
    kind: str = "text"
    value: str = ""
    choices: Sequence[tuple[str, Label | str]] = ()
    required: bool = True
    help: Label | None = None
    error: Label | None = None


def faults(refused: Refused) -> dict[str, Label]:
    """What was wrong, by field name; what belongs to no field stands under the empty name."""
    if isinstance(refused, Invalid):
        return dict(reversed(refused.problems))
    return {refused.field: refused.message}


def given_back(fields: Sequence[Field], given: Mapping[str, str], refused: Refused) -> list[Field]:
    """The fields as the person filled them, each with its fault; passwords are not sent back."""
    wrong = faults(refused)
    return [
        replace(
            field,
            value="" if field.kind == "password" else given.get(field.name, ""),
            error=wrong.get(field.name),
        )
        for field in fields
    ]


def general_fault(fields: Sequence[Field], refused: Refused) -> Label | None:
    """The reason that no field of the form can show."""
    names = {field.name for field in fields}
    return next((reason for place, reason in faults(refused).items() if place not in names), None)
