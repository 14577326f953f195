"""Finished sheets from other systems, one or many: judged in memory, stored together, logged as one event.

A sheet that cannot be taken stops no other. If it had a way in, what it held is kept as a draft all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from manyi.distribution.models import Invitation, OpenLink
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person
from manyi.responses import actions, finishing, intake
from manyi.responses.errors import Incomplete, OverQuota, UnknownToken
from manyi.responses.models import Response
from manyi.responses.storing import Judged, store
from manyi.surveys.models import Round

SHEETS_HANDED_IN = events.kind("response.handed_in", "批量提交答卷", "Answer sheets handed in together")
NO_TOKEN = Label("请给出邀请或公开链接的代码。", "Name the invitation or the open link by its token.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as another system hands it in, for an invitation or an open link named by its token.

    ``seconds`` is the time that answering took, where the other system knows it.
    """

    answers: Mapping[str, Any]
    invitation: str = ""
    open_link: str = ""
    language: str = "zh-hans"
    seconds: float | None = None


def take_sheets(*, actor: Person | None, round: Round, sheets: Sequence[Sheet]) -> list[str | Refused]:
    """Take sheets in; for each its receipt or why it was not taken, in their order.

    An invitation that has a draft goes on from it; a second sheet for it in the same call is told what a
    second submission is told. Quotas are filled in the order of the sheets.
    """
    access.require(actor, "responses.import", round)
    with transaction.atomic():
        batch = _Batch(round, *_ways_in(round, sheets))
        results = [batch.judge(sheet) for sheet in sheets]
        batch.store(actor)
        return [
            _one_by_one(sheet, result) if isinstance(result, Invitation) else _told(result)
            for sheet, result in zip(sheets, results, strict=True)
        ]


def _ways_in(
    round: Round, sheets: Iterable[Sheet]
) -> tuple[dict[str, Invitation], dict[str, OpenLink], set[int]]:
    """The invitations and open links that sheets name, and the ids of the invitations with a draft.

    The invitations are locked first: nobody begins a draft of one between the look and the writing.
    """
    named = {sheet.invitation for sheet in sheets if sheet.invitation}
    invitations, drafted = {}, set()
    if named:
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("member", "unit")
        rows = rows.filter(round=round, token__in=named).order_by("pk")
        invitations = {row.token: row for row in rows}
        begun = Response.objects.filter(invitation__in=invitations.values())
        drafted = set(begun.values_list("invitation__pk", flat=True))
    named = {sheet.open_link for sheet in sheets if not sheet.invitation and sheet.open_link}
    links = {}
    if named:
        found = OpenLink.objects.filter(round=round, token__in=named).select_related("unit", "product")
        links = {row.token: row for row in found}
    return invitations, links, drafted


@dataclass
class _Batch:
    """The sheets of one call that begin anew, judged but not stored yet."""

    round: Round
    invitations: dict[str, Invitation]
    links: dict[str, OpenLink]
    drafted: set[int]  # ids of invitations whose draft is stored already, or judged here
    judged: list[Judged] = field(default_factory=list)

    def judge(self, sheet: Sheet) -> Response | Invitation | Refused:
        """The sheet as a response to be stored, its invitation when there is a draft of it, or a refusal."""
        if not (sheet.invitation or sheet.open_link):
            return Refused(NO_TOKEN, field="invitation")
        source = (
            self.invitations.get(sheet.invitation) if sheet.invitation else self.links.get(sheet.open_link)
        )
        if source is None:
            return UnknownToken()
        source.round = self.round
        if isinstance(source, Invitation) and source.pk in self.drafted:
            return source
        try:
            draft = self._draft(source, sheet.language)
        except Refused as refusal:
            return refusal
        verdict, _ = intake.record(draft, "", sheet.answers, sheet.seconds or 0.0)
        if verdict.errors:
            self.judged.append((draft, None))
            return Incomplete(list(verdict.errors.items()))
        self.judged.append((draft, finishing.conclude(draft, verdict, timed=sheet.seconds is not None)))
        return draft

    def _draft(self, source: Invitation | OpenLink, language: str) -> Response:
        now = clock.now()
        own = intake.blank(source, language, now)
        if isinstance(source, OpenLink):
            intake.require_usable(None, source)
            draft = Response(**own, **intake.from_link(source))
        else:
            intake.require_usable(source, None)
            draft = Response(**own, **intake.personal(source), invitation=source)
            source.state, source.opened_at = "opened", source.opened_at or now
            self.drafted.add(source.pk)
        draft.questionnaire, draft.unit = self.round.questionnaire, source.unit
        return draft

    def store(self, actor: Person | None) -> None:
        """Write everything down, with one event for what is finished."""
        store(self.judged)
        finished = [(draft, result) for draft, result in self.judged if result is not None]
        if len(finished) == 1:
            finishing.note(*finished[0])
        elif finished:
            of = {
                state: [d.pk for d, _ in finished if d.state == state]
                for state in ("submitted", "screened_out")
            }
            data = {"round": self.round.pk, "responses": of["submitted"], "over_quota": of["screened_out"]}
            events.append(SHEETS_HANDED_IN, actor=actor, subject=self.round, unit=self.round.unit, data=data)


def _one_by_one(sheet: Sheet, invitation: Invitation) -> str | Refused:
    """Submit the draft that an invitation has already, as its page would."""
    try:
        draft = actions.begin(invitation=invitation, language=sheet.language)
        actions.submit(response=draft, answers=sheet.answers, seconds=sheet.seconds)
    except Refused as refusal:
        return refusal
    return draft.receipt or ""


def _told(result: Response | Refused) -> str | Refused:
    if isinstance(result, Refused):
        return result
    return result.receipt or OverQuota()
