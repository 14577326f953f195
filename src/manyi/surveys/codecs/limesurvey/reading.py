"""A LimeSurvey survey as our tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from manyi.measures.expressions import to_text
from manyi.surveys.codecs.beside import restored
from manyi.surveys.codecs.climbing import NotCarried
from manyi.surveys.codecs.document import Document, unique
from manyi.surveys.codecs.limesurvey.attributes import Attributes
from manyi.surveys.codecs.limesurvey.conditions import from_conditions, quota_condition
from manyi.surveys.codecs.limesurvey.expressions import to_node
from manyi.surveys.codecs.limesurvey.kinds import KINDS, Kind
from manyi.surveys.codecs.limesurvey.tables import Row as TableRow
from manyi.surveys.codecs.limesurvey.tables import Tables
from manyi.surveys.codecs.limesurvey.variables import Variables
from manyi.surveys.codecs.markup import has_markup, words_of
from manyi.surveys.codecs.naming import Naming, as_code, as_option
from manyi.surveys.codecs.surveyjs.texts import our_language
from manyi.surveys.renaming import Renaming, renamed
from manyi.surveys.tree import Option, Question, Questionnaire, Quota, Row, Section, Text

_PIPE = re.compile(r"\{(?:INSERTANS:)?([A-Za-z0-9_]+)(?:\.\w+)?\}")


class Reader:
    """Builds the tree of one file; the document collects names, values and losses."""

    def __init__(self, tables: Tables, document: Document) -> None:
        self.tables, self.document = tables, document
        self.naming = Naming(document)
        self.language = our_language(tables.languages[0])
        self.titles: dict[str, str] = {}  # our code by their qid and title
        self.parts: dict[str, dict[str, str]] = {}  # our part code by theirs, by our question code
        self.values: dict[str, dict[str, str]] = {}  # our option code by theirs, by our question code
        self.marked = 0
        self.kept: dict[str, Any] = {}

    def questionnaire(self) -> Questionnaire:
        """The whole tree."""
        rows = sorted(self.tables["questions"], key=lambda row: _place(row["question_order"]))
        own = [row for row in rows if row["parent_qid"] in {"", "0"}]
        for row in own:
            code = self.naming.question(row["title"], row["title"])
            self.titles[row["qid"]] = code
            self.titles.setdefault(row["title"], code)
        questions = {self.titles[row["qid"]]: self.question(row) for row in own}
        variables = Variables(questions, self.titles, self.parts, self.values)
        finished = {
            self.titles[row["qid"]]: Attributes(self, row, variables).finish(
                questions[self.titles[row["qid"]]]
            )
            for row in own
        }
        sections = tuple(self.sections(own, finished, variables))
        tree = replace(self.frame(), sections=sections, quotas=tuple(self.quotas(variables, questions)))
        tree = self._piped(tree, variables)
        self._report()
        beside = self._survey_beside()
        back = beside.pop("renamed", None)
        return _renamed_back(restored(tree, self.kept, {"manyi": beside} if beside else {}), back)

    def text(self, row: TableRow, column: str) -> Text:
        """A text of a row in all its languages, without markup."""
        return self.words(row.texts.get(column, {}))

    def words(self, given: dict[str, str]) -> Text:
        found = {}
        for language, text in given.items():
            self.marked += has_markup(text)
            found[our_language(language)] = words_of(text)
        more = ((code, said) for code, said in found.items() if code not in {"zh", "en"} and said)
        return Text(found.get("zh", ""), found.get("en", ""), tuple(sorted(more)))

    def frame(self) -> Questionnaire:
        """Title, welcome and thanks."""
        by_name: dict[str, dict[str, str]] = {}
        for row in self.tables["surveys_languagesettings"]:
            language = row["surveyls_language"] or self.tables.languages[0]
            for name in (
                "surveyls_title",
                "surveyls_description",
                "surveyls_welcometext",
                "surveyls_endtext",
            ):
                by_name.setdefault(name, {})[language] = row[name]
        intro = {
            language: "<br>".join(filter(None, [text, by_name.get("surveyls_welcometext", {}).get(language)]))
            for language, text in by_name.get("surveyls_description", {}).items()
        }
        title = self.words(by_name.get("surveyls_title", {}))
        return Questionnaire(
            code=f"survey_{sid}" if (sid := self._sid()) else "survey",
            title=title or Text("问卷", "Survey"),
            intro=self.words(intro),
            thanks=self.words(by_name.get("surveyls_endtext", {})),
        )

    def _sid(self) -> str:
        return next((row["sid"] for row in self.tables["surveys"] if row["sid"].isdigit()), "")

    def sections(
        self, rows: list[TableRow], questions: dict[str, Question], variables: Variables
    ) -> Iterator[Section]:
        groups = sorted(self.tables["groups"], key=lambda row: _place(row["group_order"]))
        for number, group in enumerate(groups or [TableRow({"gid": ""})], 1):
            mine = [row for row in rows if row["gid"] == group["gid"] or not groups]
            code = self.naming.section(f"g{number}")
            condition = self.expression(group["grelevance"], code, variables)
            texts = self.text(group, "group_name"), self.text(group, "description")
            if group["randomization_group"]:
                words = "分组随机顺序未导入。", "The random order of groups was not carried."
                self.document.lose(code, *words)
            found = tuple(questions[self.titles[row["qid"]]] for row in mine)
            if found:
                yield Section(code, *texts, condition, "", found)

    def expression(self, text: str, place: str, variables: Variables) -> str:
        """An expression in our spelling; "" for always, and for one that cannot be carried (reported)."""
        text = text.strip()
        if text in {"", "1"}:
            return ""
        if text == "0":
            return "false"
        try:
            return to_text(to_node(text.strip("{}") if text[:1] == "{" else text, variables))
        except NotCarried as error:
            words = f"表达式未导入:{text}({error})", f"The expression was not carried: {text} ({error})"
            self.document.lose(place, *words)
            return ""

    def question(self, row: TableRow) -> Question:
        """One question without its conditions and attributes."""
        code, letter = self.titles[row["qid"]], row["type"] or "S"
        kind = KINDS.get(letter)
        if kind is None:
            words = f"题型“{letter}”改为单行文字。", f"The type “{letter}” became a short text."
            self.document.lose(code, *words)
            kind = KINDS["S"]
        if kind.lost:
            words = f"题型“{letter}”有差别:{kind.lost}。", f"The type “{letter}” differs: {kind.lost}."
            self.document.lose(code, *words)
        if row["mandatory"] == "S":
            self.document.lose(code, "“建议回答”改为选答。", "“Soft mandatory” became optional.")
        question = Question(
            code=code,
            type=kind.type,
            title=self.text(row, "question") or Text(row["title"], row["title"]),
            help=self.text(row, "help"),
            required=row["mandatory"] == "Y" and kind.type not in {"information", "hidden", "calculated"},
            comment=kind.comment,
            config=dict(kind.config),
        )
        return self._parts(question, kind, row)

    def _parts(self, question: Question, kind: Kind, row: TableRow) -> Question:
        """Options, rows and columns."""
        code, known = question.code, self.parts.setdefault(question.code, {})
        subs = self._subquestions(row, "0")
        options = kind.fixed
        if kind.options == "answers":
            options = tuple(self._options(code, self._answers(row, "0"), "code", "answer"))
        elif kind.options == "subquestions":
            options = tuple(self._options(code, subs, "title", "question"))
            known.update(self.values[code])
        if row["other"] == "Y":
            taken = {option.code for option in options}
            other = unique("other", taken)
            options = (*options, Option(other, Text("其他", "Other"), free=True))
            self.values.setdefault(code, {})["-oth-"] = other
        rows = tuple(self._rows(subs, known)) if kind.rows else ()
        columns = tuple(self._columns(kind, row, subs, known))
        if kind.type == "yes_no":
            self.values[code] = {"Y": "yes", "N": "no"}
            self.document.values[code] = {"yes": "Y", "no": "N"}
        return replace(question, options=options, rows=rows, columns=columns)

    def _subquestions(self, row: TableRow, scale: str) -> list[TableRow]:
        found = self.tables.of("subquestions", parent_qid=row["qid"])
        found = [each for each in found if (each["scale_id"] or "0") == scale]
        return sorted(found, key=lambda each: _place(each["question_order"]))

    def _answers(self, row: TableRow, scale: str) -> list[TableRow]:
        found = [a for a in self.tables.of("answers", qid=row["qid"]) if (a["scale_id"] or "0") == scale]
        return sorted(found, key=lambda each: _place(each["sortorder"]))

    def _options(self, code: str, rows: Iterable[TableRow], name: str, column: str) -> Iterator[Option]:
        taken: set[str] = set()
        for row in rows:
            ours = self.naming.option(code, row[name], taken, code)
            self.values.setdefault(code, {})[row[name]] = ours
            yield Option(ours, self.text(row, column) or Text(row[name], row[name]))

    def _rows(self, subs: Iterable[TableRow], known: dict[str, str]) -> Iterator[Row]:
        for row in subs:
            code = unique(as_option(row["title"]), set(known.values()))
            known[row["title"]] = code
            yield Row(code, self.text(row, "question") or Text(row["title"], row["title"]))

    def _columns(
        self, kind: Kind, row: TableRow, subs: list[TableRow], known: dict[str, str]
    ) -> Iterator[Question]:
        """Sub-questions: fields, the second axis of a table, or the two scales of a dual array."""
        if kind.columns == "scales":
            for scale, code in (("0", "a"), ("1", "b")):
                place = f"{self.titles[row['qid']]}.{code}"
                options = tuple(self._options(place, self._answers(row, scale), "code", "answer"))
                yield Question(code, "single", Text(f"量表 {scale}", f"Scale {scale}"), options=options)
            return
        inner = kind.fields or kind.columns
        for each in subs if kind.fields else self._subquestions(row, "1") if inner else ():
            name = each["title"]
            code = unique(as_code(name, "c"), set(known.values()))
            known[name if kind.fields else f"column:{name}"] = code
            config = {"decimals": 9} if inner == "number" else {}
            yield Question(code, inner, self.text(each, "question") or Text(name, name), config=config)

    def quotas(self, variables: Variables, questions: dict[str, Question]) -> Iterator[Quota]:
        for row in self.tables["quota"]:
            name = row["name"]
            condition = quota_condition(self.tables.of("quota_members", quota_id=row["id"]), self, questions)
            if not condition:
                self.document.lose(f"quota {name}", "配额没有条件,未导入。", "The quota has no condition.")
                continue
            if row["action"] not in {"", "1"} or row["active"] == "0":
                self.document.lose(f"quota {name}", "配额动作未导入。", "The quota's action was not carried.")
            code = self.naming.section(f"quota_{row['id']}")
            limit = int(row["qlimit"]) if row["qlimit"].isdigit() else 0
            yield Quota(code, Text(name) if self.language == "zh" else Text(en=name), condition, limit)
        if self.tables["quota_languagesettings"]:
            self.document.lose(
                "quota", "配额已满的提示语未导入。", "The messages of full quotas were not carried."
            )

    def conditions(self, row: TableRow, variables: Variables) -> str:
        """When a question is shown: by its relevance, else by the older table of conditions."""
        code = self.titles[row["qid"]]
        if row["relevance"].strip() not in {"", "1"}:
            return self.expression(row["relevance"], code, variables)
        found = self.tables.of("conditions", qid=row["qid"])
        return from_conditions(found, self, code, variables) if found else ""

    def _piped(self, tree: Questionnaire, variables: Variables) -> Questionnaire:
        """Names in texts become our codes; what is no answer is reported."""

        def said(text: Text, place: str) -> Text:
            def swapped(match: re.Match[str]) -> str:
                found = variables(match.group(1))
                if found is None or found.choice:
                    self.document.lose(
                        place, f"文字中的 {match.group()} 未转换。", f"{match.group()} stays as text."
                    )
                    return match.group()
                return f"{{{found.path}}}"

            more = tuple((code, _PIPE.sub(swapped, words)) for code, words in text.more)
            return Text(_PIPE.sub(swapped, text.zh), _PIPE.sub(swapped, text.en), more)

        def asked(question: Question) -> Question:
            return replace(
                question, title=said(question.title, question.code), help=said(question.help, question.code)
            )

        return replace(
            tree,
            sections=tuple(
                replace(section, questions=tuple(asked(question) for question in section.questions))
                for section in tree.sections
            ),
        )

    def _survey_beside(self) -> dict[str, Any]:
        for row in self.tables.of("question_attributes", attribute="manyi_survey"):
            found = _json(row["value"])
            return found if isinstance(found, dict) else {}
        return {}

    def keep(self, code: str, value: str) -> None:
        """What our own files hold beside a question."""
        self.kept[code] = _json(value)

    def _report(self) -> None:
        if self.marked:
            words = (
                f"{self.marked} 处文字的 HTML 标记已去掉。",
                f"HTML markup was taken off {self.marked} texts.",
            )
            self.document.lose("texts", *words)
        for name, zh, en in _UNCARRIED:
            if count := len(self.tables[name]):
                self.document.lose(name, f"{zh}({count})未导入。", f"{en} ({count}) not carried.")
        if self.tables["surveys_languagesettings"]:
            words = "邮件模板和外观设置未导入。", "Mail templates and looks were not carried."
            self.document.lose("surveys_languagesettings", *words)
        if self.tables["assessments"] or any(row["assessments"] == "Y" for row in self.tables["surveys"]):
            words = (
                "选项计分未导入,请建评分方案。",
                "Points of answers were not carried; make a scheme of them.",
            )
            self.document.lose("answers.assessment_value", *words)
        for row in self.tables["surveys"]:
            if row["anonymized"] == "Y":
                words = "匿名设置请在调查项目中设置。", "Anonymity is set in the programme; not carried."
                self.document.lose("anonymized", *words)


_UNCARRIED = (
    ("assessments", "评估规则", "Assessments"),
    ("survey_urlparams", "链接参数", "URL parameters"),
    ("themes", "主题", "Themes"),
    ("themes_inherited", "主题", "Inherited themes"),
    ("plugin_settings", "插件设置", "Plug-in settings"),
)


def _renamed_back(tree: Questionnaire, back: Any) -> Questionnaire:
    """Our codes, where LimeSurvey does not take them."""
    if not isinstance(back, dict):
        return tree
    codes, parts = back.get("codes"), back.get("parts")
    if not isinstance(codes, dict) or not isinstance(parts, dict):
        return tree
    return renamed(tree, Renaming(codes, parts))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _place(text: str) -> int:
    return int(text) if text.lstrip("-").isdigit() else 0
