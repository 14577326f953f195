"""Headers of mail that came, in plain words, whatever the sender made of RFC 2047."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.utils import getaddresses
from itertools import pairwise

#: Names of charsets that mail programs write and Python does not know, or that mean more than they say.
ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "cp-850": "cp850",
}


def text_of(mail: Message, name: str) -> str:
    """A header as text on one line; empty when it is missing."""
    return plain(mail.get(name))


def plain(given: Header | str | None) -> str:
    """An encoded header by RFC 2047, or one that came as raw UTF-8 or GB 18030."""
    if given is None:
        return ""
    try:
        pieces = decode_header(given)
    except (HeaderParseError, ValueError):
        pieces = [(str(given), None)]
    found = [piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in pieces]
    return " ".join(clean("".join(found)).split())


def clean(text: str) -> str:
    """Text that can be stored: without control characters but tab and line feed, without half characters."""
    kept = "".join(char for char in text if char >= " " or char in "\n\t")
    return kept.encode("utf-8", "replace").decode("utf-8")


def decoded(raw: bytes, charset: str) -> str:
    """Bytes as text: by the charset that was named if it fits, else by the likely ones; never raises."""
    named = ALIASES.get(charset.strip().lower(), charset.strip().lower())
    for name in _candidates(raw, named):
        try:
            return raw.decode(name)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")


def _candidates(raw: bytes, named: str) -> list[str]:
    likely = ["utf-8", "gb18030", "big5"]
    if b"\x1b$" in raw or b"\x1b(" in raw:
        likely.insert(0, "iso2022_jp_2")
    if named in {"", "unknown-8bit", "us-ascii", "ascii", "8bit"}:
        return likely
    if named in {"iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"} and not raw.isascii():
        # Every run of bytes is Latin-1; programs that name nothing better often mean the other ones.
        return [*likely, named] if _is_far_from_latin(raw) else [named]
    return [named, *likely]


def _is_far_from_latin(raw: bytes) -> bool:
    """Whether most bytes above ASCII stand in runs, as in Chinese, and not alone, as in é."""
    high = [byte > 127 for byte in raw]
    together = sum(here and there for here, there in pairwise(high))
    return 2 * together >= sum(high)


def is_automatic(mail: Message) -> bool:
    """Whether a mail says that a machine sent it in answer: by RFC 3834, or as programs did before it."""
    submitted = text_of(mail, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted not in {"", "no"} or text_of(mail, "Precedence").lower() == "auto_reply":
        return True
    return any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From"))


def addresses(mail: Message, *names: str) -> list[tuple[str, str]]:
    """Names and addresses (lower case) of all headers with these names, each address once, in order."""
    found: dict[str, str] = {}
    values: list[object] = [value for name in names for value in mail.get_all(name, [])]
    # Raw bytes in a header come as an object of their own; an encoded name is decoded after the split.
    given = [plain(value) if isinstance(value, Header) else str(value) for value in values]
    try:
        pairs = getaddresses(given)
    except (ValueError, IndexError, TypeError):
        return []
    for name, address in pairs:
        if "@" in address:
            found.setdefault(clean("".join(address.lower().split())), plain(name))
    return [(name, address) for address, name in found.items()]
