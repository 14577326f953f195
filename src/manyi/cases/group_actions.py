"""Groups of cases with one matter: made, joined, left; the lead's solution carried over, each answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from manyi.cases.models import Case, CaseGroup, GroupMember, NotTheSame, Solution
from manyi.cases.step_actions import advance
from manyi.cases.templates import filled
from manyi.cases.workflow import OPEN_STATES
from manyi.kernel.labels import Label
from manyi.organisation import access, clock, events
from manyi.organisation.errors import Refused
from manyi.organisation.models import Person

GROUP_MADE = events.kind("group.made", "建立群体诉求", "Group of cases made")
GROUP_JOINED = events.kind("group.joined", "并入群体诉求", "Case put into a group")
GROUP_LEFT = events.kind("group.left", "移出群体诉求", "Case taken out of a group")
GROUP_ANSWERED = events.kind("group.answered", "逐件答复群体诉求", "Cases of a group answered")
NOT_SAME = events.kind("case.not_same", "判定不是同一件", "Found to be another matter")
#: A member follows its lead from one of these.
BEFORE_SOLUTION = ("registered", "acknowledged", "assigned", "investigating")
SOLVED = ("executed", "answered", "call_back", "closed")


@dataclass(slots=True)
class Answered:
    """What came of answering a group: the cases answered, and those that were not, with why."""

    done: list[Case] = field(default_factory=list)
    left: list[tuple[Case, Label]] = field(default_factory=list)


def make_group(*, actor: Person, lead: Case, cases: Iterable[Case], title: str = "") -> CaseGroup:
    """Make a group of a lead case and others. Raises Refused for a case that is over or in a group."""
    access.require(actor, "cases.dispatch", lead)
    with transaction.atomic():
        _refuse_grouped(lead)
        group = CaseGroup.objects.create(
            title=(title.strip() or lead.subject)[:200],
            unit=lead.unit,
            lead=lead,
            made_by=actor,
            made_at=clock.now(),
        )
        data = {"group": group.pk, "case": lead.pk}
        events.append(GROUP_MADE, actor=actor, subject=lead, unit=lead.unit, data=data)
        join(actor=actor, group=group, cases=[lead, *(case for case in cases if case.pk != lead.pk)])
    return group


def join(*, actor: Person, group: CaseGroup, cases: Iterable[Case]) -> list[GroupMember]:
    """Put cases into a group."""
    members = []
    with transaction.atomic():
        for case in cases:
            access.require(actor, "cases.dispatch", case)
            _refuse_grouped(case)
            members.append(GroupMember.objects.create(group=group, case=case, at=clock.now()))
            data = {"group": group.pk, "case": case.pk}
            events.append(GROUP_JOINED, actor=actor, subject=case, unit=case.unit, data=data)
    return members


def leave(*, actor: Person, member: GroupMember, reason: str) -> None:
    """Take a case out of its group again; the lead stays as long as the group does."""
    case = member.case
    access.require(actor, "cases.dispatch", case)
    if not reason.strip():
        raise Refused(Label("请填写理由。", "Please give the reason."), field="reason")
    if member.group.lead_id == case.pk and member.group.members.count() > 1:
        raise Refused(Label("请先移出其他诉求。", "Take the other cases out first."))
    with transaction.atomic():
        data = {"group": member.group_id, "case": case.pk}
        events.append(GROUP_LEFT, actor=actor, subject=case, unit=case.unit, why=reason.strip(), data=data)
        group = member.group
        member.delete()
        if not group.members.exists():
            group.delete()


def _refuse_grouped(case: Case) -> None:
    if case.state not in OPEN_STATES:
        words = Label(f"{case.number} 已结束。", f"{case.number} is over.")
        raise Refused(words)
    if GroupMember.objects.filter(case=case).exists():
        raise Refused(Label(f"{case.number} 已在群体诉求中。", f"{case.number} is in a group already."))


def answer_members(*, actor: Person, group: CaseGroup, words: str) -> Answered:
    """Answer every member by itself once the lead is carried out; ``words`` may hold {name} and {number}.

    A member takes over facts, cause and solution of the lead, as approved there. One that cannot be answered
    (paused, answered already, of a person complained of) is left, with the reason.
    """
    lead = group.lead
    access.require(actor, "cases.handle", lead)
    if not words.strip():
        raise Refused(Label("请填写答复内容。", "Please write the answer."), field="words")
    if lead.state not in SOLVED:
        raise Refused(Label("主诉求的方案还没有执行完毕。", "The lead case is not carried out yet."))
    solution = lead.solutions.filter(decision="approved").order_by("-proposed_at", "-pk").first()
    if solution is None:
        raise Refused(Label("主诉求没有批准的方案。", "The lead case has no approved solution."))
    filled(words, lead)  # a field that does not exist is told before anybody is answered
    result = Answered()
    with transaction.atomic():
        for member in group.members.exclude(case=lead).select_related("case__unit"):
            _answer(member.case, lead, solution, actor, words, result)
        data = {"group": group.pk, "answered": len(result.done), "left": len(result.left)}
        events.append(GROUP_ANSWERED, actor=actor, subject=lead, unit=lead.unit, data=data)
    return result


def _answer(case: Case, lead: Case, solution: Solution, actor: Person, words: str, result: Answered) -> None:
    try:
        with transaction.atomic():
            if case.state in BEFORE_SOLUTION:
                case = _follow(case, lead, solution)
            message = filled(words, case)
            result.done.append(advance(case=case, name="answer", actor=actor, facts={"message": message}))
    except Refused as refused:
        result.left.append((case, refused.message))


def _follow(case: Case, lead: Case, solution: Solution) -> Case:
    """Bring a member to where its lead is: the same facts and solution, decided by the same person."""
    if case.state == "registered":
        case = advance(case=case, name="acknowledge", actor=None)
    case.facts, case.founded, case.cause = lead.facts, lead.founded, lead.cause
    case.category_version = case.category_version if case.category else lead.category_version
    case.category = case.category or lead.category
    case.save(update_fields=["facts", "founded", "cause", "category", "category_version"])
    Solution.objects.create(
        case=case,
        remedy=solution.remedy,
        text=solution.text,
        cost=0,  # counted once, in the lead
        proposed_by=solution.proposed_by,
        proposed_at=solution.proposed_at,
        decided_by=solution.decided_by,
        decided_at=solution.decided_at,
        decision="approved",
        decision_reason=Label(f"同 {lead.number}", f"as {lead.number}").text(case.language),
        evidence=solution.evidence,
    )
    return advance(case=case, name="follow", actor=None, facts={"owner": lead.owner_id})


def not_the_same(*, actor: Person, case: Case, other: Case) -> NotTheSame:
    """Note that two cases are different matters, so that they are not suggested again."""
    access.require(actor, "cases.dispatch", case)
    one, two = sorted((case, other), key=lambda row: row.pk)
    with transaction.atomic():
        row, made = NotTheSame.objects.get_or_create(
            one=one, other=two, defaults={"by": actor, "at": clock.now()}
        )
        if made:
            data = {"case": case.pk, "other": other.pk}
            events.append(NOT_SAME, actor=actor, subject=case, unit=case.unit, data=data)
    return row
