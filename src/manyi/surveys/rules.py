"""What must hold before a draft is kept and before a version is published. Every fault has its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT, TOTAL
from manyi.measures.expressions import (
    Array,
    Binary,
    CycleError,
    ExpressionError,
    Literal,
    Node,
    Reference,
    parse,
)
from manyi.measures.expressions.tree import walk
from manyi.measures.scoring import Scheme
from manyi.surveys.conditions import Place, order_of, places
from manyi.surveys.configuration import config_problems
from manyi.surveys.question_types import TYPES, columns_of
from manyi.surveys.tree import Question, Questionnaire, Text

Fault = tuple[str, Label]


def draft_problems(questionnaire: Questionnaire) -> list[Fault]:
    """What makes a draft unusable even for its editor: double codes, unknown types, wrong configuration."""
    sections = [section.code for section in questionnaire.sections]
    questions = [question.code for section in questionnaire.sections for question in section.questions]
    faults = [*_doubles(sections), *_doubles(questions)]
    faults += _doubles([quota.code for quota in questionnaire.quotas], "quotas")
    for question in questionnaire.questions.values():
        faults += _draft_question(question)
    for place in places(questionnaire):
        faults += _expression_faults(place)
    return faults


def _draft_question(question: Question) -> Iterator[Fault]:
    yield from _doubles([option.code for option in question.options], f"{question.code}.options")
    yield from _doubles([row.code for row in question.rows], f"{question.code}.rows")
    yield from _doubles([column.code for column in question.columns], f"{question.code}.columns")
    if question.type not in TYPES:
        known = ", ".join(TYPES.ids())
        what = Label(
            f"没有题型“{question.type}”,可用:{known}。", f"No type “{question.type}”; known: {known}."
        )
        yield f"{question.code}.type", what
        return
    for name, wrong in config_problems(TYPES.get(question.type).config, question.config):
        yield f"{question.code}.config.{name}", wrong
    for column in question.columns:
        yield from _draft_question(replace(column, code=f"{question.code}.columns.{column.code}"))


def _doubles(codes: list[str], path: str = "") -> Iterator[Fault]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield (
                path or code,
                Label(f"代码“{code}”重复,请改成不同的代码。", f"The code “{code}” is used twice."),
            )


def _expression_faults(place: Place) -> Iterator[Fault]:
    try:
        parse(place.expression)
    except ExpressionError as error:
        yield place.path, error.message


def publish_problems(questionnaire: Questionnaire) -> list[Fault]:
    """Everything that stands against publishing; empty when the version may be frozen."""
    faults = draft_problems(questionnaire)
    if faults:
        return faults
    if not questionnaire.questions:
        faults.append(("sections", Label("问卷里还没有题目。", "There is no question yet.")))
    faults += _texts("title", questionnaire.title)
    faults += _half_texts("intro", questionnaire.intro)
    faults += _half_texts("thanks", questionnaire.thanks)
    for section in questionnaire.sections:
        faults += _half_texts(f"{section.code}.title", section.title)
        faults += _half_texts(f"{section.code}.help", section.help)
        if not section.questions:
            faults.append((section.code, Label("本节没有题目。", "This section has no questions.")))
        for question in section.questions:
            faults += _publish_question(question)
    return [*faults, *_roles(questionnaire), *_conditions(questionnaire)]


def _publish_question(question: Question) -> Iterator[Fault]:
    kind, here = TYPES.get(question.type), question.code
    yield from _texts(f"{here}.title", question.title)
    yield from _half_texts(f"{here}.help", question.help)
    for option in question.options:
        yield from _texts(f"{here}.options.{option.code}", option.title)
    for row in question.rows:
        yield from _texts(f"{here}.rows.{row.code}", row.title)
    for column in question.columns:
        yield from _texts(f"{here}.columns.{column.code}", column.title)
        yield from ((f"{here}.columns.{column.code}.{place}", what) for place, what in _structure(column))
    yield from ((f"{here}.{place}", what) for place, what in _structure(question))
    yield from ((f"{here}.{place}", what) for place, what in kind.faults(question))


def _structure(question: Question) -> Iterator[Fault]:
    """Rows, options and columns where the type has none, or too few where it needs them."""
    kind = TYPES.get(question.type)
    if kind.uses_rows and not question.rows:
        yield "rows", Label("至少要有一行。", "At least one row is needed.")
    if question.rows and not kind.uses_rows:
        yield "rows", Label("此题型没有行。", "This type has no rows.")
    if question.options and not kind.uses_options:
        yield "options", Label("此题型没有选项。", "This type has no options.")
    if question.columns and not kind.uses_columns:
        yield "columns", Label("此题型没有列。", "This type has no columns.")
    if len(question.options) < kind.least_options:
        least = kind.least_options
        yield "options", Label(f"至少要有 {least} 个选项。", f"At least {least} options are needed.")


def _texts(path: str, text: Text) -> Iterator[Fault]:
    if not text.zh:
        yield path, Label("缺少中文文字。", "The Chinese text is missing.")
    if not text.en:
        yield path, Label("缺少英文文字。", "The English text is missing.")


def _half_texts(path: str, text: Text) -> Iterator[Fault]:
    """A text that may be left out, but not in one language only."""
    if text:
        yield from _texts(path, text)


def _roles(questionnaire: Questionnaire) -> Iterator[Fault]:
    roles = Counter(question.role for question in questionnaire.questions.values() if question.role)
    for question in questionnaire.questions.values():
        if question.role and question.role != "reason" and roles[question.role] > 1:
            yield (
                f"{question.code}.role",
                Label("这个角色只能有一道题。", "Only one question can have this role."),
            )
        if question.role == "nps" and question.type != "nps":
            yield (
                f"{question.code}.role",
                Label("NPS 角色只用于推荐意愿题。", "Role nps belongs to type nps."),
            )


def _conditions(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Unknown references, circles, and conditions that can never be fulfilled."""
    order = {code: number for number, code in enumerate(questionnaire.questions)}
    firsts = {s.code: min((order[q.code] for q in s.questions), default=0) for s in questionnaire.sections}
    for place in places(questionnaire):
        owner = place.path.partition(".")[0]
        latest = order.get(place.question, firsts.get(owner, 0)) if place.early else len(order)
        yield from _condition(questionnaire, place, latest, order)
    try:
        order_of(questionnaire)
    except CycleError as error:
        yield f"{error.cycle[0]}.visible_if", error.message


