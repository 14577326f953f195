"""An answer posted back to the system by which somebody wrote to us: a chat tool, a collector of posts."""

from __future__ import annotations

from manyi.distribution import gateways, outward
from manyi.distribution.channels import CHANNELS, Channel, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation.settings import value

GROUP = "reply"
PRIVATE = setting(
    GROUP,
    "private",
    Label("允许发往内网", "May go into the own network"),
    Label(
        "仅当客服系统部署在本单位内网时才选“允许”。", "Only where the chat tool stands in your own network."
    ),
    "choice",
    default="no",
    choices=(("no", Label("不允许", "No")), ("yes", Label("允许", "Yes"))),
)
per_minute(GROUP, 120)


@CHANNELS.register
class Reply(Channel):
    """The recipient is an address, the body what is posted there, the headers hold its signature."""

    id = GROUP
    label = Label("答复推送(在线客服、社交媒体)", "Answers to chat and posts")
    reach = "back"
    form = "short"

    def send(self, message: Outgoing) -> Receipt:
        """One post; the receiver knows a repetition by the id in it. Raises ChannelError."""
        headers = {"Content-Type": "application/json; charset=utf-8", **message.headers}
        answer = outward.post(
            message.recipient,
            body=message.body.encode(),
            headers=headers,
            private=value(PRIVATE) == "yes",
        )
        gateways.require_status(answer)
        return Receipt(f"HTTP {answer.status}")
