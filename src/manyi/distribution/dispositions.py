"""How a call ended, in the words of interviewers, with the AAPOR code and what follows from it.

Codes: AAPOR, Standard Definitions, 10th edition (2023), telephone surveys of named persons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from manyi.kernel.labels import Label
from manyi.measures.response_rates import Group, Outcomes

#: ``final`` ends the calls, ``retry`` calls again after the pause, ``soon`` after a short one,
#: ``call_back`` at the time that was agreed.
Then = Literal["final", "retry", "soon", "call_back"]


@dataclass(frozen=True, slots=True)
class Disposition:
    """One way in which a call ends; ``group`` is what AAPOR's rates count it as.

    ``unanswered``: nobody picked up; ``asks_opt_out``: the person may not want to be asked again.
    """

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
        Disposition("no_answer", "3.13", Label("无人接听", "No answer"), "UH", "retry", unanswered=True),
        Disposition("busy", "3.12", Label("占线", "Busy"), "UH", "soon", unanswered=True),
        Disposition("voicemail", "2.22", Label("语音信箱", "Voicemail"), "NC", "retry", unanswered=True),
        Disposition(
            "call_back", "2.36", Label("约定时间再打", "Call back at an agreed time"), "O", "call_back"
        ),
        Disposition("not_there", "2.21", Label("本人不在", "The person was not there"), "NC", "retry"),
        Disposition("refusal", "2.11", Label("拒绝访问", "Refused"), "R", "final", asks_opt_out=True),
        Disposition("break_off", "2.12", Label("中途挂断", "Broke off"), "R", "retry", asks_opt_out=True),
        Disposition("partial", "1.2", Label("部分完成", "Partly answered"), "P", "final"),
        Disposition("wrong_number", "4.31", Label("号码不是本人", "Wrong number"), "NE", "final"),
        Disposition("disconnected", "4.32", Label("空号或停机", "Disconnected"), "NE", "final"),
        Disposition("not_eligible", "4.70", Label("不属于调查对象", "Not eligible"), "NE", "final"),
        Disposition("over_quota", "4.80", Label("配额已满", "Quota filled"), "NE", "final"),
        Disposition("language", "2.33", Label("语言不通", "No common language"), "O", "final"),
        Disposition("incapable", "2.32", Label("身体或精神原因不能受访", "Not able to answer"), "O", "final"),
        Disposition("deceased", "2.31", Label("本人已去世", "Deceased"), "O", "final", asks_opt_out=True),
        Disposition("other", "2.36", Label("其他原因", "Another reason"), "O", "retry"),
        Disposition("complete", "1.1", Label("完成访问", "Interview completed"), "I", "final"),
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


def counted(results: Iterable[str]) -> Outcomes:
    """How many results fall into each group of AAPOR; calls without a result fall into none."""
    counts = Counter(DISPOSITIONS[result].group for result in results if result in DISPOSITIONS)
    return Outcomes(**{str(group): count for group, count in counts.items()})