def _condition(
    questionnaire: Questionnaire, place: Place, latest: int, order: dict[str, int]
) -> Iterator[Fault]:
    for node in walk(parse(place.expression)):
        if isinstance(node, Reference):
            if not _known(questionnaire, node.path):
                words = (
                    f"条件引用了不存在的题目“{node.path}”。",
                    f"The condition asks for unknown “{node.path}”.",
                )
                yield place.path, Label(*words)
            elif order[node.code] > latest:
                words = (
                    f"条件引用了后面的题目“{node.path}”,此题将无法显示。",
                    f"The condition asks for the later question “{node.path}”; this one is never reached.",
                )
                yield place.path, Label(*words)
        for strange in _impossible(questionnaire, node):
            words = (
                f"选项“{strange}”不存在,条件永远不成立。",
                f"There is no option “{strange}”: never fulfilled.",
            )
            yield place.path, Label(*words)


def _known(questionnaire: Questionnaire, path: str) -> bool:
    """Whether a reference names a question, its words, a row, a cell, a field or a total."""
    head, *steps = path.split(".")
    code = Reference(path).code
    question = questionnaire.questions.get(code)
    if question is None:
        return False
    rows, columns = ({part.code for part in parts} for parts in (question.rows, question.columns))
    if head == code + COMMENT:
        return question.takes_comment and not steps
    if head == code + TOTAL:
        return len(steps) == 1 and steps[0] in columns
    if not rows:
        return len(steps) < 2 and set(steps) <= columns
    return len(steps) < 3 and set(steps[:1]) <= rows and set(steps[1:]) <= columns


def _impossible(questionnaire: Questionnaire, node: Node) -> list[str]:
    """The codes in a comparison with a coded question that the question does not offer."""
    if not isinstance(node, Binary) or node.operator not in {"=", "anyof", "allof", "contains"}:
        return []
    if not isinstance(node.left, Reference) or node.left.code not in questionnaire.questions:
        return []
    question = questionnaire.questions[node.left.code]
    columns = TYPES.get(question.type).columns(question)
    offered = {code for column in columns for code, _ in column.codes} | {
        c.option for c in columns if c.option
    }
    return [value for value in _literals(node.right) if value not in offered] if offered else []


def _literals(node: Node) -> list[str]:
    items = node.items if isinstance(node, Array) else (node,)
    return [str(item.value) for item in items if isinstance(item, Literal)]


def scheme_problems(scheme: Scheme, questionnaire: Questionnaire) -> list[Fault]:
    """Items, codes and questions of a scheme that its questionnaire does not have."""
    columns = {column.name: column for column in columns_of(questionnaire) if column.kind == "code"}
    faults: list[Fault] = []
    for number, item in enumerate(scheme.items):
        here = f"items[{number}]"
        for name, question in (("question", item.question), ("expectation", item.expectation)):
            if question and question not in columns:
                words = (
                    f"问卷中没有可计分的题目“{question}”。",
                    f"There is no scorable question “{question}”.",
                )
                faults.append((f"{here}.{name}", Label(*words)))
        if item.question in columns:
            offered = {code for code, _ in columns[item.question].codes}
            for code in sorted(item.points.keys() - offered):
                words = f"“{item.question}”没有选项“{code}”。", f"“{item.question}” has no option “{code}”."
                faults.append((f"{here}.points.{code}", Label(*words)))
    asked = scheme.case_trigger.nps_question
    if asked and asked not in columns:
        words = f"问卷中没有题目“{asked}”。", f"There is no question “{asked}”."
        faults.append(("case_trigger.nps_question", Label(*words)))
    return faults
