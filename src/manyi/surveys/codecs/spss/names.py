"""How SPSS spells names, and how much room it gives to words."""

from __future__ import annotations

import re

#: Bytes in UTF-8: a name, a variable's label, a value's label, a text.
MOST_NAME, MOST_LABEL, MOST_VALUE_LABEL, MOST_TEXT = 64, 256, 120, 32767
_STRANGE = re.compile(r"[^\w.$#@]")
_RESERVED = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})


def spelt(name: str) -> str:
    """A name that SPSS takes: letters of any script, digits, ``.``, ``_``, ``$``, ``#`` and ``@``."""
    name = cut(_STRANGE.sub("_", name), MOST_NAME - 4).rstrip(".")
    name = name if name[:1].isalpha() else f"v{name}"
    return f"{name}_" if name.lower() in _RESERVED else name


def cut(text: str, most: int) -> str:
    """The beginning of a text that fits into so many bytes of UTF-8."""
    data = text.encode()
    return text if len(data) <= most else data[:most].decode(errors="ignore")
