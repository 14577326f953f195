"""Channels, one plug-in file each: how a message leaves the house. No channel knows the database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel gets it; ``key`` is the same for every attempt."""

    key: str
    recipient: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel said on taking a message."""

    text: str


class ChannelError(Exception):
    """A message that was not taken; ``permanent`` means that trying again is of no use."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Channel(ABC):
    """One way to a customer. ``contact`` is the kind of contact point it needs; empty needs none."""

    id: str
    label: Label
    contact: str = ""

    @abstractmethod
    def send(self, message: Outgoing) -> Receipt:
        """Hand one message over; raises ChannelError."""

    @contextmanager
    def session(self) -> Iterator[Callable[[Outgoing], Receipt]]:
        """``send`` for many messages in a row, for channels to which a connection is dear."""
        yield self.send


CHANNELS: Registry[Channel] = Registry("channel", "manyi.distribution.channels")
