"""File codecs, one plug-in each: other tools' questionnaires and data, in and out, with every loss named."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from manyi.kernel.labels import Label
from manyi.kernel.registry import Registry
from manyi.surveys.codecs.document import Document, Loss, Source, Unreadable

__all__ = ["CODECS", "Codec", "Document", "Loss", "Source", "Unreadable", "codec_for", "read"]


class Codec(ABC):
    """One file format. ``claims`` decides between formats that share an ending."""

    id: str
    label: Label
    extensions: tuple[str, ...]
    reads: bool = True
    writes: bool = True
    holds_data: bool = False

    def claims(self, source: Source) -> bool:
        """Whether a file looks like this format."""
        return source.suffix in self.extensions

    @abstractmethod
    def read(self, source: Source) -> Document:
        """The contents of a file; raises Unreadable or Invalid with the place."""

    def write(self, document: Document, path: Path) -> list[Loss]:
        """Write a document to ``path`` (and to files beside it); returns what the format cannot say.

        Raises Refused where the format is only read, or has no room for it at all.
        """
        words = f"不能写出{self.label.zh}。", f"Manyi does not write {self.label.en}."
        raise Unreadable(Label(*words))


CODECS: Registry[Codec] = Registry("codec", "manyi.surveys.codecs")


def read(source: Source) -> Document:
    """Any file that we read; raises Unreadable, Invalid or Refused in one clear word."""
    return codec_for(source).read(source)


def codec_for(source: Source) -> Codec:
    """The codec that reads a file; raises Unreadable naming the endings that are known."""
    found = next((codec for codec in CODECS if codec.reads and codec.claims(source)), None)
    if found is None:
        known = ", ".join(sorted({f".{end}" for codec in CODECS if codec.reads for end in codec.extensions}))
        words = f"不认识的文件类型;可读取:{known}。", f"This kind of file is not known; readable: {known}."
        raise Unreadable(Label(*words))
    return found


def codec_to(path: Path, codec_id: str = "") -> Codec:
    """The codec that writes a file of this name; ``codec_id`` decides where several do."""
    end = path.suffix.lower().removeprefix(".")
    found = [c for c in CODECS if c.writes and (c.id == codec_id if codec_id else end in c.extensions)]
    if not found:
        known = ", ".join(sorted({f".{e}" for codec in CODECS if codec.writes for e in codec.extensions}))
        words = f"不能写出这种文件;可写出:{known}。", f"Cannot write this kind; writable: {known}."
        raise Unreadable(Label(*words))
    return found[0]
