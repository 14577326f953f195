"""An open link inside a website."""

from __future__ import annotations

from manyi.distribution.channels import CHANNELS, Channel, ChannelError, Outgoing, Receipt, setting
from manyi.kernel.labels import Label

ORIGINS = setting(
    "embed",
    "origins",
    Label("允许嵌入的网站", "Websites that may embed"),
    Label(
        "例如 https://www.example.com,用空格分开多个。",
        "Such as https://www.example.com; several with blanks.",
    ),
)


@CHANNELS.register
class Embed(Channel):
    """A frame, a button or a slide-in on a website that is on the list of origins."""

    id = "embed"
    label = Label("网站嵌入", "Website")
    reach = "hand"

    def send(self, message: Outgoing) -> Receipt:
        """Always refused: a website embeds the link, it is not sent."""
        raise ChannelError("a website embeds the link, it is not sent", permanent=True)
