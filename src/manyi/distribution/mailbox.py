"""The box into which bounces and automatic replies fall, read by IMAP or POP3 every few minutes."""

from __future__ import annotations

from datetime import timedelta

from manyi.distribution import mail_fetching
from manyi.distribution.channels import setting
from manyi.distribution.return_actions import Booked, book
from manyi.kernel.labels import Label
from manyi.organisation.schedule import recurring
from manyi.organisation.settings import values

GROUP = "mailbox"
PROTOCOL = setting(
    GROUP,
    "protocol",
    Label("协议", "Protocol"),
    Label(
        "POP3 没有已读标记:邮件保存到本系统后从信箱删除。",
        "POP3 knows no mark for what was read: once kept here, a mail is deleted from the box.",
    ),
    "choice",
    default="imap",
    choices=mail_fetching.PROTOCOLS,
)
HOST = setting(
    GROUP,
    "host",
    Label("收信服务器", "Server"),
    Label("留空则不读取。", "Empty: no box is read."),
)
PORT = setting(
    GROUP,
    "port",
    Label("端口", "Port"),
    Label("加密时 IMAP 一般为 993,POP3 为 995。", "With encryption mostly 993 for IMAP, 995 for POP3."),
    "number",
    default=993,
    low=1,
    high=65535,
)
ENCRYPTION = setting(
    GROUP,
    "encryption",
    Label("加密", "Encryption"),
    Label("不加密只适合本机。", "Without it only on the same machine."),
    "choice",
    default="ssl",
    choices=mail_fetching.ENCRYPTIONS,
)
USER = setting(GROUP, "user", Label("账号", "Account"), Label("信箱的登录名。", "The name to log in with."))
PASSWORD = setting(
    GROUP,
    "password",
    Label("密码", "Password"),
    Label("保存后不再显示。", "Not shown again after saving."),
    "secret",
)
FOLDER = setting(
    GROUP,
    "folder",
    Label("文件夹", "Folder"),
    Label("读过的邮件留在其中,标为已读。", "What was read stays there, marked as seen."),
    default="INBOX",
)


@recurring("distribution.read_box", every=timedelta(minutes=5))
def read_box() -> Booked:
    """Book every unseen mail of the box; each is marked as seen, or deleted by POP3, once it is kept."""
    own = values((PROTOCOL, HOST, PORT, ENCRYPTION, USER, PASSWORD, FOLDER))
    counts = dict.fromkeys(Booked.__slots__, 0)
    if not own[HOST]:
        return Booked()
    box = mail_fetching.Access(
        own[PROTOCOL], own[HOST], own[PORT], own[ENCRYPTION], own[USER], own[PASSWORD], own[FOLDER]
    )
    for raw in mail_fetching.unseen(box):
        row = book(raw)
        counts[row.verdict if row else "repeated"] += 1
        counts["unmatched"] += row is not None and row.message_id is None
    return Booked(**counts)
