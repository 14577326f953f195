"""An XLSForm as our tree: groups become sections, repeats become tables, XPath becomes our expressions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from manyi.measures.expressions import to_text
from manyi.surveys.codecs.beside import BESIDE, restored
from manyi.surveys.codecs.climbing import NotCarried
from manyi.surveys.codecs.document import Document
from manyi.surveys.codecs.markup import has_markup, words_of
from manyi.surveys.codecs.naming import Naming
from manyi.surveys.codecs.xlsform.choices import Choices
from manyi.surveys.codecs.xlsform.kinds import DRESS, META, Kind, kind_of
from manyi.surveys.codecs.xlsform.workbook import Line
from manyi.surveys.codecs.xlsform.xpath import to_node
from manyi.surveys.definition import question_from_dict
from manyi.surveys.tree import Check, Question, Questionnaire, Row, Section, Text

_PIPE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_CHINESE = re.compile(r"[一-鿿]")
_CELLS = {"single", "dropdown", "multiple", "number", "text_short", "date", "yes_no", "rating"}
REPEATS, MOST_REPEATS = 5, 20
_CARRIED = """
type name label hint relevant required calculation constraint constraint_message choice_filter appearance
default repeat_count manyi parameters
"""
CARRIED = frozenset(_CARRIED.split())


@dataclass(slots=True)
class Group:
    """A group, a repeat, or the form itself, with what stands in it."""

    line: Line | None
    repeats: bool = False
    children: list[Group | Line] = field(default_factory=list)


class Reader:
    """Builds the tree of one form."""

    def __init__(self, sheets: dict[str, list[Line]], document: Document) -> None:
        self.sheets, self.document = sheets, document
        settings = sheets["settings"][0] if sheets["settings"] else Line(2)
        self.settings = settings
        self.naming = Naming(document)
        self.language = self._language()
        self.many: set[str] = set()
        self.kept: dict[str, Any] = {}
        self.choices = Choices(self)

    def _language(self) -> str:
        """The language of columns without one: named in the settings, else Chinese where it is."""
        from manyi.surveys.codecs.xlsform.workbook import our_language

        if self.settings["default_language"]:
            return our_language(self.settings["default_language"])
        plain = "".join(line.texts.get("label", {}).get("", "") for line in self.sheets["survey"])
        return "zh" if _CHINESE.search(plain) else "en"

    def questionnaire(self) -> Questionnaire:
        """The whole tree."""
        root = self._grouped()
        for line in self.sheets["survey"]:
            self._name(line)
        sections = tuple(self._translated(section) for section in self.sections(root))
        tree = Questionnaire(
            code=self._code(),
            title=self._title(sections),
            sections=tuple(section for section in sections if section.questions),
        )
        self._report_settings()
        return restored(tree, self.kept, {BESIDE: _json(self.settings[BESIDE])})

    def _code(self) -> str:
        from manyi.surveys.codecs.naming import as_code

        return as_code(self.settings["form_id"] or self.settings["id_string"] or "form", "f")

    def _title(self, sections: tuple[Section, ...]) -> Text:
        """The form's title, said in every language in which it asks."""
        title = self.settings["form_title"] or self.settings["title"] or self._code()
        spoken = {code for s in sections for q in s.questions for code in q.title.languages} or {
            self.language
        }
        more = tuple((code, title) for code in sorted(spoken - {"zh", "en"}))
        return Text(title if "zh" in spoken else "", title if "en" in spoken else "", more)

    def text(self, line: Line, column: str) -> Text:
        """A text in all languages; a column without a language is in the form's default one."""
        found: dict[str, str] = {}
        for language, words in line.texts.get(column, {}).items():
            if has_markup(words):
                words_only = words_of(words)
                self.document.lose(self.place(line), "HTML 标记已去掉。", "HTML markup was taken off.")
                words = words_only
            found.setdefault(language or self.language, words)
        more = ((code, words) for code, words in found.items() if code not in {"zh", "en"} and words)
        return Text(found.get("zh", ""), found.get("en", ""), tuple(sorted(more)))

    def place(self, line: Line) -> str:
        """Where a line stands, as a report names it."""
        name = line["name"]
        return f"survey {line.number}{f' ({name})' if name else ''}"

    def lose(self, line: Line, zh: str, en: str) -> None:
        self.document.lose(self.place(line), zh, en)

    def _name(self, line: Line) -> None:
        """Every named row gets its code before any expression is read."""
        kind = kind_of(line["type"])
        if line["name"] and kind.step not in {"end", "meta"} and not _follows(line):
            code = self.naming.question(line["name"], self.place(line))
            if kind.type == "multiple":
                self.many.add(code)

    def _grouped(self) -> Group:
        root, open_groups = Group(None), []
        here = root
        for line in self.sheets["survey"]:
            step = kind_of(line["type"]).step
            if step in {"group", "repeat"}:
                inner = Group(line, step == "repeat")
                here.children.append(inner)
                open_groups.append(here)
                here = inner
            elif step == "end":
                here = open_groups.pop() if open_groups else root
            elif line["type"] and not _follows(line):
                here.children.append(line)
        return root

    def sections(self, root: Group) -> Iterator[Section]:
        """Top-level groups are sections; what stands between them makes sections of its own."""
        loose: list[Question] = []
        for child in root.children:
            if isinstance(child, Group) and not child.repeats and child.line and _whole(child.line) is None:
                if loose:
                    yield Section(self.naming.section("page"), questions=tuple(loose))
                    loose = []
                line = child.line
                code = self.naming.section(line["name"] or "group")
                texts = self.text(line, "label"), self.text(line, "hint")
                yield Section(code, *texts, line["relevant"], "", tuple(self.inside(child, "")))
                self._report(line)
            else:
                loose += self.inside(Group(None, children=[child]), "")
        if loose:
            yield Section(self.naming.section("page"), questions=tuple(loose))

    def inside(self, group: Group, condition: str) -> Iterator[Question]:
        """The questions of a group; inner groups are laid flat under their own condition."""
        for child in group.children:
            if isinstance(child, Line):
                found = self.question(child)
                if found is not None:
                    yield replace(found, visible_if=_both(condition, found.visible_if))
                continue
            line = child.line or Line(0)
            kept = _whole(line)
            inner = _both(condition, line["relevant"])
            if kept is not None:
                yield kept
            elif child.repeats:
                yield self.table(child, inner)
            else:
                title = self.text(line, "label")
                if title:
                    code = self.naming.codes.get(line["name"], "note")
                    yield Question(code, "information", title, self.text(line, "hint"), visible_if=inner)
                self._report(line)
                yield from self.inside(child, inner)

    def table(self, group: Group, condition: str) -> Question:
        """A repeat as a table: one row for each time, one column for each question that fits a cell."""
        line = group.line or Line(0)
        code = self.naming.codes.get(line["name"]) or self.naming.question("repeat", self.place(line))
        count = int(line["repeat_count"]) if line["repeat_count"].isdigit() else REPEATS
        count = max(1, min(count, MOST_REPEATS))
        words = f"重复组改为 {count} 行的表格。", f"The repeat became a table of {count} rows."
        self.lose(line, *words)
        columns = []
        for question in self.inside(Group(None, children=group.children), ""):
            if question.type == "information" or question.type not in _CELLS:
                zh = f"重复组中的“{question.code}”({question.type})改为文字或省略。"
                self.lose(line, zh, f"“{question.code}” ({question.type}) does not fit into a repeated row.")
            if question.type in {"information", "calculated", "hidden"}:
                continue
            kind = question.type if question.type in _CELLS else "text_short"
            config = question.config if kind == question.type else {}
            plain = replace(question, type=kind, config=config, visible_if="", required_if="", checks=())
            columns.append(plain)
        rows = tuple(Row(str(number), Text(str(number), str(number))) for number in range(1, count + 1))
        title = self.text(line, "label") or Text(line["name"], line["name"])
        note = Question(code, "information", title, self.text(line, "hint"), visible_if=condition)
        return replace(note, type="table", rows=rows, columns=tuple(columns)) if columns else note

    def question(self, line: Line) -> Question | None:
        """One row as a question; None for what is no question (reported)."""
        kind = kind_of(line["type"])
        if kind.step == "meta" or not kind.type:
            known = META.get(line["type"].lower(), ("此类型", "This type"))
            zh = f"“{line['type']}”未导入:{known[0]}。"
            self.lose(line, zh, f"“{line['type']}” was not carried: {known[1]}.")
            return None
        kept = _whole(line)
        if kept is not None:
            return kept
        code = self.naming.codes.get(line["name"]) or self.naming.question("note", self.place(line))
        if kind.lost:
            self.lose(line, *kind.lost)
        question = Question(
            code=code,
            type=kind.type,
            title=self.text(line, "label") or Text(line["name"], line["name"]),
            help=self.text(line, "hint"),
            visible_if=line["relevant"],
            config=self._config(kind, line),
            **self._required(line),
        )
        self.kept[code] = _json(line[BESIDE])
        self._report(line)
        return self._with_default(self.choices.fill(question, kind, line), line)

    def _required(self, line: Line) -> dict[str, Any]:
        text = line["required"].strip()
        if text.lower() in {"yes", "true", "true()", "1"}:
            return {"required": True}
        return {} if text.lower() in {"", "no", "false", "false()", "0"} else {"required_if": text}

    def _config(self, kind: Kind, line: Line) -> dict[str, Any]:
        config: dict[str, Any] = dict(kind.config)
        if kind.type == "calculated":
            config["expression"] = line["calculation"]
        if kind.type == "slider":
            given = dict(re.findall(r"(\w+)\s*=\s*(-?[\d.]+)", line["parameters"]))
            names = {"low": "start", "high": "end", "step": "step"}
            config |= {ours: float(given[theirs]) for ours, theirs in names.items() if theirs in given}
            config = {name: int(v) if v == int(v) else v for name, v in config.items()}
        return config

    def _with_default(self, question: Question, line: Line) -> Question:
        text = line["default"]
        if not text or question.type in {"calculated", "information"}:
            return question
        if "$" in text or "(" in text:
            self.lose(line, f"动态默认值“{text}”未导入。", f"The computed default “{text}” was not carried.")
            return question
        return replace(question, default=text.split() if question.type == "multiple" else text)

    def _translated(self, section: Section) -> Section:
        """All expressions and piped names in our codes."""
        questions = tuple(self._asked(question) for question in section.questions)
        condition = self.expression(section.visible_if, section.code, "")
        return replace(section, visible_if=condition, questions=questions)

    def _asked(self, question: Question) -> Question:
        code = question.code
        if code in self.whole:
            return question
        config = dict(question.config)
        if question.type == "calculated":
            config["expression"] = self.expression(str(config.get("expression", "")), code, code) or "0"
        checks = (
            Check(self.expression(check.expression, code, code), self._piped(check.message))
            for check in question.checks
        )
        return replace(
            question,
            title=self._piped(question.title),
            help=self._piped(question.help),
            visible_if=self.expression(question.visible_if, code, code),
            required_if=self.expression(question.required_if, code, code),
            config=config,
            checks=tuple(check for check in checks if check.expression),
        )

    @property
    def whole(self) -> set[str]:
        """The codes of questions that stand complete in our own column."""
        return {kept.code for line in self.sheets["survey"] if (kept := _whole(line)) is not None}

    def _piped(self, text: Text) -> Text:
        def code_of(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in self.naming.codes:
                words = (
                    f"文字中的 {match.group()} 没有对应的题目。",
                    f"{match.group()} in a text has no question.",
                )
                self.document.lose(name, *words)
            return f"{{{self.naming.codes.get(name, name)}}}"

        def swap(words: str) -> str:
            return _PIPE.sub(code_of, words)

        return Text(swap(text.zh), swap(text.en), tuple((code, swap(words)) for code, words in text.more))

    def expression(self, text: str, place: str, me: str, columns: dict[str, str] | None = None) -> str:
        """An expression in our spelling; "" when it cannot be carried (reported)."""
        if not text.strip():
            return ""
        try:
            node = to_node(text, self.naming.reference, me, self.many.__contains__, columns)
        except NotCarried as error:
            words = f"表达式未导入:{text}({error})", f"The expression was not carried: {text} ({error})"
            self.document.lose(place, *words)
            return ""
        return to_text(node)

    def _report(self, line: Line) -> None:
        for name in sorted((line.cells.keys() | line.texts.keys()) - CARRIED - DRESS):
            self.lose(line, f"列“{name}”未导入。", f"The column “{name}” was not carried.")

    def _report_settings(self) -> None:
        carried = {"form_title", "title", "form_id", "id_string", "default_language", "version", BESIDE}
        for name in sorted(self.settings.cells.keys() - carried):
            self.document.lose("settings", f"设置“{name}”未导入。", f"The setting “{name}” was not carried.")


def _whole(line: Line) -> Question | None:
    """A question that our own files keep complete beside a group of plain rows."""
    kept = _json(line[BESIDE])
    if isinstance(kept, dict) and isinstance(kept.get("question"), dict):
        return question_from_dict(kept["question"])
    return None


def _follows(line: Line) -> bool:
    """Whether a row only writes out a part of another question for the sake of other tools."""
    kept = _json(line[BESIDE])
    return isinstance(kept, dict) and "of" in kept


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _both(left: str, right: str) -> str:
    return f"({left}) and ({right})" if left and right else left or right
