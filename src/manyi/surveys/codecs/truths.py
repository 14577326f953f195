"""Questions whose answer is a truth value elsewhere and ``yes`` or ``no`` with us, inside expressions."""

from __future__ import annotations

from collections.abc import Set

from manyi.measures.expressions import Array, Binary, Call, Literal, Node, Reference, Unary

_YES = Literal("yes")


def with_truths(node: Node, truths: Set[str], *, asked: bool = True) -> Node:
    """The tree in which a bare reference to such a question asks whether the answer is yes.

    ``asked``: whether the node stands where a truth is wanted (the whole, under ``and``, ``or``, ``not``).
    """
    match node:
        case Reference(path) if asked and path in truths:
            return Binary("=", node, _YES)
        case Binary(operator, left, right):
            inner = operator in {"and", "or"}
            return Binary(
                operator, with_truths(left, truths, asked=inner), with_truths(right, truths, asked=inner)
            )
        case Unary(operator, operand):
            return Unary(operator, with_truths(operand, truths, asked=operator == "not"))
        case Call("iif", (condition, *rest)):
            others = (with_truths(each, truths, asked=False) for each in rest)
            return Call("iif", (with_truths(condition, truths), *others))
        case Call(name, arguments):
            return Call(name, tuple(with_truths(each, truths, asked=False) for each in arguments))
        case Array(items):
            return Array(tuple(with_truths(each, truths, asked=False) for each in items))
    return node
