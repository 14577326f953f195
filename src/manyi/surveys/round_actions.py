"""Writing programmes and rounds, and moving rounds through their states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Transition, WorkflowError
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person, Unit
from manyi.surveys.errors import CodeTaken
from manyi.surveys.models import Programme, QuestionnaireVersion, Round, SchemeVersion
from manyi.surveys.workflow import ROUND

PROGRAMME_CREATED = events.kind("programme.created", "新建调查项目", "Programme created")
PROGRAMME_CHANGED = events.kind("programme.changed", "修改调查项目", "Programme changed")
ROUND_CREATED = events.kind("round.created", "新建调查轮次", "Round created")
ROUND_OPENED = events.kind("round.opened", "调查轮次开放", "Round opened")
ROUND_CLOSED = events.kind("round.closed", "调查轮次结束", "Round closed")
ROUND_CANCELLED = events.kind("round.cancelled", "调查轮次取消", "Round cancelled")

FREQUENCIES = {
    "once": Label("一次", "Once"),
    "monthly": Label("每月", "Monthly"),
    "quarterly": Label("每季度", "Quarterly"),
    "yearly": Label("每年", "Yearly"),
    "continuous": Label("持续", "Continuous"),
}
EDITABLE = {
    "title",
    "title_en",
    "owner",
    "purpose",
    "frequency",
    "anonymous",
    "privacy_promise",
    "privacy_promise_en",
}

_KIND_OF_STATE = {"open": ROUND_OPENED, "closed": ROUND_CLOSED, "cancelled": ROUND_CANCELLED}


def create_programme(*, actor: Person | None, unit: Unit, code: str, title: str, **details: Any) -> Programme:
    """A new standing survey; ``details`` are those of ``update_programme``. Raises CodeTaken or Refused."""
    access.require(actor, "surveys.edit", unit)
    if Programme.objects.filter(code=code).exists():
        raise CodeTaken(code)
    programme = Programme(code=code.strip(), unit=unit, owner=actor, created_at=clock.now())
    _set(programme, {"title": title, **details})
    with transaction.atomic():
        programme.save()
        events.append(
            PROGRAMME_CREATED,
            actor=actor,
            subject=programme,
            label=programme.code,
            unit=unit,
            after={"code": programme.code, "anonymous": programme.anonymous},
        )
    return programme


def update_programme(*, actor: Person | None, programme: Programme, **details: Any) -> Programme:
    """Change a programme's texts, owner, frequency or anonymity; later rounds take the new values."""
    access.require(actor, "surveys.edit", programme)
    before = {name: _plain(getattr(programme, name)) for name in details}
    _set(programme, details)
    with transaction.atomic():
        programme.save(update_fields=list(details))
        after = {name: _plain(getattr(programme, name)) for name in details}
        events.append(
            PROGRAMME_CHANGED,
            actor=actor,
            subject=programme,
            label=programme.code,
            unit=programme.unit,
            before=before,
            after=after,
        )
    return programme


def _set(programme: Programme, details: Mapping[str, Any]) -> None:
    unknown = details.keys() - EDITABLE
    if unknown:
        raise TypeError(f"a programme has no {', '.join(sorted(unknown))}")
    if not programme.code or not str(details.get("title", programme.title)).strip():
        raise Refused(Label("请填写编号和名称。", "Please give a code and a title."), field="title")
    if details.get("frequency", programme.frequency) not in FREQUENCIES:
        raise Refused(Label("请选择频率。", "Please choose a frequency."), field="frequency")
    for name, value in details.items():
        setattr(programme, name, value)


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Person) else value


