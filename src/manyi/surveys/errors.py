"""What cannot be done in this room, in words."""

from __future__ import annotations

from manyi.kernel.labels import Label
from manyi.organisation.errors import Invalid, Refused


class Frozen(Refused):
    """A published version was to be changed."""

    def __init__(self) -> None:
        super().__init__(
            Label(
                "已发布的版本不能修改,请新建一个版本。",
                "A published version never changes; please make a new version.",
            )
        )


class ChangedElsewhere(Refused):
    """Somebody else saved the draft in between."""

    def __init__(self) -> None:
        super().__init__(
            Label(
                "其他人刚刚修改了这份草稿,请刷新页面后再改。",
                "Somebody else has just changed this draft; please reload the page.",
            )
        )


class CodeTaken(Refused):
    """A code that is already in use."""

    def __init__(self, code: str) -> None:
        words = f"编号“{code}”已被使用,请换一个。", f"The code “{code}” is taken; please choose another."
        super().__init__(Label(*words), field="code")


class Unread(Invalid):
    """A version was to be published although nobody has confirmed to have read its warnings."""
