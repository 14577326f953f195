"""A tablet at the counter, on which one visitor after the other answers."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.kernel.labels import Label


@CHANNELS.register
class Kiosk(Channel):
    """A tablet at the counter: full screen, back to the start by itself, left only by a PIN."""

    id = "kiosk"
    label = Label("现场平板", "Kiosk tablet")
    reach = "hand"

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: a kiosk is set up, not sent."""
        raise ChannelError("a kiosk is set up, not sent", permanent=True)
