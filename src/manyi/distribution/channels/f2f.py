"""An interview face to face, written down on the interviewer's phone or tablet."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt, setting
from manyi.kernel.labels import Label

LOCK_MINUTES = setting(
    "f2f",
    "lock_minutes",
    Label("设备锁定(分钟)", "Lock the device after (minutes)"),
    Label(
        "设了设备 PIN 的平板在无人触碰这么久后遮住答卷。",
        "A device with a PIN covers its sheets when nobody has touched it so long.",
    ),
    "number",
    default=5,
    low=1,
    high=120,
)


@CHANNELS.register
class FaceToFace(Channel):
    """An interviewer meets people; answer sheets wait on the device until there is a connection."""

    id = "f2f"
    label = Label("面对面访问", "Face to face")
    reach = "hand"

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: an interview is held, not sent."""
        raise ChannelError("an interview is held, not sent", permanent=True)
