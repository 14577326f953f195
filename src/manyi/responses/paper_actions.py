"""Paper: copies are printed with serial numbers, entered by one or two people, decided where these differ."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from manyi.distribution import open_link_actions
from manyi.distribution.models import Invitation
from manyi.distribution.rules import DONE_WITH
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import NotPermitted, Refused
from manyi.organisation.models import Person, Unit
from manyi.responses import actions, intake, paper_form, paper_rules, rules
from manyi.responses.errors import OverQuota
from manyi.responses.models import PaperCopy, PaperEntry, PaperRun
from manyi.surveys.models import Round
from manyi.surveys.queries import questionnaire_of

RUN_PRINTED = events.kind("paper.printed", "印制纸质问卷", "Paper copies printed")
COPY_ENTERED = events.kind("paper.entered", "录入纸质问卷", "Paper copy entered")
COPY_DECIDED = events.kind("paper.decided", "裁定两次录入的差异", "Differing entries decided")
ENTRY_UNDONE = events.kind("paper.undone", "撤销纸质录入", "Paper entry undone")
#: So many copies are made at once at most.
MOST = 2000


def print_run(
    *,
    actor: Person,
    round: Round,
    unit: Unit,
    copies: int = 0,
    named: bool = False,
    percent_twice: int = 0,
    language: str = "zh-hans",
) -> PaperRun:
    """Numbered copies for one unit: ``copies`` of them, or one for everybody invited there who has not
    answered (``named``).

    ``percent_twice`` of the copies, chosen by the stored seed, wait for two people. Raises Refused at the
    field at fault; in an anonymous round no copy may lead to a person.
    """
    access.require(actor, "surveys.field", round)
    _check_run(round, unit, percent_twice, named)
    people: list[Invitation | None] = (
        list(_to_be_asked(round, unit)) if named else [None] * min(copies, MOST + 1)
    )
    if not 0 < len(people) <= MOST:
        told = Label(
            f"每次可印 1 到 {MOST} 份,请修改份数。",
            f"1 to {MOST} copies can be made at once; please change the number.",
        )
        raise Refused(told, field="copies")
    with transaction.atomic():
        run = PaperRun.objects.create(
            round=round, unit=unit, prefix=_free_prefix(), language=language,
            percent_twice=percent_twice, seed=secrets.randbelow(2**31), by=actor, at=clock.now(),
        )  # fmt: skip
        PaperCopy.objects.bulk_create(_copies(run, people))
        data = {"round": round.pk, "copies": len(people), "percent_twice": percent_twice, "named": named}
        events.append(RUN_PRINTED, actor=actor, subject=run, unit=unit, data=data)
    return run


def _copies(run: PaperRun, people: list[Invitation | None]) -> Iterator[PaperCopy]:
    """The numbered copies of a run, one for each of the people (None: for anybody)."""
    twice = paper_rules.entered_twice(len(people), run.percent_twice, run.seed)
    for number, person in enumerate(people, 1):
        serial = paper_rules.serial(run.prefix, number)
        yield PaperCopy(run=run, number=number, serial=serial, invitation=person, twice=number in twice)


def _check_run(round: Round, unit: Unit, percent_twice: int, named: bool) -> None:
    if round.state not in {"planned", "open"}:
        raise Refused(Label("本轮已结束,不能再印。", "The round is over; nothing can be printed."))
    if not round.unit.contains(unit):
        raise Refused(Label("所选部门不在本轮范围内。", "That unit is outside this round."), field="unit")
    if not 0 <= percent_twice <= 100:
        told = Label("双录比例应在 0 到 100 之间。", "The share entered twice is 0 to 100.")
        raise Refused(told, field="percent_twice")
    if named and round.anonymous:
        told = Label("匿名调查的问卷不能对应到人。", "In an anonymous survey no copy may lead to a person.")
        raise Refused(told, field="named")


def _to_be_asked(round: Round, unit: Unit) -> Any:
    rows = Invitation.objects.filter(round=round, unit__path__startswith=unit.path)
    return rows.exclude(state__in=DONE_WITH).order_by("pk")


def _free_prefix() -> str:
    while PaperRun.objects.filter(prefix=(found := paper_rules.prefix(secrets.randbelow(2**31)))).exists():
        pass
    return found


def enter(*, actor: Person, copy: PaperCopy, typed: Mapping[str, str]) -> PaperCopy:
    """What one person typed off a copy, by blank. The last entry that a copy waits for makes its response.

    Two entries that differ wait for a decision instead. Raises RoundClosed, AlreadyAnswered, and Refused for
    a copy that waits for nothing or was entered by the same person already.
    """
    access.require(actor, "surveys.call", copy)
    with transaction.atomic():
        row = _locked(copy)
        intake.require_open(row.run.round)
        earlier = list(_standing(row))
        if row.state not in {"out", "once"}:
            raise Refused(Label("这份问卷已经录入过了。", "This copy was entered already."))
        if any(entry.clerk_id == actor.pk for entry in earlier):
            told = Label("第二次录入须由另一人完成。", "The second entry must be somebody else's.")
            raise Refused(told)
        values = paper_form.tidied(paper_form.blanks_of(_tree(row)), typed)
        entry = _keep(row, actor, len(earlier) + 1, values)
        row.state = _after_entry(actor, row, [*earlier, entry])
        row.save(update_fields=["state", "response"])
        data = {"round": row.run.round_id, "place": entry.place, "state": row.state}
        events.append(COPY_ENTERED, actor=actor, subject=row, unit=row.run.unit, data=data)
    return row


def _after_entry(actor: Person, row: PaperCopy, entries: list[PaperEntry]) -> str:
    """What a copy waits for now; with nothing to wait for its response is made."""
    if row.twice and len(entries) == 1:
        return "once"
    names = [blank.name for blank in paper_form.blanks_of(_tree(row))]
    if row.twice and paper_rules.differences(names, entries[0].values, entries[1].values):
        return "differs"
    _respond(actor, row, entries[-1].values)
    return "done"


def decide(*, actor: Person, copy: PaperCopy, choices: Mapping[str, paper_rules.Choice]) -> PaperCopy:
    """Decide every difference between two entries, which makes the response.

    Raises Refused when there is nothing to decide and Invalid with every difference left open.
    """
    access.require(actor, "surveys.field", copy.run.unit)
    with transaction.atomic():
        row = _locked(copy)
        intake.require_open(row.run.round)
        if row.state != "differs":
            raise Refused(Label("这份问卷没有待裁定的差异。", "This copy has no difference to decide."))
        first, second = _standing(row)
        blanks = paper_form.blanks_of(_tree(row))
        names = [blank.name for blank in blanks]
        sheet = paper_rules.decided(names, first.values, second.values, choices)
        entry = _keep(row, actor, paper_rules.DECISION, paper_form.tidied(blanks, sheet))
        _respond(actor, row, entry.values)
        row.state = "done"
        row.save(update_fields=["state", "response"])
        taken = {name: choices[name].take for name in choices}
        data = {"round": row.run.round_id, "taken": taken}
        events.append(COPY_DECIDED, actor=actor, subject=row, unit=row.run.unit, data=data)
    return row


def undo(*, actor: Person, copy: PaperCopy) -> PaperCopy:
    """Take the last entry (or the decision) of a copy back, before the round closes.

    People take their own back; whoever runs the fieldwork takes back anybody's. A response made by it is kept
    and no longer counts. Raises RoundClosed, and Refused when there is nothing to undo.
    """
    access.require(actor, "surveys.call", copy)
    with transaction.atomic():
        row = _locked(copy)
        intake.require_open(row.run.round)
        entries = list(_standing(row))
        if not entries:
            raise Refused(Label("这份问卷还没有录入。", "This copy was not entered yet."))
        last = entries[-1]
        if last.clerk_id != actor.pk and not access.may(actor, "surveys.field", row.run.unit):
            raise NotPermitted("surveys.field")
        _undo(actor, row, last)
        row.state = {1: "out", 2: "once"}.get(last.place, "differs")
        row.save(update_fields=["state", "response"])
        data = {"round": row.run.round_id, "place": last.place}
        events.append(ENTRY_UNDONE, actor=actor, subject=row, unit=row.run.unit, data=data)
    return row


def _undo(actor: Person, row: PaperCopy, last: PaperEntry) -> None:
    now: datetime = clock.now()
    PaperEntry.objects.filter(pk=last.pk).update(undone_at=now)
    if row.response is not None:
        actions.withdraw(actor=actor, response=row.response, why=f"{ENTRY_UNDONE.label.zh} {row.serial}")
        row.response = None


def _locked(copy: PaperCopy) -> PaperCopy:
    rows = PaperCopy.objects.select_for_update(of=("self",))
    rows = rows.select_related(
        "run__round__questionnaire", "run__unit", "invitation__round", "response__unit"
    )
    return rows.get(pk=copy.pk)


def _standing(row: PaperCopy) -> Any:
    """The entries of a copy that were not undone, in their order."""
    return row.entries.filter(undone_at=None).order_by("place")


def _tree(row: PaperCopy) -> Any:
    return questionnaire_of(row.run.round.questionnaire)


def _keep(row: PaperCopy, clerk: Person, place: int, values: dict[str, str]) -> PaperEntry:
    return PaperEntry.objects.create(copy=row, clerk=clerk, place=place, values=values, at=clock.now())


def _respond(actor: Person, row: PaperCopy, values: Mapping[str, str]) -> None:
    """The response of a copy: its serial number is the receipt. Over quota it is kept and does not count."""
    answers, unread = paper_form.answers_of(_tree(row), values)
    if row.invitation is not None:
        draft = actions.begin(invitation=row.invitation, language=row.run.language, channel="paper")
    else:
        link = open_link_actions.field_link(actor=actor, round=row.run.round, unit=row.run.unit, kind="paper")
        draft = actions.begin(open_link=link, language=row.run.language)
    aside = dict.fromkeys(unread, (paper_form.UNREADABLE, paper_form.NOT_READ))
    try:
        actions.submit(response=draft, answers=answers, paper=rules.OnPaper(row.serial, aside))
    except OverQuota:
        # What was written is kept with the response, which does not count; there is nothing to mend.
        draft.refresh_from_db()
    row.response = draft
