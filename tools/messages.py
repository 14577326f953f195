"""Collect the texts to translate and compile the catalogues: ``python -m tools.messages [--check]``.

A text belongs to the application that uses it; one that several applications use belongs to ``manyi.web``,
so that it is translated once. Reads templates with Django's own lexer and Python with ``ast``, so GNU
gettext is not needed. A translation follows its text when that moves to another catalogue.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "manyi"
SHARED = SOURCE / "web"
CATALOGUE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"
METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}

#: How many of the leading arguments are texts, and whether the first is a context.
FUNCTIONS = {"_": (1, False), "gettext": (1, False), "ngettext": (2, False)}
FUNCTIONS |= {"pgettext": (2, True), "npgettext": (3, True)}
FUNCTIONS |= {f"{name}_lazy": shape for name, shape in FUNCTIONS.items() if name != "_"}

_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_TEMPLATE_CALL = re.compile(
    rf"\b(?P<name>{'|'.join(FUNCTIONS)})\(\s*(?P<texts>{_STRING}(?:\s*,\s*{_STRING})*)", re.DOTALL
)


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One text to translate; ``plural`` and ``context`` as gettext knows them."""

    text: str
    plural: str = ""
    context: str = ""


def main(words: list[str]) -> int:
    """Write the catalogues, or with ``--check`` only say what is wrong with them."""
    if words == ["--check"]:
        found = list(problems())
        print("\n".join(found) or "every text is translated")
        return 1 if found else 0
    translations = known_translations()
    for application, messages in owned().items():
        write(application, messages, translations)
    print("\n".join(problems()) or "every text is translated")
    return 0


def problems() -> Iterator[str]:
    """One line for each text without a translation, leftover entry and catalogue that is not compiled."""
    owners = owned()
    for stale in catalogues():
        if stale.parent.parent.parent.parent not in owners:
            yield f"{stale.relative_to(ROOT)}: no text uses this catalogue"
    for application, messages in owners.items():
        path = application / CATALOGUE
        name = path.relative_to(ROOT)
        catalogue = read(path)
        entries = {message_of(entry): entry for entry in catalogue if not entry.obsolete}
        for message in sorted(messages):
            entry = entries.get(message)
            if entry is None or not entry.translated():
                yield f"{name}: no translation of {message.text!r} ({', '.join(messages[message])})"
        for message in sorted(entries.keys() - messages.keys()):
            yield f"{name}: nothing uses {message.text!r}"
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != binary(catalogue):
            yield f"{name}: not compiled; run make messages"


def owned() -> dict[Path, dict[Message, list[str]]]:
    """For each application that owns texts: its messages and the files that use them."""
    users: dict[Message, dict[Path, list[str]]] = {}
    for path in sources():
        for message in messages_in(path):
            files = users.setdefault(message, {}).setdefault(application_of(path), [])
            if str(path.relative_to(SOURCE)) not in files:
                files.append(str(path.relative_to(SOURCE)))
    owners: dict[Path, dict[Message, list[str]]] = {}
    for message, by_application in users.items():
        owner = next(iter(by_application)) if len(by_application) == 1 else SHARED
        owners.setdefault(owner, {})[message] = sorted(chain.from_iterable(by_application.values()))
    return owners


def sources() -> list[Path]:
    """Every Python file and template of the product."""
    found = [path for path in SOURCE.rglob("*") if path.suffix in {".py", ".html", ".txt"}]
    return sorted(
        path
        for path in found
        if "migrations" not in path.parts and (path.suffix == ".py" or "templates" in path.parts)
    )


def application_of(path: Path) -> Path:
    """Folder of the Django application that a file belongs to; files outside any belong to the shared one."""
    return next((folder for folder in path.parents if (folder / "apps.py").exists()), SHARED)


def messages_in(path: Path) -> Iterator[Message]:
    """The texts to translate in one file."""
    text = path.read_text(encoding="utf-8")
    return python_messages(text, path) if path.suffix == ".py" else template_messages(text, path)


def python_messages(text: str, path: Path) -> Iterator[Message]:
    """Calls of the gettext family; raises ValueError when the text is not a literal."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        if name not in FUNCTIONS:
            continue
        texts = []
        for argument in node.args[: FUNCTIONS[name][0]]:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                raise ValueError(f"{path}:{node.lineno}: a text to translate must be written out")
            texts.append(argument.value)
        yield message(name, texts)


def template_messages(text: str, path: Path) -> Iterator[Message]:
    """The ``translate`` and ``blocktranslate`` tags of a template."""
    for call in _TEMPLATE_CALL.finditer(templatize(text, origin=str(path))):
        texts = ast.literal_eval(f"[{call['texts']}]")
        yield message(call["name"], texts)


def message(name: str, texts: list[str]) -> Message:
    """The message that a call of this function with these texts looks up."""
    count, has_context = FUNCTIONS[name]
    context = texts[0] if has_context else ""
    rest = texts[has_context:count]
    return Message(rest[0], rest[1] if len(rest) > 1 else "", context)


def known_translations() -> dict[Message, polib.POEntry]:
    """Every translation in any catalogue; a reviewed one goes before a fuzzy one."""
    known: dict[Message, polib.POEntry] = {}
    for path in catalogues():
        for entry in read(path):
            if entry.translated() or message_of(entry) not in known:
                known[message_of(entry)] = entry
    return known


def write(application: Path, messages: dict[Message, list[str]], known: dict[Message, polib.POEntry]) -> None:
    """Write and compile the catalogue of one application, in the order of the texts."""
    catalogue = polib.POFile(wrapwidth=100, encoding="utf-8")
    catalogue.metadata = METADATA
    for text in sorted(messages):
        entry = polib.POEntry(msgid=text.text, msgctxt=text.context or None)
        entry.occurrences = [(file, "") for file in messages[text]]
        if text.plural:
            entry.msgid_plural = text.plural
            entry.msgstr_plural = {0: ""}
        if text in known:
            entry.msgstr, entry.msgstr_plural = known[text].msgstr, known[text].msgstr_plural
            entry.flags = known[text].flags
        catalogue.append(entry)
    path = application / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(binary(catalogue))


def binary(catalogue: polib.POFile) -> bytes:
    """The compiled form; the same catalogue always gives the same bytes."""
    compiled: bytes = catalogue.to_binary()
    return compiled


def catalogues() -> list[Path]:
    """Every Chinese catalogue that there is."""
    return sorted(SOURCE.rglob(str(CATALOGUE)))


def read(path: Path) -> polib.POFile:
    """A catalogue, empty when there is no file yet."""
    if not path.exists():
        return polib.POFile()
    return polib.pofile(str(path), wrapwidth=100, encoding="utf-8")


def message_of(entry: polib.POEntry) -> Message:
    """The message that a catalogue entry translates."""
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
