"""A questionnaire on paper, filled in by hand and typed in by staff."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.kernel.labels import Label


@CHANNELS.register
class Paper(Channel):
    """A printed copy with its own serial number is handed out and comes back."""

    id = "paper"
    label = Label("纸质问卷", "Paper")
    reach = "hand"

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: a form is handed out, not sent."""
        raise ChannelError("a form is handed out, not sent", permanent=True)
