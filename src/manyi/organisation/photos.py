"""Photographs without what they tell beside the picture: place, time, camera, thumbnails, comments.

The picture itself is not touched, so no library is needed: JPEG (ITU T.81, Exif 2.3), PNG (W3C PNG 3)
and WebP (RFC 9649) keep such words in segments of their own. How a JPEG is to be turned stays known.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
#: JPEG segments that carry words: Exif and XMP (APP1), Photoshop and IPTC (APP13), comments.
_JPEG_WORDS = frozenset({0xE1, 0xED, 0xFE})
_PNG_WORDS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_WORDS = frozenset({b"EXIF", b"XMP "})
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
#: In the head of an extended WebP: the bits that announce Exif and XMP.
_WEBP_FLAGS = 0x08 | 0x04


def without_words(content: bytes, content_type: str) -> bytes:
    """The picture without its metadata; other kinds, and what is cut off, come back as they are."""
    cleaned = _CLEANERS.get(content_type)
    if cleaned is None:
        return content
    try:
        return cleaned(content)
    except (struct.error, IndexError):
        return content


def _jpeg(content: bytes) -> bytes:
    kept, place, turned = [content[:2]], 2, 1
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xDA:  # the picture begins
            break
        (length,) = struct.unpack_from(">H", content, place + 2)
        segment = content[place : place + 2 + length]
        if marker not in _JPEG_WORDS:
            kept.append(segment)
        elif segment[4:].startswith(_EXIF):
            turned = _orientation(segment[4 + len(_EXIF) :])
        place += 2 + length
    if turned != 1:
        kept.insert(1, _turned(turned))
    return b"".join([*kept, content[place:]])


def _orientation(tiff: bytes) -> int:
    """How the picture is to be turned (1 to 8); 1 where it does not say."""
    order = "<" if tiff[:2] == b"II" else ">"
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for number in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
        if tag == _ORIENTATION:
            return int(value) if 1 <= value <= 8 else 1
    return 1


def _turned(value: int) -> bytes:
    """An Exif segment that says nothing but how the picture is to be turned."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, value, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    body = _EXIF + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, place = [_PNG_HEAD], len(_PNG_HEAD)
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if kind not in _PNG_WORDS:
            kept.append(content[place:end])
        place = end
    return b"".join([*kept, content[place:]])


def _webp(content: bytes) -> bytes:
    kept, place = [], 12
    while place + 8 <= len(content):
        kind, length = struct.unpack_from("<4sI", content, place)
        end = place + 8 + length + length % 2
        chunk = content[place:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if kind not in _WEBP_WORDS:
            kept.append(chunk)
        place = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
PHOTOS = frozenset(_CLEANERS)