def create_round(
    *,
    actor: Person | None,
    programme: Programme,
    questionnaire: QuestionnaireVersion,
    scheme: SchemeVersion | None,
    title: str,
    title_en: str = "",
    opens_at: datetime,
    closes_at: datetime,
    unit: Unit | None = None,
) -> Round:
    """The next round of a programme, planned; anonymity is the programme's and is fixed from here on.

    Raises Refused for versions that are not published, for a scheme of another questionnaire, and for an end
    before the beginning.
    """
    unit = unit or programme.unit
    access.require(actor, "surveys.edit", unit)
    _check_round(questionnaire, scheme, opens_at, closes_at)
    with transaction.atomic():
        number = (programme.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
        row = Round.objects.create(
            programme=programme,
            number=number,
            title=title.strip() or f"{programme.title} {number}",
            title_en=title_en.strip(),
            unit=unit,
            questionnaire=questionnaire,
            scheme=scheme,
            anonymous=programme.anonymous,
            opens_at=opens_at,
            closes_at=closes_at,
            created_at=clock.now(),
        )
        events.append(ROUND_CREATED, actor=actor, subject=row, unit=unit, after=_planned(row))
    return row


def _planned(row: Round) -> dict[str, Any]:
    """What a planned round fixes, as its event carries it."""
    return {
        "questionnaire": row.questionnaire_id,
        "scheme": row.scheme_id,
        "anonymous": row.anonymous,
        "opens_at": row.opens_at.isoformat(),
        "closes_at": row.closes_at.isoformat(),
    }


def _check_round(
    questionnaire: QuestionnaireVersion, scheme: SchemeVersion | None, opens_at: datetime, closes_at: datetime
) -> None:
    if questionnaire.published_at is None:
        raise Refused(
            Label("请先发布问卷。", "Please publish the questionnaire first."), field="questionnaire"
        )
    if scheme is not None and scheme.published_at is None:
        raise Refused(Label("请先发布评分方案。", "Please publish the scheme first."), field="scheme")
    if scheme is not None and scheme.scheme.questionnaire_id != questionnaire.questionnaire_id:
        words = Label("评分方案属于另一份问卷。", "The scheme belongs to another questionnaire.")
        raise Refused(words, field="scheme")
    if closes_at <= opens_at:
        raise Refused(
            Label("结束时间必须晚于开始时间。", "The end must come after the beginning."), field="closes_at"
        )


def advance_round(
    *, actor: Person | None, round: Round, name: str, facts: Mapping[str, Any] | None = None
) -> Round:
    """Take one step of ``workflow.ROUND``; the only way in which a round's state changes.

    ``facts``: what the step needs (``why``; ``closes_at`` as an aware datetime for opening again). Raises
    Refused with the reason when the step is not possible.
    """
    now = clock.now()
    with transaction.atomic():
        row = Round.objects.select_for_update().select_related("unit").get(pk=round.pk)
        given: dict[str, Any] = {**(facts or {}), "now": now}
        step = _checked(actor, row, name, given)
        before = {"state": row.state, "closes_at": row.closes_at.isoformat()}
        _apply(row, step, given, now)
        row.save(update_fields=["state", "opened_at", "closed_at", "opens_at", "closes_at"])
        events.append(
            _KIND_OF_STATE[step.target],
            actor=actor,
            subject=row,
            unit=row.unit,
            before=before,
            after={"state": row.state, "closes_at": row.closes_at.isoformat()},
            why=str(given.get("why", "")),
            data={"step": name, "round": row.pk},
        )
    for field in ("state", "opened_at", "closed_at", "opens_at", "closes_at"):
        setattr(round, field, getattr(row, field))
    return round


def _checked(actor: Person | None, row: Round, name: str, facts: Mapping[str, object]) -> Transition:
    held = access.verbs(actor, row.unit) if actor else {"surveys.field"}
    try:
        step = ROUND.check(row, row.state, name, verbs=held, actor=actor.pk if actor else None, facts=facts)
    except WorkflowError as error:
        raise Refused(error.message) from error
    if step.automatic and actor is not None:
        raise Refused(Label("这一步由系统完成。", "The software takes this step."))
    return step


def _apply(row: Round, step: Transition, facts: Mapping[str, Any], now: datetime) -> None:
    row.state = step.target
    if step.target == "open" and step.name != "reopen":
        row.opened_at, row.opens_at = now, min(row.opens_at, now)
    elif step.name == "reopen":
        row.closed_at, row.closes_at = None, facts["closes_at"]
    else:
        row.closed_at = now
