"""Reasons to doubt an answer sheet, one rule each; a doubt is no verdict: a person confirms or lifts it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures.answers import is_empty
from manyi.measures.expressions import holds
from manyi.organisation.settings import declare
from manyi.surveys.conditions import parsed, sentence
from manyi.surveys.evaluation import evaluate
from manyi.surveys.question_types import TYPES
from manyi.surveys.tree import Questionnaire

declare(
    "responses.fast_percent",
    Label("作答过快:低于中位用时的百分比", "Too fast: percentage of the median time"),
    Label("低于本轮中位用时的这个百分比时存疑;0 为不检查。", "Doubted below it; 0 switches the rule off."),
    "number",
    40,
    low=0,
    high=90,
)
declare(
    "responses.empty_percent",
    Label("空白过多:未答题的百分比", "Too empty: percentage of open questions"),
    Label("看到的题目中未答的超过它时存疑。", "Doubted when more of the questions shown were left open."),
    "number",
    50,
    low=10,
    high=100,
)
declare(
    "responses.repeated_texts",
    Label("重复文字:同一段话出现几次", "Repeated words: how often the same text"),
    Label(
        "同一轮里相同的开放回答达到这个次数时存疑。", "Doubted when as many sheets of a round say the same."
    ),
    "number",
    3,
    low=2,
    high=50,
)

#: Below so many timed sheets a median says nothing; below so many rows a straight line is no wonder.
LEAST_SHEETS, LEAST_ROWS, LEAST_WORDS = 10, 5, 8
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One submitted set of answers, how long it took in seconds, and the device if it is known."""

    pk: int
    answers: Mapping[str, Any]
    seconds: float | None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The organisation's thresholds, percentages as whole numbers."""

    fast: int = 40
    empty: int = 50
    repeats: int = 3


