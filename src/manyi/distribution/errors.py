"""What cannot be done in this room, in words."""

from __future__ import annotations

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused


class UnknownLink(Refused):
    """A token that no invitation and no open link has."""

    def __init__(self) -> None:
        super().__init__(
            Label(
                "链接无效。请检查链接是否完整,或联系发送链接的单位。",
                "This link is not known. Please check that it is complete, or ask whoever sent it.",
            )
        )
