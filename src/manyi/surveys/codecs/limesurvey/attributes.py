"""The attributes of a LimeSurvey question: limits, order, filters, checks, defaults, and its conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from manyi.measures.expressions import Binary, Call, Node, Reference, to_text
from manyi.measures.expressions.tree import quoted
from manyi.surveys.codecs.climbing import NotCarried
from manyi.surveys.codecs.limesurvey.expressions import to_node
from manyi.surveys.codecs.limesurvey.kinds import CARRIED, DRESS
from manyi.surveys.codecs.limesurvey.tables import Row as TableRow
from manyi.surveys.codecs.limesurvey.variables import Variables
from manyi.surveys.tree import Check, Question

if TYPE_CHECKING:
    from manyi.surveys.codecs.limesurvey.reading import Reader

_UNSET = frozenset({"", "0", "N", "no", "false", "normal", "default", "inherit"})


class Attributes:
    """The attributes of one question, and what they change."""

    def __init__(self, reader: Reader, row: TableRow, variables: Variables) -> None:
        self.reader, self.row, self.variables = reader, row, variables
        self.code = reader.titles[row["qid"]]
        found = reader.tables.of("question_attributes", qid=row["qid"])
        self.given = {each["attribute"]: each["value"] for each in found if each["value"].strip()}

    def finish(self, question: Question) -> Question:
        """The question with all that its attributes, conditions and defaults say."""
        question = replace(question, visible_if=self.reader.conditions(self.row, self.variables))
        question = self._filtered(self._limited(self._ordered(question)))
        question = replace(question, checks=tuple(self._checks(question)), default=self._default(question))
        if self.given.get("hidden") == "1" and question.type != "calculated":
            question = replace(question, visible_if="false")
        if "manyi" in self.given:
            self.reader.keep(self.code, self.given["manyi"])
        self._report()
        return question

    def _ordered(self, question: Question) -> Question:
        names = ("random_order", "answer_order", "subquestion_order")
        random = any(self.given.get(name) in {"1", "random"} for name in names)
        only = self.given.get("exclude_all_others", "").replace(",", ";").split(";")
        codes = {self.reader.values.get(question.code, {}).get(each.strip()) for each in only if each.strip()}
        options = tuple(replace(o, exclusive=o.code in codes or o.exclusive) for o in question.options)
        title = self.given.get("other_replace_text", "")
        if title and "{" not in title:
            own = self.reader.words({self.reader.tables.languages[0]: title})
            options = tuple(replace(o, title=own) if o.free else o for o in options)
        return replace(question, order="random" if random else "", options=options)

    def _limited(self, question: Question) -> Question:
        """Limits that are plain numbers become configuration; others become checks."""
        config = {**question.config, **dict(self._limits(question.type))}
        kind = question.type
        if kind == "text_short" and self.given.get("numbers_only") == "1":
            kind, config = "number", {"decimals": 9, **dict(self._limits("number"))}
        if kind == "number" and self.given.get("num_value_int_only") == "1":
            config.pop("decimals", None)
        columns = question.columns
        if kind == "table" and any(column.type == "number" for column in columns):
            cells = {"low": _number(self.given.get("multiflexible_min"))}
            cells["high"] = _number(self.given.get("multiflexible_max"))
            known = {name: value for name, value in cells.items() if value is not None}
            columns = tuple(replace(c, config={**c.config, **known}) for c in columns)
            if self.given.get("multiflexible_checkbox") == "1":
                words = "勾选框表格改为数字(0 或 1)。", "A table of tick boxes became numbers (0 or 1)."
                self.reader.document.lose(self.code, *words)
        return replace(question, type=kind, config=config, columns=columns)

    def _limits(self, kind: str) -> Iterator[tuple[str, Any]]:
        least, most = (_whole(self.given.get(name)) for name in ("min_answers", "max_answers"))
        if kind in {"multiple", "ranking"}:
            yield from ((n, v) for n, v in (("at_least", least), ("at_most", most)) if v is not None)
        if kind == "number":
            bounds = (("low", "min_num_value_n"), ("high", "max_num_value_n"))
            found = ((name, _number(self.given.get(theirs))) for name, theirs in bounds)
            yield from ((name, value) for name, value in found if value is not None)
            if self.given.get("suffix"):
                yield "unit", self.given["suffix"][:20]
        chars = _whole(self.given.get("maximum_chars"))
        if chars and kind in {"text_short", "text_long"}:
            yield "at_most", min(chars, 1000 if kind == "text_short" else 20_000)
        if kind == "date":
            for name, theirs in (("first", "date_min"), ("last", "date_max")):
                if _is_date(self.given.get(theirs, "")):
                    yield name, self.given[theirs]
        if kind == "file":
            yield from self._files()
        if kind == "calculated":
            text = self.given.get("equation") or " ".join(self.row.texts.get("question", {}).values())
            yield "expression", self.reader.expression(text, self.code, self.variables) or "0"
            yield "shown", self.given.get("hidden") != "1"
            yield "decimals", 9

    def _files(self) -> Iterator[tuple[str, Any]]:
        most, size = _whole(self.given.get("max_num_of_files")), _whole(self.given.get("max_filesize"))
        if most:
            yield "at_most", min(most, 10)
        if size:
            yield "megabytes", max(1, min(round(size / 1024), 100))
        if "allowed_filetypes" in self.given:
            words = (
                "允许的文件类型按满意的分类处理。",
                "The kinds of files are Manyi's: images and documents.",
            )
            self.reader.document.lose(self.code, *words)

    def _filtered(self, question: Question) -> Question:
        """Options or rows that are offered when (or unless) the same one was chosen elsewhere."""
        conditions: dict[str, list[str]] = {}
        for name, operator in (("array_filter", "contains"), ("array_filter_exclude", "notcontains")):
            for source in filter(None, self.given.get(name, "").replace(",", ";").split(";")):
                found = self.variables(source.strip())
                there = self.variables.questions.get(found.path) if found else None
                if found is None or there is None or there.type != "multiple":
                    words = f"筛选“{source}”未导入。", f"The filter by “{source}” was not carried."
                    self.reader.document.lose(self.code, *words)
                    continue
                for option in there.options:
                    text = f"{{{there.code}}} {operator} {quoted(option.code)}"
                    conditions.setdefault(option.code, []).append(text)

        def shown(code: str) -> str:
            return " and ".join(f"({each})" for each in conditions.get(code, ()))

        if question.rows:
            return replace(question, rows=tuple(replace(r, visible_if=shown(r.code)) for r in question.rows))
        options = tuple(o if o.free else replace(o, visible_if=shown(o.code)) for o in question.options)
        return replace(question, options=options)

    def _checks(self, question: Question) -> Iterator[Check]:
        """Equations and limits that are no plain numbers."""
        me = Reference(question.code)
        numbers: tuple[tuple[str, str, Node], ...] = (
            ("min_num_value_n", ">=", me),
            ("max_num_value_n", "<=", me),
            ("min_num_value", ">=", Call("sum", (me,))),
            ("max_num_value", "<=", Call("sum", (me,))),
            ("equals_num_value", "=", Call("sum", (me,))),
            ("min_answers", ">=", Call("count", (me,))),
            ("max_answers", "<=", Call("count", (me,))),
        )
        for name, operator, left in numbers:
            text = self.given.get(name, "")
            if not text or text in _UNSET or (_number(text) is not None and self._is_config(name, question)):
                continue
            right = self._node(text)
            if right is not None:
                yield Check(to_text(Binary(operator, left, right)))
        text = self.given.get("em_validation_q", "")
        node = self._node(text) if text else None
        if node is not None:
            tip = self.reader.words(
                {self.reader.tables.languages[0]: self.given.get("em_validation_q_tip", "")}
            )
            yield Check(to_text(node), tip)

    def _is_config(self, name: str, question: Question) -> bool:
        """Whether a plain number already stands in the configuration."""
        if name.endswith("_answers"):
            return question.type in {"multiple", "ranking"}
        return name.endswith("_n") and question.type == "number"

    def _node(self, text: str) -> Node | None:
        try:
            return to_node(text, self.variables)
        except NotCarried as error:
            words = f"校验未导入:{text}({error})", f"The check was not carried: {text} ({error})"
            self.reader.document.lose(self.code, *words)
            return None

    def _default(self, question: Question) -> Any:
        """The value that stands in the form at first; of a multiple choice the ticked ones."""
        known = self.reader.values.get(question.code, {})
        found: list[Any] = []
        for row in self.reader.tables.of("defaultvalues", qid=self.row["qid"]):
            texts = row.texts.get("defaultvalue", {})
            text = next(iter(texts.values()), row["defaultvalue"])
            sub = next((s["title"] for s in self.reader.tables.of("subquestions", qid=row["sqid"])), "")
            if not text or row["specialtype"] or "{" in text:
                continue
            if question.type == "multiple" and sub:
                found += [known[sub]] if text == "Y" and sub in known else []
            elif not sub and not question.rows and not question.columns:
                return known.get(text, text)
            else:
                words = f"行“{sub}”的默认值未导入。", f"The default of “{sub}” was not carried."
                self.reader.document.lose(question.code, *words)
        return found or None

    def _report(self) -> None:
        for name, value in self.given.items():
            if name not in CARRIED | DRESS and value not in _UNSET:
                words = (
                    f"属性“{name} = {value}”未导入。",
                    f"The attribute “{name} = {value}” was not carried.",
                )
                self.reader.document.lose(self.code, *words)
        if self.given.get("time_limit"):
            self.reader.document.lose(self.code, "答题时限未导入。", "The time limit was not carried.")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _number(text: str | None) -> float | int | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return int(found) if found == int(found) else found


def _is_date(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
