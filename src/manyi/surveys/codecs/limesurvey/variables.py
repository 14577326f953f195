"""What the names in a LimeSurvey file mean: question codes, code_subquestion, and SIDXGIDXQID addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from manyi.measures.answers import COMMENT
from manyi.surveys.codecs.limesurvey.expressions import Variable
from manyi.surveys.tree import Question

_ADDRESS = re.compile(r"(?:INSERTANS:)?_?(\d+)X(\d+)X(\d+)(.*)")
_SCALED = re.compile(r"(.+)[_#]([01])")


class Variables:
    """The answers of a survey by every name that the file may use for them."""

    def __init__(
        self,
        questions: Mapping[str, Question],
        titles: Mapping[str, str],
        parts: Mapping[str, Mapping[str, str]],
        values: Mapping[str, Mapping[str, str]],
    ) -> None:
        """``questions`` by our code; our code by their qid and title; our part code by their code."""
        self.questions, self.titles, self.parts, self.values = questions, titles, parts, values

    def __call__(self, name: str) -> Variable | None:
        """What a name means; None when it means nothing that we carry."""
        address = _ADDRESS.fullmatch(name)
        if address:
            return self._address(address.group(3) + address.group(4))
        if name in self.titles:
            return self._of(self.titles[name], "")
        head, rest = name, ""
        while "_" in head:
            head, _, last = head.rpartition("_")
            rest = f"{last}_{rest}" if rest else last
            if head in self.titles:
                return self._of(self.titles[head], rest)
        return self._address(name[1:]) if re.fullmatch(r"Q\d+.*", name) else None

    def _address(self, rest: str) -> Variable | None:
        """An address ends with the question's number and the part's code, with nothing between."""
        for length in range(len(rest), 0, -1):
            if rest[:length].isdigit() and rest[:length] in self.titles:
                return self._of(self.titles[rest[:length]], rest[length:].lstrip("_"))
        return None

    def _of(self, code: str, part: str) -> Variable | None:
        question = self.questions.get(code)
        if question is None:
            return None
        if not part:
            values = {theirs: ours for theirs, ours in self.values.get(code, {}).items() if theirs != ours}
            return Variable(code, values=values)
        if part in {"other", "comment"}:
            return Variable(code + COMMENT)
        known = self.parts.get(code, {})
        scaled = _SCALED.fullmatch(part)
        if scaled and scaled.group(1) in known and question.type == "table":
            column = ("a", "b")[int(scaled.group(2))]
            return Variable(f"{code}.{known[scaled.group(1)]}.{column}")
        if part in known and question.type == "multiple":
            return Variable(code, choice=known[part])
        if part in known:
            return Variable(f"{code}.{known[part]}")
        row, _, column = part.partition("_")
        if row in known and f"column:{column}" in known:
            return Variable(f"{code}.{known[row]}.{known[f'column:{column}']}")
        return None
