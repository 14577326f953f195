"""How a call ended, in the words of interviewers, with the AAPOR code and what follows from it.

Codes: AAPOR, Standard Definitions, 10th edition (2023), telephone surveys of named persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from manyi.kernel.labels import Label

#: What an AAPOR rate counts it as.
Group = Literal["interview", "partial", "refusal", "other", "non_contact", "unknown", "ineligible"]
#: ``final`` ends the calls, ``retry`` calls again after the pause, ``soon`` after a short one,
#: ``call_back`` at the time that was agreed.
Then = Literal["final", "retry", "soon", "call_back"]


@dataclass(frozen=True, slots=True)
class Disposition:
    """One way in which a call ends. ``unanswered``: nobody picked up; ``asks_opt_out``: may want no more."""

    id: str
    code: str
    label: Label
    group: Group
    then: Then
    unanswered: bool = False
    asks_opt_out: bool = False


DISPOSITIONS = {
    row.id: row
    for row in (
        Disposition("no_answer", "3.13", Label("无人接听", "No answer"), "unknown", "retry", unanswered=True),
        Disposition("busy", "3.12", Label("占线", "Busy"), "unknown", "soon", unanswered=True),
        Disposition(
            "voicemail", "2.22", Label("语音信箱", "Voicemail"), "non_contact", "retry", unanswered=True
        ),
        Disposition(
            "call_back", "2.36", Label("约定时间再打", "Call back at an agreed time"), "other", "call_back"
        ),
        Disposition(
            "not_there", "2.21", Label("本人不在", "The person was not there"), "non_contact", "retry"
        ),
        Disposition("refusal", "2.11", Label("拒绝访问", "Refused"), "refusal", "final", asks_opt_out=True),
        Disposition(
            "break_off", "2.12", Label("中途挂断", "Broke off"), "refusal", "retry", asks_opt_out=True
        ),
        Disposition("partial", "1.2", Label("部分完成", "Partly answered"), "partial", "final"),
        Disposition("wrong_number", "4.31", Label("号码不是本人", "Wrong number"), "ineligible", "final"),
        Disposition("disconnected", "4.32", Label("空号或停机", "Disconnected"), "ineligible", "final"),
        Disposition("not_eligible", "4.70", Label("不属于调查对象", "Not eligible"), "ineligible", "final"),
        Disposition("over_quota", "4.80", Label("配额已满", "Quota filled"), "ineligible", "final"),
        Disposition("language", "2.33", Label("语言不通", "No common language"), "other", "final"),
        Disposition(
            "incapable", "2.32", Label("身体或精神原因不能受访", "Not able to answer"), "other", "final"
        ),
        Disposition("deceased", "2.31", Label("本人已去世", "Deceased"), "other", "final", asks_opt_out=True),
        Disposition("other", "2.36", Label("其他原因", "Another reason"), "other", "retry"),
        Disposition("complete", "1.1", Label("完成访问", "Interview completed"), "interview", "final"),
    )
}
#: What an interviewer chooses; the answers themselves say whether they are complete or over quota.
CHOSEN = tuple(row for row in DISPOSITIONS.values() if row.id not in {"complete", "over_quota"})
#: The interviewer went away without saying how the call ended: no result, no try.
LAPSED = "lapsed"
LAPSED_LABEL = Label("未登记结果", "No result given")


def label_of(disposition: str) -> Label:
    """The words of a result; of none, that the call is still under way."""
    if disposition == LAPSED:
        return LAPSED_LABEL
    found = DISPOSITIONS.get(disposition)
    return found.label if found else Label("通话中", "Under way")


def counted(results: Iterable[str]) -> dict[Group, int]:
    """How many results fall into each group of AAPOR."""
    counts: dict[Group, int] = dict.fromkeys(
        ("interview", "partial", "refusal", "other", "non_contact", "unknown", "ineligible"), 0
    )
    for result in results:
        if result in DISPOSITIONS:
            counts[DISPOSITIONS[result].group] += 1
    return counts
