"""An interview face to face, written down on the interviewer's phone or tablet."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.kernel.labels import Label


@CHANNELS.register
class FaceToFace(Channel):
    """An interviewer meets people; answer sheets wait on the device until there is a connection."""

    id = "f2f"
    label = Label("面对面访问", "Face to face")
    reach = "hand"

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: an interview is held, not sent."""
        raise ChannelError("an interview is held, not sent", permanent=True)
