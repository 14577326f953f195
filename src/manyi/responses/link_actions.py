"""What a link brings along: values for the hidden questions, put into the draft at its beginning."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from manyi.responses import intake
from manyi.responses.models import Response
from manyi.surveys.queries import questionnaire_of
from manyi.surveys.question_types.hidden import parameter_of


def note_parameters(*, response: Response, parameters: Mapping[str, str]) -> Response:
    """Take the parameters of a link into a draft, for the hidden questions that ask for them.

    What is not asked for is not kept. A value that is too long is set aside with the reason.
    """
    tree = questionnaire_of(response.questionnaire)
    hidden = (question for question in tree.questions.values() if question.type == "hidden")
    wanted = {question.code: parameter_of(question) for question in hidden}
    given = {code: parameters[name] for code, name in wanted.items() if parameters.get(name)}
    if given:
        with transaction.atomic():
            draft = Response.objects.select_for_update().get(pk=response.pk)
            intake.keep_draft(draft, intake.judged(tree, draft, given))
            draft.save(update_fields=["answers", "set_aside"])
        response.answers, response.set_aside = draft.answers, draft.set_aside
    return response
