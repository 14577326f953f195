"""Building a questionnaire: each edit takes the tree and gives a new one. The editor's page calls them.

A place is the code of a section or of a question, or ``question.column`` for a question inside another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from manyi.surveys.codecs.toml import read
from manyi.surveys.definition import Option, Question, Questionnaire, Row, Section, Text, question_from_dict
from manyi.surveys.question_types import TYPES

Node = TypeVar("Node", Section, Question)
Coded = TypeVar("Coded", Section, Question, Option, Row)


def node_at(tree: Questionnaire, at: str) -> Section | Question | None:
    """What stands at a place; None when nothing does."""
    code, _, column = at.partition(".")
    question = tree.questions.get(code)
    if column:
        return next((each for each in question.columns if each.code == column), None) if question else None
    return question or tree.section(at)


def section_at(tree: Questionnaire, at: str) -> Section | None:
    """The section in which a place lies, or which it is; the last one for no place at all."""
    code = at.partition(".")[0]
    if code in tree.section_of:
        return tree.section_of[code]
    return tree.section(code) or (tree.sections[-1] if tree.sections and not at else None)


def add_section(tree: Questionnaire, at: str = "") -> Questionnaire:
    """A new empty section after the one at a place, else at the end."""
    section = Section(free_code("s", {each.code for each in tree.sections}), Text("新的部分", "New part"))
    here = section_at(tree, at)
    return replace(tree, sections=_inserted(tree.sections, section, after=here.code if here else ""))


def add_question(tree: Questionnaire, at: str, kind: str) -> Questionnaire:
    """A new question of a type: after the question at the place, or at the end of the section there."""
    return insert_question(tree, at, new_question(free_code("q", tree.questions), kind))


def insert_question(tree: Questionnaire, at: str, question: Question) -> Questionnaire:
    """A question put after the one at a place, or at the end of the section there."""
    section = section_at(tree, at)
    if section is None:
        return tree
    after = at.partition(".")[0] if at.partition(".")[0] in tree.questions else ""
    questions = _inserted(section.questions, question, after=after)
    return with_section(tree, section.code, lambda each: replace(each, questions=questions))


def new_question(code: str, kind: str) -> Question:
    """A question of a type with the parts that it cannot do without; its scale as in the type's example."""
    plugin = TYPES.get(kind)
    example = question_from_dict(read(plugin.example))
    choices = (Option("a", Text("选项一", "Option one")), Option("b", Text("选项二", "Option two")))
    return Question(
        code,
        kind,
        Text("新的题目", "New question"),
        options=choices if plugin.least_options else example.options,
        rows=(Row("r1", Text("项目一", "Item one")),) if plugin.uses_rows else (),
        columns=example.columns,
    )


def add_column(tree: Questionnaire, at: str, kind: str) -> Questionnaire:
    """A new column at the end of a table, or a new field at the end of a group."""
    question = tree.questions[at]
    code = free_code("c", {each.code for each in question.columns})
    made = replace(new_question(code, kind), title=Text("新的一列", "New column"))
    return with_node(tree, at, replace(question, columns=(*question.columns, made)))


def free_code(letter: str, taken: Iterable[str]) -> str:
    """The first of q1, q2, … that nothing is called."""
    known = set(taken)
    return next(code for n in range(1, len(known) + 2) if (code := f"{letter}{n}") not in known)


def remove(tree: Questionnaire, at: str) -> Questionnaire:
    """The tree without a section, a question or a column."""
    code, _, column = at.partition(".")
    if column:
        question = tree.questions[code]
        left = tuple(each for each in question.columns if each.code != column)
        return with_node(tree, code, replace(question, columns=left))
    sections = tuple(
        replace(section, questions=tuple(q for q in section.questions if q.code != code))
        for section in tree.sections
        if section.code != code
    )
    return replace(tree, sections=sections)


def copied(tree: Questionnaire, at: str) -> tuple[Questionnaire, str]:
    """The tree with a copy of a section or question right after it, and the place of the copy."""
    node = node_at(tree, at)
    if isinstance(node, Section):
        taken = set(tree.questions)
        questions = tuple(_recoded(question, taken) for question in node.questions)
        code = free_code("s", {each.code for each in tree.sections})
        made = replace(node, code=code, questions=questions)
        return replace(tree, sections=_inserted(tree.sections, made, after=at)), code
    if node is None or "." in at:
        return tree, at
    twin = _recoded(node, set(tree.questions))
    return insert_question(tree, at, twin), twin.code


def _recoded(question: Question, taken: set[str]) -> Question:
    code = free_code("q", taken)
    taken.add(code)
    return replace(question, code=code, role="")


def move(tree: Questionnaire, at: str, step: int) -> Questionnaire:
    """A section, question or column one place up (-1) or down (+1), a question into the next section too."""
    code, _, column = at.partition(".")
    if column:
        question = tree.questions[code]
        return with_node(tree, code, replace(question, columns=shifted(question.columns, column, step)))
    if tree.section(code) is not None:
        return replace(tree, sections=shifted(tree.sections, code, step))
    section = tree.section_of[code]
    place = [question.code for question in section.questions].index(code) + step
    if 0 <= place < len(section.questions):
        moved = shifted(section.questions, code, step)
        return with_section(tree, section.code, lambda each: replace(each, questions=moved))
    codes = [each.code for each in tree.sections]
    goal = codes.index(section.code) + step
    if not 0 <= goal < len(codes):
        return tree
    others = tree.sections[goal].questions
    return place_at(tree, code, codes[goal], others[0].code if step > 0 and others else "")


def place_at(tree: Questionnaire, at: str, goal: str, before: str = "") -> Questionnaire:
    """A question put into a section before another one, or a section before another; else at the end."""
    if at in {goal, before}:
        return tree
    if (moved := tree.section(at)) is not None:
        others = tuple(each for each in tree.sections if each.code != at)
        return replace(tree, sections=_inserted(others, moved, before=goal))
    question, without = tree.questions[at], remove(tree, at)
    target = without.section(goal)
    if target is None:
        return tree
    questions = _inserted(target.questions, question, before=before)
    return with_section(without, goal, lambda each: replace(each, questions=questions))


def shifted(nodes: tuple[Coded, ...], code: str, step: int) -> tuple[Coded, ...]:
    """The nodes with one of them some places further up or down."""
    ordered = list(nodes)
    place = [node.code for node in ordered].index(code)
    goal = min(max(place + step, 0), len(ordered) - 1)
    ordered.insert(goal, ordered.pop(place))
    return tuple(ordered)


def _inserted(nodes: tuple[Node, ...], node: Node, *, after: str = "", before: str = "") -> tuple[Node, ...]:
    codes = [each.code for each in nodes]
    place = codes.index(after) + 1 if after in codes else len(codes)
    place = codes.index(before) if before in codes else place
    ordered = list(nodes)
    ordered.insert(place, node)
    return tuple(ordered)


def with_section(tree: Questionnaire, code: str, change: Callable[[Section], Section]) -> Questionnaire:
    """The tree with one section changed."""
    sections = tuple(change(each) if each.code == code else each for each in tree.sections)
    return replace(tree, sections=sections)


def with_node(tree: Questionnaire, at: str, new: Question) -> Questionnaire:
    """The tree with another question at a place."""
    code, _, column = at.partition(".")
    if column:
        owner = tree.questions[code]
        columns = tuple(new if each.code == column else each for each in owner.columns)
        return with_node(tree, code, replace(owner, columns=columns))
    return with_section(
        tree,
        tree.section_of[code].code,
        lambda each: replace(each, questions=tuple(new if q.code == code else q for q in each.questions)),
    )
