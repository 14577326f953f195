"""What a file of another tool holds, in our terms: a questionnaire, answers, people, and every loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.surveys.columns import Column
from manyi.surveys.tree import Questionnaire

MEGABYTE = 1 << 20
#: A questionnaire is small; a file beyond this is something else, or an attack.
MOST_DEFINITION = 20 * MEGABYTE
#: Likewise for a file with answers.
MOST_DATA = 200 * MEGABYTE


class Unreadable(Refused):
    """The file is broken, cut off, too large, wrongly encoded or not what its name says."""

    def __init__(self, what: Label) -> None:
        super().__init__(what, field="file")


@dataclass(frozen=True, slots=True)
class Loss:
    """One construct that was not carried, or not as it was: where it stands, and what became of it."""

    place: str
    what: Label


@dataclass(slots=True)
class Record:
    """One set of answers by our codes; ``meta`` holds what is not an answer (id, submitted, language …)."""

    answers: dict[str, Any]
    meta: dict[str, Any] = field(default_factory=dict)
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file of answers is written: labels or codes, in which language, CSV with a byte order mark."""

    labels: bool = False
    language: str = "zh"
    mark: bool = True


@dataclass(slots=True)
class Document:
    """The contents of one file.

    ``names`` and ``values`` lead from our codes to the names and values of the file where they differ, so
    that answers can be given and shown in the file's own terms. ``records`` may be read once only; ``meta``
    are the columns of what they hold beside answers, ``weighted`` says whether they carry weights.
    ``missing`` holds, by the name of a column, the values that the file declares as missing: a value each,
    or a range ``(low, high)``.
    """

    questionnaire: Questionnaire
    losses: list[Loss] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: Iterable[Record] | None = None
    people: list[dict[str, str]] = field(default_factory=list)
    meta: tuple[Column, ...] = ()
    weighted: bool = False
    missing: dict[str, list[Any]] = field(default_factory=dict)
    manner: Manner = Manner()
    _noted: set[Loss] = field(default_factory=set)

    def lose(self, place: str, zh: str, en: str) -> None:
        """Note something that was not carried as it was, once."""
        loss = Loss(place, Label(zh, en))
        if loss not in self._noted:
            self._noted.add(loss)
            self.losses.append(loss)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its name, its bytes, and the way to files that lie beside it (None: not there).

    ``tree`` is the questionnaire whose answers a file of data holds, where that is known already.
    """

    name: str
    data: bytes
    beside: Callable[[str], bytes | None] = lambda name: None
    tree: Questionnaire | None = None

    @classmethod
    def of(cls, path: Path) -> Source:
        """The file at a path; raises Unreadable when it cannot be opened."""

        def beside(name: str) -> bytes | None:
            found = path.parent / Path(name).name
            return found.read_bytes() if found.is_file() else None

        try:
            return cls(path.name, path.read_bytes(), beside)
        except OSError as error:
            raise Unreadable(Label(f"无法读取文件 {path}。", f"Cannot read {path}.")) from error

    def require_size(self, most: int = MOST_DATA) -> None:
        """Raise Unreadable for a huge file."""
        if len(self.data) > most:
            size = f"{len(self.data) / MEGABYTE:.0f} MB"
            raise Unreadable(Label(f"文件过大({size})。", f"The file is too large ({size})."))

    @property
    def suffix(self) -> str:
        """The ending of the name in small letters, without the dot."""
        return Path(self.name).suffix.lower().removeprefix(".")

    def text(self, most: int = MOST_DEFINITION) -> str:
        """The text in UTF-8, with or without a mark; raises Unreadable for other encodings and huge files."""
        self.require_size(most)
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            words = (
                f"文件不是 UTF-8 编码(第 {error.start + 1} 字节)。",
                f"Not UTF-8 at byte {error.start + 1}.",
            )
            raise Unreadable(Label(*words)) from error


def unique(wanted: str, taken: Mapping[str, Any] | set[str]) -> str:
    """A code that is not taken yet: the wanted one, or with a number behind it."""
    code, number = wanted, 2
    while code in taken:
        code, number = f"{wanted[:58]}_{number}", number + 1
    return code
