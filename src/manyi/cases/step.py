"""One step of the workflow while it is taken, as its effects see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from manyi.cases.models import Case, CaseMessage
from manyi.kernel.workflow import Transition
from manyi.organisation.models import Person

Data = dict[str, Any]


@dataclass(slots=True)
class Step:
    """One step that is being taken: the locked case, who takes it, the facts given, and the moment."""

    case: Case
    transition: Transition
    actor: Person | None
    facts: Mapping[str, Any]
    now: datetime
    data: Data = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A fact as text without blanks around it; empty when it was not given."""
        return str(self.facts.get(name) or "").strip()

    @property
    def person(self) -> Person:
        """The person who takes the step; a rule never takes a step that signs for something."""
        if self.actor is None:
            raise ValueError(f"the step {self.transition.name} needs a person")
        return self.actor


Effect = Callable[[Step], Data]


def write(step: Step, direction: str, body: str) -> CaseMessage:
    """A message of the case, by the person who takes the step."""
    return CaseMessage.objects.create(
        case=step.case, direction=direction, channel="desk", body=body, by=step.actor, at=step.now
    )