@dataclass(slots=True)
class Round:
    """What the rules must know of all sheets of a round together."""

    tree: Questionnaire
    limits: Limits
    today: date
    typical: float | None = None
    texts: Counter[str] = field(default_factory=Counter)
    contacts: Counter[str] = field(default_factory=Counter)
    devices: Counter[str] = field(default_factory=Counter)

    def read(self, sheets: Sequence[Sheet]) -> Round:
        """Take in all sheets: the median time, how often each text, contact and device stands."""
        timed = [sheet.seconds for sheet in sheets if sheet.seconds]
        self.typical = median(timed) if len(timed) >= LEAST_SHEETS else None
        for sheet in sheets:
            self.texts.update(set(_texts(self.tree, sheet.answers)))
            self.contacts.update(set(_contacts(self.tree, sheet.answers)))
            self.devices.update([sheet.device] if sheet.device else [])
        return self


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it means, and how it finds a reason (None: no doubt)."""

    label: Label
    meaning: Label
    find: Callable[[Sheet, Round], Label | None]


def doubts_of(sheet: Sheet, round: Round) -> Iterator[tuple[str, Label]]:
    """The rules that doubt a sheet, each with its reason."""
    for name, rule in RULES.items():
        reason = rule.find(sheet, round)
        if reason is not None:
            yield name, reason


def _too_fast(sheet: Sheet, round: Round) -> Label | None:
    if round.typical is None or not sheet.seconds or not round.limits.fast:
        return None
    share = 100 * sheet.seconds / round.typical
    if share >= round.limits.fast:
        return None
    took, usual = f"{sheet.seconds:.0f}", f"{round.typical:.0f}"
    return Label(f"用时 {took} 秒,本轮中位数为 {usual} 秒。", f"It took {took} s; the median is {usual} s.")


def _straight(sheet: Sheet, round: Round) -> Label | None:
    """The same answer in every row of the longest matrix, when it is long enough to wonder."""
    for code, question in round.tree.questions.items():
        rows = sheet.answers.get(code)
        if not question.rows or not isinstance(rows, Mapping) or len(rows) < LEAST_ROWS:
            continue
        if len({repr(value) for value in rows.values()}) == 1:
            zh, en = question.title.text("zh"), question.title.text("en")
            return Label(
                f"“{zh}”的 {len(rows)} 行答案完全相同。", f"All {len(rows)} rows of “{en}” are the same."
            )
    return None


def _empty(sheet: Sheet, round: Round) -> Label | None:
    verdict = evaluate(round.tree, sheet.answers, today=round.today)
    asked = [code for code, question in verdict.asked.items() if TYPES.get(question.type).asks]
    left = [code for code in asked if is_empty(sheet.answers.get(code))]
    if not asked or 100 * len(left) <= round.limits.empty * len(asked):
        return None
    words = (
        f"看到 {len(asked)} 题,{len(left)} 题未答。",
        f"{len(left)} of {len(asked)} questions were left open.",
    )
    return Label(*words)


def _contradiction(sheet: Sheet, round: Round) -> Label | None:
    for pair in round.tree.contradictions:
        if holds(parsed(pair.expression), sheet.answers, round.today):
            if pair.message:
                return Label(pair.message.text("zh"), pair.message.text("en"))
            tree, text = round.tree, pair.expression
            return Label(sentence(tree, text, "zh"), sentence(tree, text, "en"))
    return None


def _repeated(sheet: Sheet, round: Round) -> Label | None:
    most = max((round.texts[text] for text in _texts(round.tree, sheet.answers)), default=0)
    if most < round.limits.repeats:
        return None
    return Label(f"相同的文字在 {most} 份答卷中出现。", f"The same words stand in {most} answer sheets.")


def _same_person(sheet: Sheet, round: Round) -> Label | None:
    most = max((round.contacts[each] for each in _contacts(round.tree, sheet.answers)), default=0)
    if most < 2:
        return None
    words = f"同一联系方式出现在 {most} 份答卷中。", f"The same contact stands in {most} answer sheets."
    return Label(*words)


def _same_device(sheet: Sheet, round: Round) -> Label | None:
    most = round.devices[sheet.device] if sheet.device else 0
    if most < 2:
        return None
    return Label(f"同一设备提交了 {most} 份答卷。", f"{most} answer sheets came from the same device.")


def _texts(tree: Questionnaire, answers: Mapping[str, Any]) -> Iterator[str]:
    """The open answers that are long enough to be told apart, without case, marks and spaces."""
    for code, question in tree.questions.items():
        value = answers.get(code)
        if question.type in {"text_long", "text_short"} and isinstance(value, str):
            plain = _NOISE.sub("", value.casefold())
            if len(plain) >= LEAST_WORDS:
                yield f"{code}:{plain}"


def _contacts(tree: Questionnaire, answers: Mapping[str, Any]) -> Iterator[str]:
    """Telephone numbers and addresses that were given as answers."""
    for code, question in tree.questions.items():
        value = answers.get(code)
        if question.type in {"phone", "email", "id_number"} and isinstance(value, str) and value.strip():
            yield f"{question.type}:{value.strip().casefold()}"


RULES: dict[str, Rule] = {
    "too_fast": Rule(
        Label("作答过快", "Too fast"),
        Label("用时远低于本轮中位数。", "Far below the median time of the round."),
        _too_fast,
    ),
    "straight": Rule(
        Label("整列相同", "Straight line"),
        Label("一道矩阵题的所有行答案相同。", "Every row of a matrix has the same answer."),
        _straight,
    ),
    "too_empty": Rule(
        Label("空白过多", "Mostly empty"),
        Label("看到的题目大部分未答。", "Most of the questions that were shown stayed open."),
        _empty,
    ),
    "contradiction": Rule(
        Label("前后矛盾", "Contradiction"),
        Label(
            "答案之间不可能同时成立(在问卷中定义)。",
            "Answers that the questionnaire says exclude each other.",
        ),
        _contradiction,
    ),
    "repeated_text": Rule(
        Label("文字重复", "Repeated words"),
        Label("多份答卷的开放回答一字不差。", "Several sheets say the very same."),
        _repeated,
    ),
    "same_person": Rule(
        Label("疑似同一人", "The same person"),
        Label("同一电话或邮箱出现在多份答卷中。", "A telephone number or address stands in several sheets."),
        _same_person,
    ),
    "same_device": Rule(
        Label("同一设备", "The same device"),
        Label(
            "同一手机或电脑通过公开链接提交了多份答卷。",
            "Several sheets of an open link are from one device.",
        ),
        _same_device,
    ),
}
