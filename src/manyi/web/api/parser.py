"""How the API reads a body: JSON, without the NUL that no database keeps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from manyi.kernel.labels import Label
from manyi.organisation.errors import Refused


class CleanParser(Parser):
    """ninja's parser, which refuses NUL instead of letting the database do it with an error of its own."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The values of a JSON body; raises Refused for a NUL in it."""
        if b"\\u0000" in request.body or b"\x00" in request.body:
            raise Refused(Label("内容里有不可见的 NUL 字符,请去掉。", "Please take out the NUL character."))
        return super().parse_body(request)
