"""What must hold before a step of a case: the plain facts of a case, and the guards that look at them.

Guards look at a ``CaseFile``, so that the whole table can be tested and walked without a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from manyi.kernel.labels import Label
from manyi.kernel.workflow import Guard

Facts = Mapping[str, object]

MAX_RETURNS = 2
FAILED_CALLS, FAILED_DAYS = 3, 2
#: Outcomes of a call that are no failed attempt: the customer spoke to us.
NOT_FAILED = frozenset({"reached", "later"})
#: Kinds that are answered without a solution to approve, and those that end without a call-back.
ANSWERED_DIRECTLY = frozenset({"suggestion", "enquiry", "help"})
WITHOUT_CALL_BACK = frozenset({"suggestion", "enquiry"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call-back attempt of the present cycle."""

    day: date
    outcome: str
    resolved: bool | None = None
    satisfied: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the guards know of a case. Persons are ids; ``days_closed`` is None while it is open."""

    kind: str
    today: date
    owner: int | None = None
    about_person: int | None = None
    returned: int = 0
    founded: str = ""
    proposer: int | None = None  # of the solution that waits for a decision or was approved last
    has_solution: bool = False
    evidence: str = ""
    calls: tuple[Call, ...] = ()
    days_closed: int | None = None
    reopen_days: int = 30
    past: frozenset[int] = frozenset()  # everybody who handled, proposed, decided or called back
    reviewed: bool = False  # in this cycle
    cost: Decimal = Decimal(0)
    risk: str = "medium"
    was_accepted: bool = False
    approve_limit: Decimal = Decimal(5000)  # yuan; what is more, or grave, goes to the higher approver
    open_demands: int = 0
    open_tasks: int = 0


def call_back_settles(calls: tuple[Call, ...]) -> bool:
    """Whether the calls end the case: the last one reached and content, or enough failed attempts."""
    if calls and calls[-1].outcome == "reached":
        return bool(calls[-1].resolved and calls[-1].satisfied)
    failed = [call for call in calls if call.outcome not in NOT_FAILED]
    return len(failed) >= FAILED_CALLS and len({call.day for call in failed}) >= FAILED_DAYS


def _file(thing: object) -> CaseFile:
    return cast("CaseFile", thing)


def kind_in(kinds: frozenset[str], zh: str, en: str) -> Guard:
    """A guard that lets only these kinds of case through."""

    def guard(thing: object, actor: int | None, facts: Facts) -> Label | None:
        return None if _file(thing).kind in kinds else Label(zh, en)

    return guard


def owner_not_accused(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The new handler is not the person complained of (回避)."""
    accused = _file(thing).about_person
    if accused is not None and accused == facts.get("owner"):
        return Label(
            "被投诉的人不能承办这件诉求,请换一位承办人(回避)。",
            "The person complained of cannot handle the case; choose somebody else.",
        )
    return None


def by_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Only the handler takes this step."""
    if actor is not None and actor != _file(thing).owner:
        return Label(
            "只有承办人可以办这一步;需要时请改派。",
            "Only the handler can do this; reassign the case if need be.",
        )
    return None


def returns_left(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """A case is returned at most twice."""
    if _file(thing).returned >= MAX_RETURNS:
        return Label(
            f"这件诉求已退单 {MAX_RETURNS} 次,不能再退,请与派单人商定。",
            f"The case was returned {MAX_RETURNS} times already; settle it with the dispatcher.",
        )
    return None


def date_ahead(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """What is waited for lies ahead."""
    expected = facts.get("expected")
    if isinstance(expected, date) and expected <= _file(thing).today:
        return Label("预计日期应在今天之后。", "The expected date must lie after today.")
    return None


def cost_not_negative(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """A solution does not cost less than nothing."""
    if float(str(facts.get("cost") or 0)) < 0:
        return Label("费用不能是负数。", "The cost cannot be negative.")
    return None


def has_solution(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """There is a solution to decide on."""
    if not _file(thing).has_solution:
        return Label("还没有处理方案。", "There is no solution to decide on yet.")
    return None


def founded_set(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """It was said whether the case is founded."""
    if not _file(thing).founded:
        return Label("请先写明是否属实。", "Say first whether it is founded.")
    return None


def not_own_solution(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Nobody approves their own solution, nor that of their own case."""
    if actor is None or actor in {_file(thing).proposer, _file(thing).owner}:
        return Label(
            "方案不能由提出人或承办人自己审批,请由另一位审批人处理。",
            "A solution is not decided by its proposer or the handler; another approver must do it.",
        )
    return None


