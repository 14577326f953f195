"""The Chinese fonts of printed reports: always the same ones, whatever the machine has."""

from __future__ import annotations

from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path

FAMILY = "Noto Sans SC"
#: What a reader's Word has; a document names a font and does not carry it.
OFFICE_FAMILY = "Microsoft YaHei"


def font_folders() -> list[Path]:
    """The folders in which the typesetter finds its fonts."""
    return [Path(sans_path()).parent]
