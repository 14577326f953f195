"""Checking a round's answers for doubts, and deciding on them; a decision can be taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.organisation.settings import value
from manyi.responses.actions import judge, undo_judgement
from manyi.responses.intake import today
from manyi.responses.models import Doubt, Response
from manyi.responses.quality import RULES, Limits, Sheet, doubts_of
from manyi.responses.quality import Round as Sheets
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of

QUALITY_CHECKED = events.kind("round.quality_checked", "检查答卷质量", "Answers checked for doubts")
DOUBT_DECIDED = events.kind("response.doubt_decided", "处理存疑答卷", "Doubts decided")
DOUBT_REOPENED = events.kind("response.doubt_reopened", "撤销存疑处理", "Decision on a doubt undone")

BATCH = 2000


def check_quality(*, actor: Person | None, round: Round) -> int:
    """Look through all submitted answers of a round; returns how many doubts are open now.

    Doubts that no longer hold go, unless a person has decided on them.
    """
    access.require(actor, "responses.judge", round.unit)
    rows = Response.objects.filter(round=round, state="submitted").order_by("pk")
    sheets = [Sheet(*row) for row in rows.values_list("pk", "answers", "seconds", "device").iterator(BATCH)]
    limits = Limits(
        value("responses.fast_percent"), value("responses.empty_percent"), value("responses.repeated_texts")
    )
    known = Sheets(questionnaire_of(round.questionnaire), limits, today()).read(sheets)
    now = clock.now()
    found = [
        Doubt(response_id=sheet.pk, rule=rule, reason=why.zh[:300], reason_en=why.en[:300], at=now)
        for sheet in sheets
        for rule, why in doubts_of(sheet, known)
    ]
    with transaction.atomic():
        mine = Doubt.objects.filter(response__round=round)
        mine.filter(state="open").delete()
        Doubt.objects.bulk_create(found, batch_size=BATCH, ignore_conflicts=True)
        open_now = mine.filter(state="open").count()
        data = {"round": round.pk, "sheets": len(sheets), "open": open_now}
        events.append(QUALITY_CHECKED, actor=actor, subject=round, unit=round.unit, data=data)
    return open_now


def decide_doubts(*, actor: Person, doubts: Iterable[Doubt], confirm: bool, why: str = "") -> int:
    """Confirm doubts (their answers do not count any more) or lift them; returns how many were decided.

    Nothing is deleted. Raises Refused when confirming without a reason.
    """
    if confirm and not why.strip():
        raise Refused(Label("请填写判定无效的原因。", "Please say why it does not count."), field="why")
    decided = 0
    for doubt in doubts:
        access.require(actor, "responses.judge", doubt.response)
        if doubt.state != "open":
            continue
        with transaction.atomic():
            _mark(doubt, actor, "confirmed" if confirm else "lifted", why)
            if confirm and doubt.response.valid:
                words = f"{RULES[doubt.rule].label.zh}:{why.strip()}"
                judge(actor=actor, response=doubt.response, valid=False, why=words)
            _note(DOUBT_DECIDED, actor, doubt)
        decided += 1
    return decided


def reopen_doubt(*, actor: Person, doubt: Doubt) -> Doubt:
    """Take a decision back; answers that it had made invalid are judged by their flags again."""
    access.require(actor, "responses.judge", doubt.response)
    if doubt.state == "open":
        raise Refused(Label("这条存疑还没有处理。", "This doubt was not decided yet."))
    with transaction.atomic():
        confirmed = doubt.state == "confirmed"
        _mark(doubt, actor, "open", "")
        others = Doubt.objects.filter(response=doubt.response, state="confirmed").exclude(pk=doubt.pk)
        if confirmed and doubt.response.judged and not others.exists():
            undo_judgement(actor=actor, response=doubt.response)
        _note(DOUBT_REOPENED, actor, doubt)
    return doubt


def _mark(doubt: Doubt, actor: Person, state: str, why: str) -> None:
    doubt.state, doubt.why, doubt.by, doubt.at = state, why.strip()[:300], actor, clock.now()
    doubt.save(update_fields=["state", "why", "by", "at"])


def _note(kind: events.EventKind, actor: Person, doubt: Doubt) -> None:
    events.append(
        kind,
        actor=actor,
        subject=doubt.response,
        unit=doubt.response.unit,
        why=doubt.why,
        data={"response": doubt.response_id, "rule": doubt.rule, "state": doubt.state},
    )
