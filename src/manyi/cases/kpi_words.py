"""What the figures of the register are called, and exactly what each of them means."""

from __future__ import annotations

from dataclasses import dataclass

from manyi.kernel.labels import Label


@dataclass(frozen=True, slots=True)
class Words:
    """The name of a figure and its definition."""

    name: Label
    meaning: Label


def _words(zh: str, en: str, zh_meaning: str, en_meaning: str) -> Words:
    return Words(Label(zh, en), Label(zh_meaning, en_meaning))


WORDS: dict[str, Words] = {
    "acknowledge_in_time": _words(
        "受理及时率", "Acknowledged in time",
        "本期收到的诉求中,受理时限已停表的有多少按时受理。",
        "Of the cases received in the period whose clock of acceptance has stopped: those accepted in time.",
    ),
    "respond_in_time": _words(
        "首次响应及时率", "First response in time",
        "本期收到的诉求中,人工首次联系按时完成的比例;自动回执不算响应。",
        "Of the cases received in the period: a person made the first contact in time. An automatic receipt"
        " is none.",
    ),
    "closed_in_time": _words(
        "按期办结率", "Closed in time",
        "本期办结中,办结前所有时限都按时完成的比例;没有时限的不计入。",
        "Of the closings in the period: every binding clock was met. Cases without clocks do not count.",
    ),
    "overdue": _words(
        "在办超期率", "Open and overdue",
        "现在在办的诉求中,当前时限已过的比例。",
        "Of the cases open now: the deadline has passed.",
    ),
    "median_days": _words(
        "答复用时中位数", "Median time to the answer",
        "本期答复的诉求用了多少个工作日,一半更短、一半更长;等待顾客的时间不计。只计时限以工作日计的诉求。",
        "Working days that the answers of the period took: half took less. Waiting does not count. Only cases"
        " whose deadline is in working days.",
    ),
    "ninth_days": _words(
        "答复用时九成位", "Nine of ten answered within",
        "本期答复中,九成在多少个工作日之内完成。",
        "Working days within which nine of ten answers of the period were given.",
    ),
    "reached": _words(
        "回访接通率", "Reached by call-back",
        "最后一次拨打在本期的回访中,至少接通一次的比例;每次办结分别计算。",
        "Of the rounds of call-backs whose last attempt lies in the period: somebody answered. Each closing"
        " has a round of its own.",
    ),
    "resolved": _words(
        "解决率", "Resolved",
        "回访接通的,以最后一次回答为准,认为问题已解决的比例。请与接通率一起看。",
        "Of those reached: the matter is resolved, by what was said last. Read it beside the reach rate.",
    ),
    "satisfied": _words(
        "满意率", "Satisfied",
        "回访接通的,以最后一次回答为准,对办理满意的比例。请与接通率一起看。",
        "Of those reached: satisfied with the handling, by what was said last. See the reach rate beside it.",
    ),
    "reopened": _words(
        "重办率", "Reopened",
        "本期办结的,此后(至今)又重办的比例;按办结时间归期,近期的还会上升。",
        "Of the closings in the period: opened again since. Recent periods can still rise.",
    ),
    "upheld": _words(
        "复核成立率", "Reviews upheld",
        "本期作出复核决定的,复核成立的比例。",
        "Of the reviews decided in the period: upheld.",
    ),
    "repeated": _words(
        "重复投诉率", "Repeat complaints",
        "本期收到的投诉中,同一投诉者就同一分类在前 90 天内已投诉过的比例;不知是谁或没有分类的不计入。",
        "Of the complaints received in the period: the same party complained in the same category in the"
        " 90 days before. Without a party or a category a complaint does not count.",
    ),
    "founded": _words(
        "属实率", "Founded",
        "本期办结的投诉中,查明属实或部分属实的比例;无法查实的不计入。",
        "Of the complaints closed in the period and judged: founded in full or in part. What could not be"
        " established does not count.",
    ),
    "closed_loop": _words(
        "闭环率", "Closed loop",
        "本期收到的投诉中,现已办结或已立改进项的比例;按收到时间归期。",
        "Of the complaints received in the period: closed now, or a finding was made of them.",
    ),
    "cost": _words(
        "件均费用", "Cost per case",
        "本期办结的投诉,已批准方案的费用合计除以件数(元)。",
        "What approved solutions of the complaints closed in the period cost, by their number (yuan).",
    ),
}  # fmt: skip
