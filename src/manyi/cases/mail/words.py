"""The words for what became of a mail."""

from __future__ import annotations

from manyi.cases.choices import Choices
from manyi.kernel.labels import Label

MAIL_STATES: Choices = (
    ("kept", Label("待处理", "To be read")),
    ("message", Label("来信", "Message")),
    ("machine", Label("自动邮件", "Machine mail")),
    ("quarantined", Label("待人工处理", "Set aside")),
    ("repeated", Label("重复收到", "Received twice")),
)
MACHINE_MAIL: Choices = (
    ("bounce", Label("退信", "Bounce")),
    ("auto_reply", Label("自动回复", "Automatic reply")),
    ("bulk", Label("群发邮件", "Bulk mail")),
    ("own", Label("本系统发出的邮件", "Our own mail")),
    ("loop", Label("同一地址一天内来信过多", "Too many mails from one address in a day")),
)
QUARANTINE: Choices = (
    ("empty", Label("没有内容", "There is nothing in it")),
    ("large", Label("邮件过大", "The mail is too large")),
    ("headers", Label("邮件头过多", "It has too many headers")),
    ("no_head", Label("不是邮件格式", "It is not a mail")),
    ("no_sender", Label("没有发件人", "It names no sender")),
    ("nested", Label("附件嵌套过深或过多", "Its parts are too many or too deep")),
    ("broken", Label("邮件已损坏", "The mail is broken")),
    ("refused", Label("不能登记为诉求", "It could not be registered")),
)
