"""PDF files of paper, page by page: forms joined for printing; scans, each page told by its code."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, cast

import pypdfium2
import zxingcpp
from PIL import Image

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused
from manyi.responses.paper_rules import read_serial

#: Dots per inch at which a page is looked at and kept: a code of 1.9 cm then has some 150 dots a side.
DPI = 200
#: No page is drawn with a longer side than this, however large it says that it is.
LONGEST_SIDE = 4000
#: A longer file would keep its sender waiting for minutes.
MOST_PAGES = 100
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
#: PDFium works for one thread at a time.
_PDFIUM = threading.Lock()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture; ``serial`` is the copy that its code names, empty if none could be read."""

    name: str
    content: bytes
    kind: str
    serial: str


def pages_of(file: IO[bytes], *, name: str, kind: str) -> list[Page]:
    """The pages of one file (content type ``kind``), PDF pages as JPEG; none of a PDF that cannot be opened.

    A picture is one page, kept as it came. Raises Refused for a PDF of more than MOST_PAGES.
    """
    file.seek(0)
    content = file.read()
    file.seek(0)
    if kind != "application/pdf":
        return [Page(name, content, kind, _serial_in(content))]
    with _PDFIUM:
        return list(_drawn(content, name))


def joined(parts: Iterable[bytes]) -> bytes:
    """PDF files one after the other as one; each is asked for when the one before it is in."""
    with _PDFIUM:
        whole = pypdfium2.PdfDocument.new()
    with whole:
        for part in parts:
            with _PDFIUM, pypdfium2.PdfDocument(part) as document:
                whole.import_pages(document)
        file = io.BytesIO()
        with _PDFIUM:
            whole.save(file)
    return file.getvalue()


def _drawn(content: bytes, name: str) -> Iterator[Page]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return
    with document:
        if len(document) > MOST_PAGES:
            told = Label(
                f"“{name}”有 {len(document)} 页,每个文件最多 {MOST_PAGES} 页,请拆成几个文件。",
                f"“{name}” has {len(document)} pages; send at most {MOST_PAGES} in one file.",
            )
            raise Refused(told, field="scans")
        for number in range(len(document)):
            try:
                picture = _picture(document, number)
            except pypdfium2.PdfiumError:
                continue  # a damaged page: the file is kept whole
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=80)
            yield Page(
                f"{PurePath(name).stem}-{number + 1}.jpg", jpeg.getvalue(), "image/jpeg", _read(picture)
            )


def _picture(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    """One page as it is printed, in colour; raises PdfiumError for a damaged one."""
    page = document[number]
    scale = min(DPI / 72, LONGEST_SIDE / max(*page.get_size(), 1))
    return cast("Image.Image", page.render(scale=scale).to_pil())


def _serial_in(content: bytes) -> str:
    """The serial number in a picture file; empty for one that cannot be opened or is beyond all measure."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            return _read(picture.convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""


def _read(picture: Image.Image) -> str:
    """The one serial number on a page; two different ones (two forms on one scan) name none."""
    codes = zxingcpp.read_barcodes(picture, formats=_QR)
    found = {serial for code in codes if (serial := read_serial(code.text))}
    return found.pop() if len(found) == 1 else ""
