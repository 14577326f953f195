"""Drawing closed cases, reading a checklist and what it makes of one case. No Django."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from manyi.kernel.labels import Label
from manyi.measures import allocation, selection
from manyi.measures.figure import Interval
from manyi.measures.finite import hypergeometric
from manyi.measures.intervals import wilson

METHODS: tuple[tuple[str, Label], ...] = (
    ("simple", Label("简单随机", "Simple random")),
    ("proportional", Label("按承办人分层(按比例)", "By handler, in proportion")),
    ("equal", Label("按承办人分层(每人相同)", "By handler, the same for each")),
)
ANSWERS: tuple[tuple[str, Label], ...] = (
    ("yes", Label("符合", "Yes")),
    ("no", Label("不符合", "No")),
    ("na", Label("不适用", "Not applicable")),
)
MOST_CASES, MOST_CRITERIA, LONGEST_TEXT = 2000, 30, 200
#: The share with which the remark before a draw shows how wide its interval will be.
LIKELY = 0.9


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing to look at. ``weight`` counts in the points of a case; failing a ``must`` fails the case."""

    code: str
    text: str
    text_en: str = ""
    weight: float = 1
    must: bool = False

    @property
    def label(self) -> Label:
        """Its words."""
        return Label(self.text, self.text_en or self.text)

    def to_json(self) -> dict[str, Any]:
        """As a checklist keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Frame:
    """The population of a draw in order of id: cases, and beside each its handler and its unit."""

    cases: list[int]
    handlers: list[int]
    units: list[int]

    def packed(self) -> bytes:
        """As a sample keeps it."""
        return zlib.compress(json.dumps(asdict(self), separators=(",", ":")).encode())

    @classmethod
    def unpacked(cls, data: bytes) -> Frame:
        """The frame that a sample keeps."""
        return cls(**json.loads(zlib.decompress(data)))

    def by_handler(self) -> dict[str, list[int]]:
        """The cases of each handler; the names of strata are words, so that they sort as such."""
        found: dict[str, list[int]] = {}
        for case, handler in zip(self.cases, self.handlers, strict=True):
            found.setdefault(str(handler), []).append(case)
        return found


def draw(frame: Frame, method: str, size: int, seed: str) -> list[selection.Selected[int]]:
    """The drawn cases with the number of cases that each stands for; the same input gives the same sample.

    Raises ValueError for a size that the frame cannot give.
    """
    if method == "simple":
        return selection.simple(frame.cases, size, seed)
    strata = frame.by_handler()
    sizes = {name: len(cases) for name, cases in strata.items()}
    shares = {"equal": allocation.equal, "proportional": allocation.proportional}[method](sizes, size)
    return selection.stratified(strata, shares, seed)


def least_size(frame: Frame, method: str) -> int:
    """The smallest sample: of every handler at least one case where they are strata."""
    return 1 if method == "simple" else max(1, len(set(frame.handlers)))


def likely_interval(method: str, size: int, population: int) -> tuple[int, Interval | None]:
    """How many hits a likely share gives in a sample of this size, and the interval around it: the exact one
    of the finite population for a simple draw, else Wilson's."""
    hits = round(LIKELY * size)
    if method == "simple" or size == population:
        return hits, hypergeometric(hits, size, population)
    return hits, wilson(hits, size)


def criteria_of(kept: Iterable[Mapping[str, Any]]) -> list[Criterion]:
    """The criteria that a checklist keeps."""
    return [Criterion(**each) for each in kept]


def checklist_problems(criteria: Sequence[Criterion]) -> list[tuple[str, Label]]:
    """What is wrong with a checklist, each with the field of its row: ``text_0``, ``weight_2``."""
    problems: list[tuple[str, Label]] = []
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        words = f"请填写 1 到 {MOST_CRITERIA} 条评查项。", f"Give 1 to {MOST_CRITERIA} criteria."
        problems.append(("text_0", Label(*words)))
    for place, each in enumerate(criteria):
        if not each.text or max(len(each.text), len(each.text_en)) > LONGEST_TEXT:
            words = (
                f"第 {place + 1} 条:请写明评查内容(最多 {LONGEST_TEXT} 字)。",
                f"Criterion {place + 1}: say what is looked at, in {LONGEST_TEXT} signs at most.",
            )
            problems.append((f"text_{place}", Label(*words)))
        if not 0 < each.weight <= 100:
            words = (
                f"第 {place + 1} 条:权重请填写大于 0、不超过 100 的数。",
                f"Criterion {place + 1}: the weight is above 0 and at most 100.",
            )
            problems.append((f"weight_{place}", Label(*words)))
    texts = [each.text for each in criteria]
    problems += [
        (
            f"text_{place}",
            Label(f"第 {place + 1} 条与前面重复。", f"Criterion {place + 1} stands there twice."),
        )
        for place, text in enumerate(texts)
        if text and text in texts[:place]
    ]
    return problems


def result_problems(
    criteria: Sequence[Criterion], results: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, Label]]:
    """What is missing in the answers of an assessor: every criterion has one, every "no" says why."""
    problems: list[tuple[str, Label]] = []
    for place, each in enumerate(criteria, 1):
        given = results.get(each.code, {})
        if given.get("answer") not in dict(ANSWERS):
            words = f"第 {place} 条请选择符合、不符合或不适用。", f"Criterion {place}: choose an answer."
            problems.append((each.code, Label(*words)))
        elif given["answer"] == "no" and not given.get("remark", "").strip():
            words = f"第 {place} 条不符合,请说明原因。", f"Criterion {place} is not fulfilled: say why."
            problems.append((each.code, Label(*words)))
    if not problems and all(given.get("answer") == "na" for given in results.values()):
        words = "不能全部选“不适用”。", "Not every criterion can be without application."
        problems.append((criteria[0].code, Label(*words)))
    return problems


def fulfilled(results: Mapping[str, Mapping[str, str]], code: str) -> bool | None:
    """Whether a criterion is fulfilled; None where it does not apply or has no answer yet."""
    return {"yes": True, "no": False}.get(results.get(code, {}).get("answer", ""))


def points(criteria: Sequence[Criterion], results: Mapping[str, Mapping[str, str]]) -> float | None:
    """The weighted share of the criteria that apply which are fulfilled, 0 to 1; None when none applies."""
    judged = [(each.weight, fulfilled(results, each.code)) for each in criteria]
    whole = sum(weight for weight, answer in judged if answer is not None)
    return sum(weight for weight, answer in judged if answer) / whole if whole else None


def passed(criteria: Sequence[Criterion], results: Mapping[str, Mapping[str, str]]) -> bool | None:
    """Whether a case passes: every "must" that applies is fulfilled; without any "must", every criterion.

    None while it is not assessed, or when nothing of the kind applies.
    """
    deciding = [each for each in criteria if each.must] or list(criteria)
    answers = [fulfilled(results, each.code) for each in deciding]
    known = [answer for answer in answers if answer is not None]
    return all(known) if known else None


def failed_musts(criteria: Sequence[Criterion], results: Mapping[str, Mapping[str, str]]) -> list[Criterion]:
    """The criteria that must be fulfilled and are not."""
    return [each for each in criteria if each.must and fulfilled(results, each.code) is False]
