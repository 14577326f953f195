"""A photograph loses its place, time and camera, keeps how it is to be turned, and stays the same picture."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyi.organisation.photos import PHOTOS, without_words

GPS = b"N31.2304 E121.4737"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = "<") -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    ifd = struct.pack(f"{order}IH", 8, 1) + entry + struct.pack(f"{order}I", 0)
    return b"Exif\0\0" + mark + ifd + GPS


def jpeg(*segments: bytes) -> bytes:
    scan = segment(0xDA, b"\x01\x02") + b"the picture \xff\x00 itself" + b"\xff\xd9"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"".join(segments) + segment(0xDB, b"table") + scan


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IDAT", b"picture") + chunk(b"IEND", b"")


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def webp(flags: int, *chunks: bytes) -> bytes:
    body = b"WEBP" + riff(b"VP8X", bytes([flags]) + bytes(9)) + riff(b"VP8 ", b"picture") + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_jpeg_keeps_only_the_picture() -> None:
    words = segment(0xE1, exif(1)), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + GPS)
    told = jpeg(*words, segment(0xED, GPS), segment(0xFE, GPS))
    assert without_words(told, "image/jpeg") == jpeg()


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_still_says_how_it_is_to_be_turned(order: str) -> None:
    cleaned = without_words(jpeg(segment(0xE1, exif(6, order))), "image/jpeg")
    assert GPS not in cleaned
    assert cleaned.endswith(jpeg()[2:])
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in cleaned
    assert without_words(cleaned, "image/jpeg") == cleaned


def test_a_png_keeps_only_the_picture() -> None:
    told = png(chunk(b"eXIf", GPS), chunk(b"tEXt", GPS), chunk(b"iTXt", GPS), chunk(b"gAMA", b"\0\0\xb1\x8f"))
    assert without_words(told, "image/png") == png(chunk(b"gAMA", b"\0\0\xb1\x8f"))


def test_a_webp_keeps_only_the_picture_and_announces_no_more() -> None:
    told = webp(0x10 | 0x08 | 0x04, riff(b"EXIF", GPS + b"!"), riff(b"XMP ", GPS))
    assert without_words(told, "image/webp") == webp(0x10)


def test_other_kinds_stay_as_they_are() -> None:
    assert without_words(b"GIF89a" + GPS, "image/gif") == b"GIF89a" + GPS


@given(st.sampled_from(sorted(PHOTOS)), st.binary(max_size=200), st.integers(0, 60))
def test_what_is_broken_or_cut_off_is_kept_and_never_fails(kind: str, junk: bytes, cut: int) -> None:
    whole = {"image/jpeg": jpeg(segment(0xE1, exif(3))), "image/png": png(), "image/webp": webp(8)}[kind]
    without_words(junk, kind)
    assert without_words(whole[:cut], kind) is not None
