"""The expression language: what it reads, what it answers, what it refuses and how it is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.measures.expressions import (
    Array,
    Binary,
    Call,
    CycleError,
    ExpressionError,
    Literal,
    Node,
    Reference,
    Unary,
    dependency_order,
    evaluate,
    holds,
    parse,
    references,
    to_sentence,
    to_text,
)
from manyi.measures.expressions.functions import FUNCTIONS
from manyi.measures.expressions.tree import OPERATORS

TODAY = date(2026, 3, 9)
ANSWERS: dict[str, Any] = {
    "overall": "5",
    "nps": 6,
    "why": "Waiting Time 太久",
    "faults": ["a", "c"],
    "m": {"price": 2, "speed": "4"},
    "m2.price": 3,
    "born": "1990-03-10",
    "bought": date(2025, 12, 31),
    "agree": True,
    "blank": "  ",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{nps} <= 6 and {faults} anyof ['a', 'b']", True),
        ("{nps} < 6 or {overall} = 5", True),
        ("{overall} == '5' && {overall} != 4", True),
        ("{overall} <> 5", False),
        ("{m.price} + {m.speed} * 2", 10),
        ("({m.price} + {m.speed}) * 2", 12),
        ("{m2.price} = 3", True),
        ("10 - 3 - 2", 5),
        ("7 % 4 / 2", 1.5),
        ("-7 % 4", -3),
        ("0.1 + 0.2 = 0.3", True),
        ("2 / 0", None),
        ("-{nps} + 1", -5),
        ("{faults} contains 'c'", True),
        ("{faults} contains ['a', 'c']", True),
        ("{faults} notcontains 'b'", True),
        ("{why} contains 'waiting'", True),
        ("{faults} allof ['a', 'c']", True),
        ("{faults} allof ['a', 'b']", False),
        ("{faults} noneof ['b', 'd']", True),
        ("{overall} anyof [4, 5]", True),
        ("{faults} = ['c', 'a']", True),
        ("{faults} = ['a', 'b', 'c']", False),
        ("{faults} <> ['a']", True),
        ("{agree} = true", True),
        ("{agree}", True),
        ("not {nps} > 6 and !{agree} = false", True),
        ("!({nps} > 6)", True),
        ("{bought} < '2026-01-01'", True),
        ("{bought} <= today()", True),
        ("iif({nps} >= 9, 'promoter', iif({nps} >= 7, 'passive', 'detractor'))", "detractor"),
        ("sum({m}, 1)", 7),
        ("avg({m.price}, {m.speed}, {unasked})", 3),
        ("min({m}) + max({m})", 6),
        ("count({faults}, {unasked}, {nps})", 3),
        ("age({born})", 35),
        ("today(-9)", "2026-02-28"),
        ("dateDiff('2026-01-31', '2026-02-28')", 28),
        ("dateDiff('2026-01-31', '2026-02-28', 'months')", 0),
        ("dateDiff({born}, today(), 'years')", 35),
        ("dateDiff('2026-02-28', '2026-01-31')", 28),
        ("round(2.5)", 3),
        ("round(-2.345, 2)", -2.34),
        ('"it\'s" + " so"', "it's so"),
        (r"'it\'s'", "it's"),
        ("{WHY} empty", True),
    ],
)
def test_an_expression_is_worth(text: str, value: object) -> None:
    assert evaluate(parse(text), ANSWERS, TODAY) == value


ABSENT = pytest.mark.parametrize("absent", ["{unasked}", "{blank}", "{m.colour}", "{nps.row}"])


@ABSENT
@pytest.mark.parametrize("operator", ["=", "<", "<=", ">", ">=", "contains", "anyof", "allof"])
def test_an_unanswered_question_equals_nothing_and_stands_in_no_order(operator: str, absent: str) -> None:
    assert evaluate(parse(f"{absent} {operator} 'a'"), ANSWERS, TODAY) is False
    assert evaluate(parse(f"not {absent} {operator} 'a'"), ANSWERS, TODAY) is True


@ABSENT
@pytest.mark.parametrize("operator", ["<>", "notcontains", "noneof"])
def test_an_unanswered_question_is_other_than_any_value(operator: str, absent: str) -> None:
    assert evaluate(parse(f"{absent} {operator} 'a'"), ANSWERS, TODAY) is True


def test_two_unanswered_questions_are_the_same() -> None:
    assert holds(parse("{unasked} = {blank} and {unasked} <= {blank}"), ANSWERS, TODAY)


def test_only_empty_asks_for_absence() -> None:
    assert holds(parse("{unasked} empty and {blank} empty and {nps} notempty"), ANSWERS, TODAY)
    assert not holds(parse("{unasked} notempty or {nps} empty"), ANSWERS, TODAY)
    assert holds(parse("{no} notempty"), {"no": False}, TODAY)


def test_an_unanswered_question_counts_as_nought_in_arithmetic() -> None:
    assert evaluate(parse("{unasked} + {nps} * 2 - {blank}"), ANSWERS, TODAY) == 12


@pytest.mark.parametrize(
    "text", ["{why} > 5", "{why} * 2 > 1", "{m} < 3", "age({why}) > 3", "round({why}) = 1"]
)
def test_answers_of_a_wrong_kind_are_in_no_order_and_raise_nothing(text: str) -> None:
    assert evaluate(parse(text), ANSWERS, TODAY) is False


@pytest.mark.parametrize(
    ("text", "position", "zh"),
    [
        ("", 0, "缺少一个值"),
        ("{q1} <=", 7, "缺少一个值"),
        ("{q1} {q2}", 5, "缺少运算符"),
        ("({q1} = 1", 9, "没有写完"),
        ("{q1} = 1)", 8, "缺少运算符"),
        ("[1, 2", 5, "没有写完"),
        ("{q1", 0, "花括号"),
        ("{q 1} = 2", 0, "不是题目代码"),
        ("{} = 2", 0, "不是题目代码"),
        ("{a.b.c.d} = 2", 0, "不是题目代码"),
        ("{q1} = 'abc", 7, "引号"),
        ("{q1} = yes", 7, "没有引号"),
        ("{q1} # 2", 5, "无法识别"),
        ("median({q1})", 0, "没有函数"),
        ("iif({q1})", 0, "需要 2–3 个参数"),
        ("sum()", 0, "参数"),
        ("{q1} and or {q2}", 9, "缺少一个值"),
        ("{q1} = 1234567890123456", 7, "数字过长"),
        ("(" * 60 + "1" + ")" * 60, 40, "嵌套太深"),
        ("!" * 60 + "1", 40, "嵌套太深"),
        ("1" + "+1" * 200, 301, "运算超过"),
        ("'" + "a" * 5000 + "'", 4000, "超过 4000"),
    ],
)
def test_a_text_that_is_no_expression_is_refused_with_its_place(text: str, position: int, zh: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.position == position
    assert zh in caught.value.message.zh
    assert caught.value.message.en.startswith(f"At character {position + 1}: ")


def test_the_deepest_expression_allowed_is_evaluated() -> None:
    assert evaluate(parse("1" + "+1" * 150), {}, TODAY) == 151
    assert evaluate(parse("(" * 38 + "1" + ")" * 38), {}, TODAY) == 1


CODES = st.from_regex(r"[a-z_题][a-z0-9_题-]{0,6}(\.[a-z0-9]{1,3})?", fullmatch=True)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Literal, st.booleans()),
    st.builds(Literal, st.integers(-(10**9), 10**9)),
    st.builds(Literal, st.integers(-9999, 9999).map(lambda number: number / 8)),
    st.builds(Literal, st.text(max_size=8)),
    st.builds(Reference, CODES),
)


def branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Every kind of inner node; a minus stands before anything but a number."""
    many = st.lists(inner, min_size=1, max_size=3).map(tuple)
    wide = [name for name, function in FUNCTIONS.items() if function.most > 3]
    signed = inner.filter(lambda node: not (isinstance(node, Literal) and type(node.value) in {int, float}))
    return st.one_of(
        st.builds(Binary, st.sampled_from(sorted(OPERATORS)), inner, inner),
        st.builds(Unary, st.sampled_from(["not", "empty", "notempty"]), inner),
        st.builds(Unary, st.just("-"), signed),
        st.builds(Array, many),
        st.builds(Call, st.sampled_from(wide), many),
    )


