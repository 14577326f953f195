"""Personal links that people hand over themselves."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt
from manyi.kernel.labels import Label


@CHANNELS.register
class Link(Channel):
    """Personal links as a list (CSV), printed or passed on by hand; the software sends nothing."""

    id = "link"
    label = Label("个人链接(导出清单)", "Personal links (list)")
    reach = "hand"
    invites = True

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: links are exported, not sent."""
        raise ChannelError("personal links are exported, not sent", permanent=True)
