"""The API as Django mounts it: who may come in, and how a refusal is told."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from manyi.kernel.labels import Label
from manyi.kernel.workflow import WorkflowError
from manyi.organisation.errors import Invalid, NotPermitted, Refused
from manyi.web.api import (
    calls,
    case_work,
    cases,
    customers,
    improvement,
    organisation,
    sampling,
    supervision,
    surveys,
)
from manyi.web.api.parser import CleanParser
from manyi.web.api.shapes import Holding

NOT_FOUND = Label(
    "没有这条记录,或它属于您看不到的部门。", "There is no such record, or it is not in your units."
)
NO_JSON = Label("请求内容不是有效的 JSON。", "The body of the request is not valid JSON.")
LOG_IN = Label("请先登录。", "Please log in first.")
#: The words for what pydantic finds wrong, by the beginning of its own name for it.
FAULTS = {
    "missing": Label("必填。", "It is required."),
    "greater": Label("超出允许范围。", "It is out of range."),
    "less": Label("超出允许范围。", "It is out of range."),
    "string_too": Label("长度不合要求。", "Its length is not allowed."),
}
OTHER_FAULT = Label("格式不对。", "It is not of the right kind.")

api = NinjaAPI(
    title="Manyi",
    version="1",
    auth=Holding(),
    parser=CleanParser(),
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
)
for router in (
    organisation.router,
    customers.router,
    surveys.router,
    sampling.router,
    calls.router,
    cases.router,
    case_work.router,
    supervision.router,
    improvement.router,
):
    api.add_router("", router)


def _answer(request: HttpRequest, status: int, reason: Label, field: str = "", **more: Any) -> HttpResponse:
    error = {"zh": reason.zh, "en": reason.en, "field": field, **more}
    return api.create_response(request, {"error": error}, status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What an action refused: 403 for a missing permission, else 422 with the field."""
    if isinstance(refusal, NotPermitted):
        return _answer(request, 403, refusal.message)
    if isinstance(refusal, Invalid):
        every = [{"field": place, "zh": why.zh, "en": why.en} for place, why in refusal.problems]
        return _answer(request, 422, refusal.message, refusal.field, problems=every)
    return _answer(request, 422, refusal.message, refusal.field)


@api.exception_handler(WorkflowError)
def not_now(request: HttpRequest, refusal: WorkflowError) -> HttpResponse:
    """A step that the workflow does not know."""
    return _answer(request, 422, refusal.message, "name")


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not have the shape of the route: 422 with each field."""
    every = []
    for fault in error.errors:
        # The first two parts say where pydantic looked: ("body", "data", "name") is the field "name".
        place = ".".join(str(part) for part in fault["loc"][2:] or fault["loc"][-1:])
        kind = str(fault["type"])
        words = next((label for name, label in FAULTS.items() if kind.startswith(name)), OTHER_FAULT)
        every.append({"field": place, "zh": words.zh, "en": words.en})
    first = every[0]
    reason = Label(f"{first['field']}:{first['zh']}", f"{first['field']}: {first['en']}")
    return _answer(request, 422, reason, first["field"], problems=every)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, or holds what the parser refuses."""
    cause = error.__cause__ or error.__context__
    reason = cause.message if isinstance(cause, Refused) else NO_JSON
    return _answer(request, error.status_code, reason)


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """What does not exist for this person."""
    return _answer(request, 404, NOT_FOUND)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is logged in."""
    return _answer(request, 401, LOG_IN)
