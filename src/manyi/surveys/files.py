"""Files as answers: what kinds a question takes, and how the list of them is judged.

A file is stored by the room of answers; the answer only describes it: ``{sha256, name, type, size}``. What
was refused on arrival has no ``sha256``, and stays in the list only until the respondent has been told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from manyi.kernel.labels import Label
from manyi.surveys.question_types import Checked, Form
from manyi.surveys.tree import Question
from manyi.surveys.typed_text import as_text, said
from manyi.surveys.wording import worded

#: The kinds of files that can be asked for, with the content types that they mean. Nothing here is active.
KINDS: dict[str, tuple[str, ...]] = {
    "image": ("image/jpeg", "image/png", "image/webp", "image/gif", "image/heic"),
    "document": (
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/x-ole-storage",
        "text/plain",
    ),
    "sheet": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/x-ole-storage",
    ),
    "audio": ("audio/mpeg", "audio/mp4", "audio/wav", "audio/ogg", "audio/amr"),
    "video": ("video/mp4", "video/quicktime", "video/webm"),
}
NAMES = {
    "image": Label("图片", "pictures"),
    "document": Label("文档(PDF、Word 等)", "documents (PDF, Word …)"),
    "sheet": Label("表格", "spreadsheets"),
    "audio": Label("录音", "recordings"),
    "video": Label("视频", "videos"),
}
#: What a browser's file dialogue offers for a kind.
_DIALOGUE = {
    "image": ("image/*",),
    "document": (".pdf", ".doc", ".docx", ".ppt", ".pptx", ".txt"),
    "sheet": (".xls", ".xlsx"),
    "audio": ("audio/*",),
    "video": ("video/*",),
}
#: How files come after an interview by telephone: the answer until they are there.
PROMISES = {
    "promised_link": Label("客户稍后用我们发送的链接上传", "Sends it later by a link from us"),
    "promised_by_hand": Label("客户稍后交给我们", "Hands it in later"),
}
MOST_FILES, MOST_MEGABYTES = 10, 100
_SHA256 = re.compile(r"[0-9a-f]{64}")


def content_types(kinds: Sequence[str]) -> frozenset[str]:
    """The content types that some kinds of files mean."""
    return frozenset(each for kind in kinds for each in KINDS[kind])


def dialogue(kinds: Sequence[str]) -> str:
    """The ``accept`` attribute of a file field."""
    return ",".join(each for kind in kinds for each in _DIALOGUE[kind])


def parse_files(form: Form, name: str) -> list[Any] | str | None:
    """The descriptions of files in a form, as the page wrote them, or a promise; what is neither stays."""
    given = [value for value in form.get(name, ()) if value.strip()]
    files = [_described(value) for value in given if value not in PROMISES]
    return files or (given[-1] if given else None)


def promised(value: Any) -> bool:
    """Whether an answer says that the files are still to come."""
    return isinstance(value, str) and value in PROMISES


def _described(value: str) -> Any:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, dict) else value


def check_files(value: Any, kinds: Sequence[str], at_most: int, megabytes: int) -> Checked:
    """Stored files of the wanted kinds, not too many, not too large; good ones stay beside bad ones.

    A promise from the telephone is an answer too.
    """
    if promised(value):
        return Checked(value)
    given = list(value) if isinstance(value, list | tuple) else [value]
    kept, problem = [], None
    for each in given:
        wrong = _wrong(each, content_types(kinds), kinds, megabytes)
        if wrong is None:
            kept.append({name: each[name] for name in ("sha256", "name", "type", "size")})
        problem = problem or wrong
    if len(given) > at_most:
        problem = Label(f"最多上传 {at_most} 个文件。", f"At most {at_most} files.")
    return Checked(kept[:at_most] or None, problem)


def _wrong(each: Any, types: frozenset[str], kinds: Sequence[str], megabytes: int) -> Label | None:
    """What is wrong with one file; None for a stored one that fits."""
    if not isinstance(each, Mapping) or not isinstance(each.get("name"), str):
        return Label("请上传文件。", "Please choose a file to send.")
    name, size = said(each["name"]), each.get("size")
    if as_text(each.get("type")) not in types:
        zh, en = "、".join(NAMES[k].zh for k in kinds), ", ".join(NAMES[k].en for k in kinds)
        return Label(f"“{name}”的格式不能上传,只接收{zh}。", f"“{name}” cannot be taken; only {en} can.")
    most = each.get("limit", megabytes)
    if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= megabytes << 20:
        return Label(
            f"“{name}”是空的或超过 {megabytes} MB。", f"“{name}” is empty or larger than {megabytes} MB."
        )
    if isinstance(each.get("sha256"), str) and _SHA256.fullmatch(each["sha256"]):
        return None
    return Label(f"“{name}”超过 {as_text(most)} MB。", f"“{name}” is larger than {as_text(most)} MB.")


def files_shown(question: Question, value: Any, language: str) -> str:
    """The names of the files, or the promise, in words."""
    return PROMISES[value].text(language) if promised(value) else worded(question, value, language)


def files_problem(kinds: Sequence[str], at_most: int, megabytes: int) -> tuple[str, Label] | None:
    """A configuration that no file can meet."""
    if not kinds or not set(kinds) <= KINDS.keys():
        known = ", ".join(KINDS)
        return "kinds", Label(f"文件种类只能是 {known}。", f"Kinds of files are {known}.")
    if not 1 <= at_most <= MOST_FILES:
        return "at_most", Label(f"应为 1 到 {MOST_FILES} 个。", f"1 to {MOST_FILES} files.")
    if not 1 <= megabytes <= MOST_MEGABYTES:
        return "megabytes", Label(f"应为 1 到 {MOST_MEGABYTES} MB。", f"1 to {MOST_MEGABYTES} MB.")
    return None
