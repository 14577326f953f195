"""Pure decisions about paper: serial numbers, which copies are entered twice, where two entries differ."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid

COPY_STATES = {
    "out": Label("未收回", "Not returned"),
    "once": Label("待第二次录入", "Waits for the second entry"),
    "differs": Label("两次不一致,待裁定", "Entries differ, to be decided"),
    "done": Label("已完成", "Done"),
}
#: The place of a decision among the entries of a copy, after the two clerks'.
DECISION = 3
TAKES = ("first", "second", "new")

#: No letter or digit that is mistaken for another in handwriting; 29 of them, a prime, as checking wants.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXY"
_SERIAL = re.compile(rf"([{_SIGNS}]{{4}})(\d{{4,5}})([{_SIGNS}])")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the third person decided about one blank: one of TAKES, and the value if it is a new one."""

    take: str
    value: str = ""


def prefix(seed: int) -> str:
    """The four signs with which the serial numbers of a print run begin."""
    return "".join(random.Random(seed).choices(_SIGNS, k=4))


def serial(run: str, number: int) -> str:
    """The serial number of a copy, such as ``7KQ2-0042-M``; its last sign shows a mistyped one."""
    return f"{run}-{number:04d}-{_check_sign(f'{run}{number:04d}')}"


def read_serial(text: str) -> str:
    """The serial number in what was typed or scanned (also the whole address of the code); empty if none."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    found = _SERIAL.fullmatch(re.sub(r"[\s-]", "", last).upper())
    if found is None or _check_sign(found[1] + found[2]) != found[3]:
        return ""
    return "-".join(found.groups())


def _check_sign(signs: str) -> str:
    """A weighted sum modulo 29, which every single wrong sign and every swap of neighbours changes."""
    values = (("01" + _SIGNS).index(sign) for sign in signs)
    return _SIGNS[sum(weight * value for weight, value in enumerate(values, 2)) % len(_SIGNS)]


def entered_twice(copies: int, percent: int, seed: int) -> frozenset[int]:
    """The numbers (from 1) of the copies that two people enter: ``percent`` of them, rounded up."""
    wanted = min(copies, ceil(copies * percent / 100))
    return frozenset(random.Random(seed).sample(range(1, copies + 1), wanted))


def differences(names: Sequence[str], first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """The blanks in which two tidied entries are not the same, in the order of the form."""
    return [name for name in names if first.get(name, "") != second.get(name, "")]


def decided(
    names: Sequence[str],
    first: Mapping[str, str],
    second: Mapping[str, str],
    choices: Mapping[str, Choice],
) -> dict[str, str]:
    """The sheet after a decision about every difference; what both read the same stays.

    Raises Invalid with every difference about which nothing, or nothing possible, was decided.
    """
    open_ones = differences(names, first, second)
    problems = [
        (name, Label("请选择采用哪一个。", "Please choose which one holds."))
        for name in open_ones
        if name not in choices or choices[name].take not in TAKES
    ]
    if problems:
        raise Invalid(problems)
    sheet = {name: first[name] for name in names if first.get(name)}
    for name in open_ones:
        choice = choices[name]
        by_take = {"first": first.get(name, ""), "second": second.get(name, ""), "new": choice.value}
        sheet[name] = by_take[choice.take]
    return {name: value for name, value in sheet.items() if value}


@dataclass(frozen=True, slots=True)
class Agreement:
    """In how many of ``compared`` blanks a clerk's entry says what the sheet says in the end."""

    agreed: int = 0
    compared: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(self.agreed + other.agreed, self.compared + other.compared)


def agreement(entry: Mapping[str, str], final: Mapping[str, str]) -> Agreement:
    """Blanks that are empty in both are not compared: agreeing about nothing is no merit."""
    names = entry.keys() | final.keys()
    return Agreement(_count(entry.get(name, "") == final.get(name, "") for name in names), len(names))


def _count(hits: Iterable[bool]) -> int:
    return sum(1 for hit in hits if hit)
