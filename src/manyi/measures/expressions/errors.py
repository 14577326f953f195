"""What can be wrong with an expression, said in words."""

from __future__ import annotations

from manyi.kernel.labels import Label


class ExpressionError(ValueError):
    """A text that is no expression: ``position`` is the 0-based character, ``message`` what to tell."""

    def __init__(self, position: int, what: Label) -> None:
        self.position = position
        self.message = Label(
            f"第 {position + 1} 个字符处:{what.zh}", f"At character {position + 1}: {what.en}"
        )
        super().__init__(self.message.en)


class CycleError(ValueError):
    """Expressions that wait for each other: ``cycle`` names the codes, first and last the same."""

    def __init__(self, cycle: tuple[str, ...]) -> None:
        chain = " → ".join(cycle)
        self.cycle = cycle
        self.message = Label(
            f"这些题目的条件互相引用,无法判断先后:{chain}。请去掉其中一处引用。",
            f"The conditions of these questions refer to each other in a circle: {chain}. "
            "Remove one of the references.",
        )
        super().__init__(self.message.en)