def not_accused(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The person complained of has no part in it (回避)."""
    if actor is not None and actor == _file(thing).about_person:
        return Label("被投诉的人不能办理这一步(回避)。", "The person complained of cannot do this.")
    return None


def not_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The handler does not judge how the case ended."""
    if actor is not None and actor == _file(thing).owner:
        return Label(
            "回访和办结不能由承办人自己做,请由回访专员处理。",
            "The handler does not call back or close; a call-back agent does.",
        )
    return None


def call_complete(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Of a customer who was reached, both answers are noted."""
    if facts.get("outcome") == "reached" and (
        facts.get("resolved") is None or facts.get("satisfied") is None
    ):
        return Label(
            "已接通时,请填写“问题已解决”和“满意”。",
            "When the customer was reached, say whether it is resolved and whether they are satisfied.",
        )
    return None


def agreed_time(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Who asked to be called later said when; and only then there is such a time."""
    if facts.get("outcome") == "later" and facts.get("again_at") is None:
        return Label("请填写约定的回访时间。", "Say at what time to call again.")
    return None


def calls_settle(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The call-backs of this cycle end the case."""
    if not call_back_settles(_file(thing).calls):
        return Label(
            f"办结前须回访成功且顾客满意,或在 {FAILED_DAYS} 天里至少 {FAILED_CALLS} 次未接通;"
            "否则请重办,或由负责人写明理由后办结。",
            f"Closing needs a call-back in which the customer is content, or {FAILED_CALLS} failed attempts "
            f"on {FAILED_DAYS} days; otherwise reopen it, or the lead closes it with a note.",
        )
    return None


def has_owner(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Somebody handled the case."""
    if _file(thing).owner is None:
        return Label(
            "这件诉求没有承办人,不能重办,请新登记一件。",
            "The case has no handler, so it cannot be reopened; register a new one.",
        )
    return None


def reopened_in_time(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The case did not close too long ago."""
    days, limit = _file(thing).days_closed, _file(thing).reopen_days
    if days is not None and days > limit:
        return Label(
            f"办结已超过 {limit} 天,请新登记一件诉求。",
            f"The case was closed more than {limit} days ago; register a new one.",
        )
    return None


def only_the_software(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The step follows from a rule; nobody takes it by hand."""
    if actor is not None:
        return Label("这一步由系统完成。", "The software takes this step.")
    return None


def accepted_before(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The case was accepted before it was merged."""
    return None if _file(thing).was_accepted else Label("合并前尚未受理。", "It was not accepted before.")


def not_accepted_before(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The case was not accepted before it was merged."""
    return Label("合并前已受理。", "It was accepted before.") if _file(thing).was_accepted else None


def demands_answered(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Every demand of the customer has an answer of its own."""
    count = _file(thing).open_demands
    if count:
        return Label(
            f"还有 {count} 条顾客诉求没有逐条答复。", f"{count} of the customer's demands have no answer yet."
        )
    return None


def no_open_tasks(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """No department still owes an answer."""
    count = _file(thing).open_tasks
    if count:
        return Label(
            f"还有 {count} 项协办没有答复,请等待或收回。",
            f"{count} departments have not answered yet; wait for them, or withdraw the task.",
        )
    return None


def what_comes_first(file: CaseFile) -> list[Label]:
    """What still stands between the handler and a proposal: a step that is hidden must say why."""
    found = (guard(file, file.owner, {}) for guard in (demands_answered, no_open_tasks))
    return [words for words in found if words is not None]


def _needs_higher(file: CaseFile) -> bool:
    return file.cost > file.approve_limit or file.risk == "grave"


def within_limit(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """The ordinary approver may decide this cost and risk."""
    if _needs_higher(_file(thing)):
        return Label(
            f"费用超过 {_file(thing).approve_limit} 元或风险重大,须由上一级审批。",
            f"It costs more than {_file(thing).approve_limit} yuan or is grave: a higher approver decides.",
        )
    return None


def beyond_limit(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """It is the higher approver who decides this cost or risk."""
    if not _needs_higher(_file(thing)):
        return Label("这个方案按一般权限审批即可。", "This solution needs no higher approver.")
    return None


def new_to_it(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """Somebody who had no part in the case decides its review."""
    if actor is None or actor in _file(thing).past:
        return Label(
            "复核须由没有参与过这件诉求的人决定。",
            "Somebody who had no part in the case decides its review.",
        )
    return None


def handler_new_to_it(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """After a review the case goes to somebody who had no part in it."""
    if facts.get("owner") in _file(thing).past:
        return Label("重办请交给没有参与过的人。", "Give it to somebody who had no part in it.")
    return None


def not_reviewed(thing: object, actor: int | None, facts: Facts) -> Label | None:
    """A case is reviewed once in a cycle."""
    if _file(thing).reviewed:
        return Label(
            "这件诉求已复核过;如仍有异议,请告知顾客可向外部机构反映。",
            "It was reviewed already; tell the customer about the outside bodies.",
        )
    return None


TAKES_SOLUTION = kind_in(
    frozenset({"complaint", "help"}), "这类诉求不需要方案。", "This kind needs no solution."
)
DIRECT = kind_in(ANSWERED_DIRECTLY, "投诉须先有批准的方案。", "A complaint needs an approved solution first.")
PRAISE = kind_in(frozenset({"praise"}), "只有表扬可以这样办结。", "Only praise ends this way.")
NOT_PRAISE = kind_in(
    frozenset({"complaint", "suggestion", "enquiry", "help"}),
    "表扬不用派单,请直接感谢并转达。",
    "Praise needs no handler; thank and pass it on.",
)
ENDS_SHORT = kind_in(WITHOUT_CALL_BACK, "这类诉求须先回访。", "This kind needs a call-back first.")
CALLED_BACK = kind_in(
    frozenset({"complaint", "help"}), "这类诉求不需要回访。", "This kind needs no call-back."
)
