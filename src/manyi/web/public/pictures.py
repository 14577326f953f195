"""Pictures in questionnaires, by the hash of their content: whoever has the address has seen the question."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from manyi.surveys.pictures import stored_picture
from manyi.web.download import as_picture


@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """The picture of an option; 404 for anything that is not the picture of a questionnaire."""
    row = stored_picture(key)
    if row is None:
        raise Http404
    return as_picture(row)
