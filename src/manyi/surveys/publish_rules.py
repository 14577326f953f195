"""What stands against publishing a version: texts, parts, roles, conditions and piped answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from manyi.kernel.labels import Label
from manyi.measures.answers import COMMENT, TOTAL
from manyi.measures.expressions import Array, Binary, CycleError, Literal, Node, Reference, parse
from manyi.measures.expressions.tree import walk
from manyi.surveys.conditions import Place, order_of, places
from manyi.surveys.draft_rules import draft_problems
from manyi.surveys.language_names import in_words
from manyi.surveys.piped_texts import piped_too_early
from manyi.surveys.question_types import TYPES, Fault
from manyi.surveys.reachability import never_shown
from manyi.surveys.tree import Question, Questionnaire
from manyi.surveys.wordings import untranslated


def publish_problems(questionnaire: Questionnaire) -> list[Fault]:
    """Everything that stands against publishing; empty when the version may be frozen."""
    faults = draft_problems(questionnaire)
    if faults:
        return faults
    if not questionnaire.questions:
        faults.append(("sections", Label("问卷里还没有题目。", "There is no question yet.")))
    faults += _texts(questionnaire)
    for section in questionnaire.sections:
        if not section.questions:
            faults.append((section.code, Label("本节没有题目。", "This section has no questions.")))
        for question in section.questions:
            faults += _publish_question(question)
    faults += [*_roles(questionnaire), *_conditions(questionnaire)]
    return faults or [*never_shown(questionnaire), *piped_too_early(questionnaire)]


def _publish_question(question: Question) -> Iterator[Fault]:
    kind, here = TYPES.get(question.type), question.code
    for column in question.columns:
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


def _texts(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Texts that are missing in a language of the questionnaire; its title decides which those are."""
    if not questionnaire.title:
        yield "title", Label("问卷还没有标题。", "The questionnaire has no title yet.")
    for path, language in untranslated(questionnaire):
        name = in_words(language)
        yield path, Label(f"缺少{name.zh}文字。", f"The {name.en} text is missing.")


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
