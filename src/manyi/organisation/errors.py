"""What a person did that cannot be done, said in their language."""

from __future__ import annotations

from manyi.kernel.labels import Label


class Refused(Exception):
    """An act that is not possible now: what happened and what to do. Base of every room's own errors."""

    def __init__(self, message: Label, *, field: str = "") -> None:
        super().__init__(message.en)
        self.message = message
        self.field = field


class NotPermitted(Refused):
    """The person's roles do not allow this act here."""

    def __init__(self, verb: str) -> None:
        super().__init__(
            Label(
                "您的角色在这个部门没有这项权限,请联系系统管理员。",
                "Your role does not permit this here; please ask the system administrator.",
            )
        )
        self.verb = verb


class Invalid(Refused):
    """Several things wrong with one input, each with the place where it stands."""

    def __init__(self, problems: list[tuple[str, Label]]) -> None:
        first = problems[0][1] if problems else Label("输入有误。", "The input is not valid.")
        super().__init__(first, field=problems[0][0] if problems else "")
        self.problems = problems
