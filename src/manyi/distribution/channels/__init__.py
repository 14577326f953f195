"""Channels, one plug-in file each: how a message leaves the house. No channel knows our tables.

A channel declares the settings it needs, says what is missing, what a text costs, and how fast its provider
takes messages. What it cannot send it answers with a ChannelError: for good, or for now.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry
from manyi.organisation import settings


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel gets it; ``key`` is the same for every attempt.

    ``fields`` holds the parts of the text (name, link, …) for providers that fill templates of their own.
    """

    key: str
    recipient: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel said on taking a message."""

    text: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What one text costs: billed segments, and yuan for all of them."""

    segments: int = 1
    amount: Decimal = Decimal(0)


class ChannelError(Exception):
    """A message that was not taken; ``permanent`` means that trying again is of no use."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Channel(ABC):
    """One way to a customer. ``contact`` is the kind of contact point it needs; empty needs none.

    ``reach``: whom it reaches: a ``person``, a ``group`` (its one chat, named in the settings), or nobody by
    itself: people hand it on (``hand``); with ``invites`` each person is invited by it all the same. One
    that goes only ``back`` to where somebody wrote to us reaches nobody else.
    ``form``: whether it carries a ``letter`` or a ``short`` text.
    ``needs``: the settings without which it is not ready; their page is the group of the channel's ``id``.
    """

    id: str
    label: Label
    contact: str = ""
    reach: str = "person"
    invites: bool = False
    form: str = "letter"
    needs: tuple[str, ...] = ()

    @abstractmethod
    def send(self, message: Outgoing) -> Receipt:
        """Hand one message over; raises ChannelError."""

    @contextmanager
    def session(self) -> Iterator[Callable[[Outgoing], Receipt]]:
        """``send`` for many messages in a row, for channels to which a connection is dear."""
        yield self.send

    def ready(self) -> Label | None:
        """What is still missing before this channel can send; None when it is ready."""
        given = settings.values(self.needs)
        missing = [settings.SETTINGS[key].label for key in self.needs if not given[key]]
        if not missing:
            return None
        zh, en = "、".join(label.zh for label in missing), ", ".join(label.en for label in missing)
        return Label(f"还缺少:{zh}", f"Still missing: {en}")

    def cost(self, text: str) -> Cost:
        """Segments and price of a text; free unless the channel says otherwise."""
        return Cost()

    def pace(self) -> int:
        """The most messages a minute that the provider takes; 0 means no limit."""
        key = f"{self.id}.per_minute"
        return int(settings.value(key)) if key in settings.SETTINGS else 0


CHANNELS: Registry[Channel] = Registry("channel", "manyi.distribution.channels")


def setting(group: str, name: str, label: Label, explanation: Label, kind: str = "text", **more: Any) -> str:
    """Declare a setting on the page of a channel (or of a group of channels); returns its key."""
    key, default = f"{group}.{name}", more.pop("default", "")
    settings.declare(key, label, explanation, kind, default, group=group, optional=True, **more)
    return key


def per_minute(group: str, default: int) -> str:
    """Declare how many messages a minute a channel's provider takes."""
    words = Label("每分钟最多条数", "Most messages a minute"), Label("0 表示不限。", "0 means no limit.")
    return setting(group, "per_minute", *words, "number", default=default, low=0, high=60_000)
