"""Our tree as a LimeSurvey file of the newer generation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from manyi.surveys.codecs.beside import questions_beside, report_beside, survey_beside
from manyi.surveys.codecs.climbing import NotCarried
from manyi.surveys.codecs.document import Document, Loss, unique
from manyi.surveys.codecs.limesurvey.speaking import Speaker
from manyi.surveys.renaming import Renaming, renamed
from manyi.surveys.tree import Option, Question, Questionnaire, Text

VERSION = "498"
_TITLE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}")
_PART = re.compile(r"[A-Za-z0-9]{1,20}")
_QUIET = ("role", "config", "options", "rows", "columns", "order", "type", "default", "checks")
TYPES = {
    "single": "L",
    "picture": "L",
    "dropdown": "!",
    "multiple": "M",
    "rating": "L",
    "nps": "L",
    "effort": "L",
    "matrix_single": "F",
    "matrix_multiple": ";",
    "matrix_dual": ";",
    "sum": "K",
    "ranking": "R",
    "slider": "N",
    "number": "N",
    "text_long": "T",
    "date": "D",
    "datetime": "D",
    "photo": "|",
    "file": "|",
    "yes_no": "Y",
    "consent": "Y",
    "information": "X",
    "calculated": "*",
}
_LIMITS = (
    ("MR", "at_least", "min_answers"),
    ("MR", "at_most", "max_answers"),
    ("N", "low", "min_num_value_n"),
    ("N", "high", "max_num_value_n"),
)
Cells = dict[str, str]


def write_lss(tree: Questionnaire) -> tuple[bytes, list[Loss]]:
    """The file and what it cannot say; reading it gives the same tree."""
    from manyi.surveys.codecs.limesurvey import document_of

    losses = Document(tree)
    renaming = _renaming(tree, losses)
    plain = renamed(tree, renaming)
    found = document_of(_Writer(plain).data({}, {}))[0].questionnaire
    beside = questions_beside(plain, found)
    frame = survey_beside(plain, found)
    if renaming.codes or renaming.parts:
        back = renaming.back
        frame |= {
            "renamed": {"codes": dict(back.codes), "parts": {k: dict(v) for k, v in back.parts.items()}}
        }
    report_beside(losses, beside, _QUIET)
    return _Writer(plain).data(beside, frame), losses.losses


def _renaming(tree: Questionnaire, losses: Document) -> Renaming:
    """Codes that LimeSurvey takes: letters and digits only."""
    codes: dict[str, str] = {}
    parts: dict[str, dict[str, str]] = {}
    taken = {code for code in tree.questions if _TITLE.fullmatch(code)}
    for number, (code, question) in enumerate(tree.questions.items(), 1):
        if code not in taken:
            near = re.sub(r"[^A-Za-z0-9]", "", code)[:16]
            codes[code] = unique(near if _TITLE.fullmatch(near) else f"q{number}", taken).replace("_", "")
            taken.add(codes[code])
        known: dict[str, str] = {}
        names = [option.code for option in question.options]
        names += [row.code for row in question.rows] + [column.code for column in question.columns]
        held = {name for name in names if _PART.fullmatch(name)}
        for place, name in enumerate(names, 1):
            if name not in held:
                near = re.sub(r"[^A-Za-z0-9]", "", name)[:16] or f"A{place}"
                known[name] = near if near not in held else f"A{place}x"
                held.add(known[name])
        if known:
            parts[code] = known
    for code, new in codes.items():
        losses.lose(code, f"LimeSurvey 中的代码为 {new}。", f"Its code in LimeSurvey is {new}.")
    return Renaming(codes, parts)


class _Writer:
    """Collects rows by table."""

    def __init__(self, tree: Questionnaire) -> None:
        self.tree, self.speaker = tree, Speaker(tree)
        self.languages = list(tree.languages) or ["zh"]
        self.tables: dict[str, list[Cells]] = {}
        self.ids = 0

    def data(self, beside: dict[str, dict[str, object]], frame: dict[str, object]) -> bytes:
        """The file; ``beside`` and ``frame`` are what only we read back."""
        self.survey()
        for number, section in enumerate(self.tree.sections, 1):
            gid = self.new()
            relevance = self.relevance(section.visible_if)
            row = {"gid": gid, "sid": "1", "group_order": str(number), "grelevance": relevance}
            self.add("groups", row)
            self.texts(
                "group_l10ns", {"gid": gid}, {"group_name": section.title, "description": section.help}
            )
            for place, question in enumerate(section.questions, 1):
                qid = self.question(question, gid, place)
                if question.code in beside:
                    self.attribute(qid, "manyi", json.dumps(beside[question.code], ensure_ascii=False))
                if frame:
                    self.attribute(qid, "manyi_survey", json.dumps(frame, ensure_ascii=False))
                    frame = {}
        return self.xml()

    def new(self) -> str:
        self.ids += 1
        return str(self.ids)

    def add(self, table: str, row: Cells) -> None:
        self.tables.setdefault(table, []).append(row)

    def texts(self, table: str, key: Cells, texts: dict[str, Text]) -> None:
        for language in self.languages:
            words = {name: _html(_exactly(text, language)) for name, text in texts.items()}
            self.add(table, {"id": self.new(), **key, **words, "language": _theirs(language)})

    def attribute(self, qid: str, name: str, value: str) -> None:
        self.add("question_attributes", {"qid": qid, "attribute": name, "value": value})

    def relevance(self, text: str) -> str:
        try:
            return self.speaker.relevance(text)
        except NotCarried:
            return "1"

    def survey(self) -> None:
        base = _theirs(self.languages[0])
        more = " ".join(_theirs(code) for code in self.languages[1:])
        self.add("surveys", {"sid": "1", "language": base, "additional_languages": more, "format": "G"})
        for language in self.languages:
            row = {
                "surveyls_survey_id": "1",
                "surveyls_language": _theirs(language),
                "surveyls_title": _exactly(self.tree.title, language),
                "surveyls_welcometext": _html(_exactly(self.tree.intro, language)),
                "surveyls_endtext": _html(_exactly(self.tree.thanks, language)),
            }
            self.add("surveys_languagesettings", row)

    def question(self, question: Question, gid: str, place: int) -> str:
        qid, letter = self.new(), _letter(question)
        row = {
            "qid": qid,
            "parent_qid": "0",
            "sid": "1",
            "gid": gid,
            "type": letter,
            "title": question.code,
            "other": "Y" if any(option.free for option in question.options) and letter in "L!M" else "N",
            "mandatory": "Y" if question.required else "N",
            "question_order": str(place),
            "relevance": self.relevance(question.visible_if),
        }
        self.add("questions", row)
        self.texts("question_l10ns", {"qid": qid}, {"question": question.title, "help": question.help})
        self.parts(question, letter, qid, gid)
        for name, value in _attributes(question, letter, self.speaker):
            self.attribute(qid, name, value)
        return qid

    def parts(self, question: Question, letter: str, qid: str, gid: str) -> None:
        """Answers and subquestions."""
        options = [option for option in _options(question) if not (option.free and letter in "L!M")]
        if letter in "L!FR":
            for number, option in enumerate(options):
                aid = self.new()
                row = {"aid": aid, "qid": qid, "code": option.code, "sortorder": str(number), "scale_id": "0"}
                self.add("answers", row)
                self.texts("answer_l10ns", {"aid": aid}, {"answer": option.title})
        first = (
            [(o.code, o.title) for o in options]
            if letter == "M"
            else [(r.code, r.title) for r in question.rows]
        )
        second = [(column.code, column.title) for column in question.columns]
        if letter in "KQ" and question.columns:
            first, second = second, []
        for scale, parts in enumerate((first, second)):
            for number, (code, title) in enumerate(parts, 1):
                sub = self.new()
                row = {"qid": sub, "parent_qid": qid, "sid": "1", "gid": gid, "type": "T", "title": code}
                row |= {"question_order": str(number), "scale_id": str(scale), "relevance": "1"}
                self.add("subquestions", row)
                self.texts("question_l10ns", {"qid": sub}, {"question": title})

    def xml(self) -> bytes:
        parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<document>"]
        parts.append(f"<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>{VERSION}</DBVersion>")
        languages = "".join(f"<language>{_theirs(code)}</language>" for code in self.languages)
        parts.append(f"<languages>{languages}</languages>")
        for table, rows in self.tables.items():
            names = list(dict.fromkeys(name for row in rows for name in row))
            fields = "".join(f"<fieldname>{name}</fieldname>" for name in names)
            parts.append(f"<{table}><fields>{fields}</fields><rows>")
            for row in rows:
                cells = "".join(f"<{name}>{escape(_clean(value))}</{name}>" for name, value in row.items())
                parts.append(f"<row>{cells}</row>")
            parts.append(f"</rows></{table}>")
        return "\n".join([*parts, "</document>", ""]).encode()


def _letter(question: Question) -> str:
    """The letter of a question."""
    kind, config = question.type, question.config
    if kind == "single" and question.comment:
        return "O"
    if kind == "rating" and not question.options and (config.get("low", 1), config.get("high", 5)) == (1, 5):
        return "5"
    if kind == "matrix":
        ends = config.get("low", 1), config.get("high", 5)
        return {(1, 5): "A", (1, 10): "B"}.get(ends, "F") if not question.options else "F"
    if kind == "fields":
        return "K" if all(column.type == "number" for column in question.columns) else "Q"
    if kind == "table":
        return ":" if all(column.type == "number" for column in question.columns) else ";"
    return TYPES.get(kind, "S")


def _options(question: Question) -> tuple[Option, ...]:
    """The choices of a question; those of a scale are its steps."""
    from manyi.surveys.question_types import TYPES as KINDS

    if question.type in {"rating", "nps", "effort", "matrix"}:
        codes = KINDS.get(question.type).columns(question)[0].codes
        return tuple(Option(code, title) for code, title in codes)
    return question.options


def _attributes(question: Question, letter: str, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """What LimeSurvey says beside the question."""
    config = question.config
    if question.order == "random":
        yield "random_order", "1"
    for letters, name, theirs in _LIMITS:
        if letter in letters and config.get(name) is not None:
            yield theirs, str(config[name])
    exclusive = [option.code for option in question.options if option.exclusive]
    if exclusive and letter == "M":
        yield "exclude_all_others", ";".join(exclusive)
    if letter == "N" and not config.get("decimals"):
        yield "num_value_int_only", "1"
    if question.type == "sum":
        yield "equals_num_value", f"{config.get('total', 100):g}"
    if letter == "*":
        yield from _equation(str(config.get("expression", "")), speaker)


def _equation(text: str, speaker: Speaker) -> Iterator[tuple[str, str]]:
    try:
        yield "equation", speaker.relevance(text)
    except NotCarried:
        return


def _exactly(text: Text, language: str) -> str:
    """The words in one language, none of another."""
    return {"zh": text.zh, "en": text.en, **dict(text.more)}.get(language, "")


def _theirs(language: str) -> str:
    return "zh-Hans" if language == "zh" else language


def _html(text: str) -> str:
    """Plain words as LimeSurvey shows them."""
    return escape(text).replace("\n", "<br />\n")


def _clean(text: str) -> str:
    """A text without characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
