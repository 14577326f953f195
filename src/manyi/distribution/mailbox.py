"""The box into which bounces and automatic replies fall, read by IMAP or POP3 every few minutes."""

from __future__ import annotations

import imaplib
import poplib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

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
    choices=(("imap", Label("IMAP", "IMAP")), ("pop3", Label("POP3", "POP3"))),
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
    """Book every unseen mail of the box; each is marked as seen, or deleted by POP3, once it is kept."""
    own = values((PROTOCOL, HOST, PORT, ENCRYPTION, USER, PASSWORD, FOLDER))
    counts = dict.fromkeys(Booked.__slots__, 0)
    if not own[HOST]:
        return Booked()
    read = _by_pop3 if own[PROTOCOL] == "pop3" else _by_imap
    for raw in read(own):
        row = book(raw)
        counts[row.verdict if row else "repeated"] += 1
        counts["unmatched"] += row is not None and row.message_id is None
    return Booked(**counts)


def _by_imap(own: Mapping[str, Any]) -> Iterator[bytes]:
    """The unseen mails, each marked as seen once the caller asks for the next."""
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
            yield mail.obj.as_bytes()
            box.flag(mail.uid or "", imap_tools.MailMessageFlags.SEEN, True)
    finally:
        with suppress(imaplib.IMAP4.error, imap_tools.ImapToolsError, OSError):
            box.logout()


def _by_pop3(own: Mapping[str, Any]) -> Iterator[bytes]:
    """The mails of the box, each deleted once the caller asks for the next; QUIT makes it so."""
    if own[ENCRYPTION] == "ssl":
        box: poplib.POP3 = poplib.POP3_SSL(own[HOST], own[PORT], timeout=20)
    else:
        box = poplib.POP3(own[HOST], own[PORT], timeout=20)
    try:
        if own[ENCRYPTION] == "starttls":
            box.stls()
        box.user(own[USER])
        box.pass_(own[PASSWORD])
        count, _ = box.stat()
        for number in range(1, min(count, MOST) + 1):
            _, lines, _ = box.retr(number)
            yield b"\r\n".join(lines) + b"\r\n"
            box.dele(number)
    finally:
        with suppress(poplib.error_proto, OSError):
            box.quit()
