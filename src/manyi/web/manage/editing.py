"""Edits of a questionnaire's tree: each takes the tree and gives a new one. The editor's page calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.definition import Option, Question, Questionnaire, Row, Section, Text

Node = TypeVar("Node", Section, Question)


def add_section(tree: Questionnaire) -> Questionnaire:
    """A new empty section at the end."""
    code = _free("s", {section.code for section in tree.sections})
    return replace(tree, sections=(*tree.sections, Section(code, Text("新的部分", "New part"))))


def add_question(tree: Questionnaire, section: str, kind: str) -> Questionnaire:
    """A new question of a type at the end of a section."""
    code = _free("q", set(tree.questions))
    scale = {"single", "multiple"}
    options = (
        (Option("a", Text("选项一", "Option one")), Option("b", Text("选项二", "Option two")))
        if kind in scale
        else ()
    )
    rows = (Row("r1", Text("项目一", "Item one")),) if kind == "matrix" else ()
    made = Question(code, kind, Text("新的题目", "New question"), options=options, rows=rows)
    return _with(tree, section, lambda each: replace(each, questions=(*each.questions, made)))


def _free(letter: str, taken: set[str]) -> str:
    return next(code for n in range(1, len(taken) + 2) if (code := f"{letter}{n}") not in taken)


def remove(tree: Questionnaire, code: str) -> Questionnaire:
    """The tree without a section or a question."""
    sections = tuple(
        replace(section, questions=tuple(q for q in section.questions if q.code != code))
        for section in tree.sections
        if section.code != code
    )
    return replace(tree, sections=sections)


def move(tree: Questionnaire, code: str, step: int) -> Questionnaire:
    """A section or question one place up (-1) or down (+1); at the edge to the next section."""
    if tree.section(code) is not None:
        return replace(tree, sections=_moved(tree.sections, code, step))
    section = tree.section_of[code]
    place = [question.code for question in section.questions].index(code) + step
    if 0 <= place < len(section.questions):
        moved = _moved(section.questions, code, step)
        return _with(tree, section.code, lambda each: replace(each, questions=moved))
    return _to_neighbour(tree, section, tree.questions[code], step)


def _to_neighbour(tree: Questionnaire, section: Section, question: Question, step: int) -> Questionnaire:
    codes = [each.code for each in tree.sections]
    goal = codes.index(section.code) + step
    if not 0 <= goal < len(codes):
        return tree
    without = remove(tree, question.code)
    if step > 0:
        return _with(without, codes[goal], lambda each: replace(each, questions=(question, *each.questions)))
    return _with(without, codes[goal], lambda each: replace(each, questions=(*each.questions, question)))


def _moved(nodes: tuple[Node, ...], code: str, step: int) -> tuple[Node, ...]:
    ordered = list(nodes)
    place = [node.code for node in ordered].index(code)
    goal = min(max(place + step, 0), len(ordered) - 1)
    ordered.insert(goal, ordered.pop(place))
    return tuple(ordered)


def _with(tree: Questionnaire, code: str, change: Any) -> Questionnaire:
    sections = tuple(change(each) if each.code == code else each for each in tree.sections)
    return replace(tree, sections=sections)


def change_head(tree: Questionnaire, given: Mapping[str, str]) -> Questionnaire:
    """The titles, introduction and thanks of the whole questionnaire from a form."""
    title, intro, thanks = (text_from(given, name) for name in ("title", "intro", "thanks"))
    return replace(tree, title=title, intro=intro, thanks=thanks)


def change_section(tree: Questionnaire, code: str, given: Mapping[str, str]) -> Questionnaire:
    """A section's title and condition from a form."""
    title, condition = text_from(given, "title"), given.get("visible_if", "").strip()
    return _with(tree, code, lambda each: replace(each, title=title, visible_if=condition))


def change_question(tree: Questionnaire, code: str, given: Mapping[str, str]) -> Questionnaire:
    """A question's texts, rules, options, rows and configuration from a form.

    Options and rows are lines ``code | Chinese | English``; ``!`` before a code makes an option exclusive.
    """
    old = tree.questions[code]
    new = replace(
        old,
        code=given.get("code", code).strip() or code,
        title=text_from(given, "title"),
        help=text_from(given, "help"),
        required=given.get("required") == "yes",
        visible_if=given.get("visible_if", "").strip(),
        role=given.get("role", ""),
        options=options_from(given["options"]) if "options" in given else old.options,
        rows=rows_from(given["rows"]) if "rows" in given else old.rows,
        config=config_from(given, old.config),
    )
    section = tree.section_of[code]
    return _with(
        tree,
        section.code,
        lambda each: replace(each, questions=tuple(new if q.code == code else q for q in each.questions)),
    )


def text_from(given: Mapping[str, str], name: str) -> Text:
    """A text of a form in both languages."""
    return Text(given.get(name, "").strip(), given.get(f"{name}_en", "").strip())


def options_from(lines: str) -> tuple[Option, ...]:
    """Options from pasted lines; a line without a code gets the next free letter."""
    return tuple(
        Option(code.removeprefix("!").strip(), text, exclusive=code.startswith("!"))
        for code, text in _lines(lines, "o")
    )


def rows_from(lines: str) -> tuple[Row, ...]:
    """Rows of a matrix from pasted lines."""
    return tuple(Row(code, text) for code, text in _lines(lines, "r"))


def _lines(lines: str, letter: str) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        parts = [part.strip() for part in line.replace("\t", "|").split("|")]
        if len(parts) == 1:
            parts = [_free(letter, {code for code, _ in found}), parts[0]]
        found.append((parts[0], Text(parts[1], parts[2] if len(parts) > 2 else "")))
    return found


def lines_of(nodes: tuple[Option, ...] | tuple[Row, ...]) -> str:
    """Options or rows as the lines that a person edits."""
    return "\n".join(
        f"{'!' if getattr(node, 'exclusive', False) else ''}{node.code} | {node.title.zh} | {node.title.en}"
        for node in nodes
    )


def config_from(given: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration fields of a form (``config.low``), each in the type that its text shows."""
    config = {name: kept for name, kept in old.items() if f"config.{name}" not in given}
    for field, text in given.items():
        name = field.removeprefix("config.")
        if field == name or not text.strip():
            continue
        config[name] = _typed(text.strip(), name)
    return config


def _typed(text: str, name: str) -> Any:
    if name in {"unit", "first", "last"}:
        return text
    if text in {"yes", "no"}:
        return text == "yes"
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError as error:
        raise Refused(Label("请填写数字。", "Please give a number."), field=f"config.{name}") from error
