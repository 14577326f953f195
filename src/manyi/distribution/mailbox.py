"""The box into which bounces and automatic replies fall, read by IMAP every few minutes."""

from __future__ import annotations

import imaplib
from contextlib import suppress
from datetime import timedelta

from manyi.distribution.channels import setting
from manyi.distribution.return_actions import Booked, book
from manyi.kernel.labels import Label
from manyi.organisation.schedule import recurring
from manyi.organisation.settings import values

GROUP = "mailbox"
HOST = setting(
    GROUP,
    "host",
    Label("IMAP 服务器", "IMAP server"),
    Label("留空则不读取。", "Empty: no box is read."),
)
PORT = setting(
    GROUP,
    "port",
    Label("端口", "Port"),
    Label("加密一般为 993。", "Mostly 993 with encryption."),
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
    choices=(
        ("ssl", Label("SSL", "SSL")),
        ("starttls", Label("STARTTLS", "STARTTLS")),
        ("none", Label("不加密", "None")),
    ),
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
#: So many mails are read in one turn.
MOST = 500


@recurring("distribution.read_box", every=timedelta(minutes=5))
def read_box() -> Booked:
    """Book every unseen mail of the box; each is marked as seen once it is kept."""
    own = values((HOST, PORT, ENCRYPTION, USER, PASSWORD, FOLDER))
    counts = dict.fromkeys(Booked.__slots__, 0)
    if not own[HOST]:
        return Booked()
    import imap_tools

    kinds = {
        "ssl": imap_tools.MailBox,
        "starttls": imap_tools.MailBoxStartTls,
        "none": imap_tools.MailBoxUnencrypted,
    }
    box = kinds[own[ENCRYPTION]](own[HOST], port=own[PORT], timeout=20)
    try:
        box.login(own[USER], own[PASSWORD], initial_folder=own[FOLDER] or "INBOX")
        for mail in box.fetch("UNSEEN", mark_seen=False, limit=MOST):
            row = book(mail.obj.as_bytes())
            counts[row.verdict if row else "repeated"] += 1
            counts["unmatched"] += row is not None and row.message_id is None
            box.flag(mail.uid or "", imap_tools.MailMessageFlags.SEEN, True)
    finally:
        with suppress(imaplib.IMAP4.error, imap_tools.ImapToolsError, OSError):
            box.logout()
    return Booked(**counts)
