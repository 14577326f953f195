"""News from the answers: which snapshot lags behind."""

from __future__ import annotations

from manyi.analytics.actions import mark
from manyi.organisation import events
from manyi.organisation.models import Event
from manyi.responses.actions import JUDGEMENT_UNDONE, RESPONSE_JUDGED
from manyi.responses.batch_actions import SHEETS_HANDED_IN
from manyi.responses.completion_actions import COMPLETION_UNDONE, RESPONSE_COMPLETED
from manyi.responses.finishing import RESPONSE_SUBMITTED
from manyi.responses.imports import RESPONSES_IMPORTED
from manyi.responses.models import Response
from manyi.responses.weight_actions import WEIGHTS_CHOSEN, WEIGHTS_DROPPED


@events.subscribe("analytics.submitted", RESPONSE_SUBMITTED, SHEETS_HANDED_IN, RESPONSES_IMPORTED)
def note_new_answers(event: Event) -> None:
    """Answers came in, one sheet or a file of them: they are to be added."""
    mark(round_id=event.data["round"], rebuild=False)


@events.subscribe(
    "analytics.judged", RESPONSE_JUDGED, JUDGEMENT_UNDONE, RESPONSE_COMPLETED, COMPLETION_UNDONE
)
def note_changed_answers(event: Event) -> None:
    """An answer sheet that is already in the snapshot counts differently now."""
    judged = Response.objects.filter(pk=event.subject_id).values_list("round_id", flat=True).first()
    if judged is not None:
        mark(round_id=judged, rebuild=True)


@events.subscribe("analytics.weights", WEIGHTS_CHOSEN, WEIGHTS_DROPPED)
def note_other_weights(event: Event) -> None:
    """Other weights are in use, or none: the answers in the snapshot weigh differently now."""
    mark(round_id=event.data["round"], rebuild=True)
