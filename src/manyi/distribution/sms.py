"""What all SMS channels share: signature, words to opt out, length and price."""

from __future__ import annotations

from decimal import Decimal

from manyi.distribution.channels import Channel, Cost, Outgoing, setting
from manyi.distribution.lengths import one_line, segments
from manyi.distribution.rules import ASKING
from manyi.kernel.labels import Label
from manyi.organisation.settings import value

GROUP = "sms"
COUNTING = (
    ("china", Label("国内网关:70/67 字", "Chinese gateways: 70/67 characters")),
    ("gsm", Label("国际:GSM-7 160/153,其他 70/67", "International: GSM-7 160/153, else 70/67")),
)
SIGNATURE = setting(
    GROUP,
    "signature",
    Label("短信签名", "Signature"),
    Label("在服务商备案的签名,不含【】。", "The signature registered with the provider, without brackets."),
)
OPT_OUT = setting(
    GROUP,
    "opt_out_words",
    Label("退订提示", "Words to opt out"),
    Label(
        "加在邀请短信末尾。回复要能收到,见“短信回复地址”。",
        "Ends every invitation. The replies must reach us: see the address for replies.",
    ),
    default="回T退订",
)
REPLY_KEY = setting(
    GROUP,
    "reply_key",
    Label("短信回复地址的密钥", "Key of the address for replies"),
    Label(
        "自定一段字母数字,并在服务商处填写上行回复地址:网址/hooks/sms/密钥/,状态报告地址:网址/hooks/sms/密钥/receipts/。",
        "Letters and digits of your own; name the provider …/hooks/sms/KEY/ for replies and "
        "…/hooks/sms/KEY/receipts/ for delivery reports.",
    ),
    "secret",
)
PRICE = setting(
    GROUP,
    "price",
    Label("每条价格(厘)", "Price of a segment (1/1000 yuan)"),
    Label("用来在发送前估算费用,例如 45 表示 0.045 元。", "To estimate the cost: 45 means 0.045 yuan."),
    "number",
    default=45,
    low=0,
    high=100_000,
)
BILLING = setting(
    GROUP,
    "billing",
    Label("计费字数", "How length is billed"),
    Label("多数国内服务商按 70/67 字计费。", "Most Chinese providers bill 70/67 characters."),
    "choice",
    default="china",
    choices=COUNTING,
)


class Sms(Channel):
    """The part of an SMS channel that does not depend on the provider."""

    contact = "phone"
    form = "short"

    def cost(self, text: str) -> Cost:
        """Segments of the text as it goes out with signature and opt-out words, and their price."""
        count = segments(dressed(text, asking=True), value(BILLING))
        return Cost(count, Decimal(count * value(PRICE)) / 1000)


def dressed(text: str, *, asking: bool) -> str:
    """A text as it goes out: 【signature】 before it and, when it asks, the words to opt out after it."""
    signature, words = value(SIGNATURE), value(OPT_OUT)
    ending = f",{words}" if asking and words else ""
    return f"{f'【{signature}】' if signature else ''}{one_line(text)}{ending}"


def text_of(message: Outgoing) -> str:
    """The whole text of a message."""
    return dressed(message.body, asking=message.kind in ASKING)


def templates(group: str) -> tuple[str, str, str, str]:
    """Declare the provider's templates for a channel: invitation, reminder, other; and their parameters."""
    codes = {
        "invitation": Label("邀请模板编号", "Template of invitations"),
        "reminder": Label("提醒模板编号", "Template of reminders"),
        "other": Label("其他消息模板编号", "Template of other messages"),
    }
    about = Label("在服务商审核通过的模板。", "As the provider approved it.")
    invitation, reminder, other = (
        setting(group, f"template_{kind}", label, about) for kind, label in codes.items()
    )
    parameters = setting(
        group,
        "parameters",
        Label("模板参数", "Parameters of the templates"),
        Label(
            "按模板中的顺序,用逗号分开:name link token organisation title deadline text。",
            "In their order, with commas: name link token organisation title deadline text.",
        ),
        default="text",
    )
    return invitation, reminder, other, parameters


def template_of(group: str, kind: str) -> str:
    """The template's code for a kind of message; without one of its own, that of other messages."""
    own = value(f"{group}.template_{kind}") if kind in ASKING else ""
    return str(own or value(f"{group}.template_other"))


def parameters_of(group: str, message: Outgoing) -> dict[str, str]:
    """The template's parameters by name, in their order."""
    known = {**message.fields, "text": one_line(message.body)}
    names = [name.strip() for name in value(f"{group}.parameters").split(",") if name.strip()]
    return {name: known.get(name, "") for name in names}
