"""WeCom (企业微信): the robot of a group chat, by its webhook."""

from __future__ import annotations

from manyi.distribution import gateways
from manyi.distribution.channels import CHANNELS, Channel, Outgoing, Receipt, per_minute, setting
from manyi.kernel.labels import Label
from manyi.organisation.settings import value

GROUP = "wecom_robot"
WEBHOOK = setting(
    GROUP,
    "webhook",
    Label("群机器人地址", "Webhook of the robot"),
    Label("含有密钥,保存后不再显示。", "Holds a key; not shown again after saving."),
    "secret",
)
per_minute(GROUP, 20)
AGAIN = frozenset({-1, 45009, 45033})


@CHANNELS.register
class WeComRobot(Channel):
    """A text into one group chat, for open links and notices to staff."""

    id = GROUP
    label = Label("企业微信群机器人", "WeCom group robot")
    reach = "group"
    form = "short"
    needs = (WEBHOOK,)

    def send(self, message: Outgoing) -> Receipt:
        """One text message into the group. Raises ChannelError."""
        data = {"msgtype": "text", "text": {"content": message.body}}
        answer = gateways.post_json(value(WEBHOOK), data)
        gateways.require_success(answer, AGAIN)
        return Receipt("group")
