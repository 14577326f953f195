"""Texts brought to one form, and cut into clauses."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple

#: A space between two letters of an alphabet parts words; anywhere else in Chinese it means nothing.
_EMPTY_SPACE = re.compile(r"(?<![a-z0-9]) | (?![a-z0-9])")
_NO_WORD = re.compile(r"[\W_]+")
#: People write a space where they pause; within Chinese it says as much as a comma.
_PAUSE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
#: The point of 2.5 and the comma of 1,000 end nothing.
_CLAUSE = re.compile(r"(?:[^,。!?;…,.!?;~\n]|(?<=\d)[.,](?=\d))+[,。!?;…,.!?;~\n]*")
#: Words that turn the argument: what comes behind them is a clause of its own and counts for more.
TURNS = ("但是", "但", "可是", "不过", "然而", "就是", "只是", "but ", "however", "although ")
_TURN = re.compile("|".join(f"(?={re.escape(word)})" for word in sorted(TURNS, key=len, reverse=True)))
#: Parts what a text is read for from the text itself; cleaning keeps it, and nobody types it.
_IN_MIND = "\x01"


class Minded(NamedTuple):
    """What a text is read for ("" for nothing), what of it speaks of that, and the text itself."""

    subject: str
    focus: str
    text: str


def in_mind(subject: str, text: str, focus: str = "") -> str:
    """A text to be read with a subject in mind, such as the aspect of which a judgement is sought; without a
    ``focus`` all of it speaks of that.
    """
    return _IN_MIND.join((subject, focus or text, text))


def minded(text: str) -> Minded:
    """The parts of a text that may have a subject in mind."""
    subject, _, rest = text.partition(_IN_MIND)
    focus, parted, plain = rest.partition(_IN_MIND)
    return Minded(subject, focus, plain) if parted else Minded("", text, text)


def clean(text: str) -> str:
    """Compatibility forms (NFKC), small letters, no empty space."""
    plain = _plain(text)
    return _EMPTY_SPACE.sub("", plain) if " " in plain else plain


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def fingerprint(text: str) -> str:
    """SHA-1 of a text without punctuation: the same for what people would call the same text."""
    return hashlib.sha1(_NO_WORD.sub("", clean(text)).encode(), usedforsecurity=False).hexdigest()


def clauses(text: str) -> list[str]:
    """The clauses of a text in order, cleaned, with their punctuation; none is empty."""
    plain = _plain(text)
    if " " in plain:
        plain = _EMPTY_SPACE.sub("", _PAUSE.sub("\n", plain))
    found: list[str] = _CLAUSE.findall(plain)
    if _TURN.search(plain):
        found = [piece for part in found for piece in _TURN.split(part)]
    return [piece for piece in found if not piece.isspace() and piece]