TREES = st.recursive(LEAVES, branches, max_leaves=12)


@given(TREES)
def test_the_normal_spelling_gives_the_same_tree_back(node: Node) -> None:
    assert parse(to_text(node)) == node


ANY_ANSWER = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.lists(st.text(max_size=2), max_size=3),
    st.dictionaries(st.text("abc", max_size=1), st.integers(), max_size=2),
)


@given(TREES, st.data())
def test_no_answer_makes_an_expression_fail(node: Node, data: st.DataObject) -> None:
    answers = {code: data.draw(ANY_ANSWER) for code in sorted(references(node))}
    assert holds(node, answers, TODAY) in {True, False}
    assert to_sentence(node, {}, "zh-hans")


def test_references_name_questions_not_rows() -> None:
    node = parse("{m.price} > 2 and iif({nps} empty, {m}, sum({总体满意度}, 1)) = [{q-1}]")
    assert references(node) == {"m", "nps", "总体满意度", "q-1"}


TITLES = {"overall": "总体满意度", "nps": "推荐意愿", "faults": "问题", "m": "各项评价", "m.price": "价格"}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("{nps} <= 6", "“推荐意愿”不大于6", "“推荐意愿” is at most 6"),
        (
            "{overall} < 3 and {faults} anyof ['a','b']",
            "“总体满意度”小于3,且“问题”至少选了其中之一:“a”、“b”",
            "“总体满意度” is less than 3 and “问题” has any of “a”, “b”",
        ),
        ("{m.price} notempty", "“价格”已填写", "“价格” is answered"),
        ("{m.speed} empty", "“各项评价 – speed”未填写", "“各项评价 – speed” is not answered"),
        (
            "({nps} > 8 or {overall} = 5) and not {x} = true",
            "(“推荐意愿”大于8,或“总体满意度”等于5),且并非(“x”等于是)",
            "(“推荐意愿” is more than 8 or “总体满意度” is 5) and not (“x” is yes)",
        ),
        ("age({born}) >= 18", "年龄(“born”)不小于18", "the age from (“born”) is at least 18"),
        ("10 - (3 - {nps}) = 1", "10减(3减“推荐意愿”)等于1", "10 minus (3 minus “推荐意愿”) is 1"),
        ("today() > '2026-01-01'", "今天大于“2026-01-01”", "today is more than “2026-01-01”"),
    ],
)
def test_an_expression_is_said_in_plain_words(text: str, zh: str, en: str) -> None:
    assert to_sentence(parse(text), TITLES, "zh-hans") == zh
    assert to_sentence(parse(text), TITLES, "en") == en


def test_values_are_said_in_the_words_of_their_choices() -> None:
    choices = {"faults": {"a": "漆面", "b": "异响"}}
    said = to_sentence(parse("{faults} anyof ['a', 'c'] or {nps} = 'a'"), TITLES, "zh-hans", choices)
    assert said == "“问题”至少选了其中之一:“漆面”、“c”,或“推荐意愿”等于“a”"


def test_expressions_come_after_what_they_need() -> None:
    order = dependency_order({"c": "{b} > 1", "a": parse("{x} = 1"), "b": "{a} notempty and {x} = 2"})
    assert order == ("a", "b", "c")


def test_a_circle_is_refused_and_named() -> None:
    with pytest.raises(CycleError) as caught:
        dependency_order({"a": "{b} = 1", "b": "{c} = 1", "c": "{a} = 1", "d": "{a} = 1"})
    cycle = caught.value.cycle
    assert cycle[0] == cycle[-1]
    assert set(cycle) == {"a", "b", "c"}
    assert all(f"{code}" in caught.value.message.zh for code in "abc")
    with pytest.raises(CycleError):
        dependency_order({"a": "{a} = 1"})
