"""The words of a mail: from plain text or HTML, without what it quotes. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from manyi.distribution import mail_headers

#: Tags after which a line ends, and those whose content nobody reads.
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "table",
        "ul",
        "ol",
        "hr",
    ]
)
_UNSEEN = frozenset(["script", "style", "head", "title", "template"])
#: How programs begin the mail that they quote, in Chinese and English.
_QUOTED = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:原始邮件|原邮件|回复的原邮件|转发邮件信息|original message|forwarded message)\s*-{2,}"
    r"|在?\s*\S.{0,120}(?:写道|撰写)\s*[::]"
    r"|on .{4,160} wrote:"
    r"|_{10,}\s*$"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
#: The head of a quoted mail without such a line: From and Sent below each other.
_QUOTED_HEAD = re.compile(
    r"^\s*(?:发件人|寄件者|from)\s*[::].*\n(?:.*\n){0,2}?\s*(?:发送时间|发送日期|日期|时间|sent|date)\s*[::]",
    re.IGNORECASE | re.MULTILINE,
)
_MANY_BREAKS = re.compile(r"\n{3,}")


def from_html(html: str) -> str:
    """What a reader sees of HTML, a line for each block; never raises."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return tidy("".join(reader.words))


def tidy(text: str) -> str:
    """Text with one kind of line end, without blanks at line ends and without control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    lines = [line.rstrip() for line in mail_headers.clean(text).split("\n")]
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def without_quotes(text: str) -> str:
    """What the sender wrote above the mail that is quoted; the whole text when nothing stands above."""
    cuts = [found.start() for found in (_QUOTED.search(text), _QUOTED_HEAD.search(text)) if found]
    above = text[: min(cuts)] if cuts else text
    own = "\n".join(line for line in above.split("\n") if not line.startswith(">"))
    return tidy(own) or text


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(" ".join(data.split()) if data.strip() else " ")

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Broken declarations of office programs are passed over, not raised."""
        try:
            return super().parse_marked_section(i, report)
        except (AssertionError, ValueError):
            return i + 3
