"""What all channels over HTTP share: one post, what its failure means, and tokens kept until they expire."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from manyi.distribution.channels import ChannelError
from manyi.organisation import clock

TIMEOUT = 15
#: A token is fetched anew this long before its provider forgets it.
MARGIN = timedelta(minutes=2)
#: What the messengers call the number that says how it went: WeCom and DingTalk, Feishu, Feishu's old robots.
_CODES = ("errcode", "code", "StatusCode")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered: the HTTP status, the text, and the JSON object in it (empty if none)."""

    status: int
    text: str
    data: dict[str, Any]


def call(
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "",
    repeatable: bool = False,
) -> Answer:
    """One request; any HTTP status comes back as an answer.

    Raises ChannelError: for now when the gateway was not reached; when it was but stayed silent, for now only
    if sending again does no harm (``repeatable``), else for good, because it may have sent the message.
    """
    if not url.startswith(("http://", "https://")):
        raise ChannelError(f"not a web address: {url!r}", permanent=True)
    request = urllib.request.Request(url, data=body, headers=dict(headers or {}), method=method or None)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as reply:
            return answer_of(reply.status, reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return answer_of(error.code, error.read())
    except urllib.error.URLError as error:
        raise ChannelError(f"gateway not reached: {error.reason}", permanent=False) from error
    except (OSError, http.client.HTTPException) as error:
        reason = f"no answer from the gateway, the message may have gone out: {error}"
        raise ChannelError(reason, permanent=not repeatable) from error


def post_json(url: str, data: object, *, repeatable: bool = False, **headers: str) -> Answer:
    """Post an object as JSON."""
    body = json.dumps(data, ensure_ascii=False).encode()
    content = {"Content-Type": "application/json; charset=utf-8", **headers}
    return call(url, body=body, headers=content, repeatable=repeatable)


def answer_of(status: int, raw: bytes) -> Answer:
    """What came back, with the JSON object in it."""
    text = raw.decode("utf-8", "replace")
    try:
        data = json.loads(text)
    except ValueError:
        data = {}
    return Answer(status, text, data if isinstance(data, dict) else {})


def require_status(answer: Answer) -> None:
    """Raise ChannelError for an HTTP status that is no success: for now at 429 and 5xx, else for good."""
    if answer.status >= 400:
        again = answer.status == http.HTTPStatus.TOO_MANY_REQUESTS or answer.status >= 500
        raise ChannelError(f"HTTP {answer.status}: {answer.text[:500]}", permanent=not again)


def refused(code: object, words: object, *, again: bool) -> ChannelError:
    """The error of a gateway that answered with a code of its own."""
    return ChannelError(f"{code}: {words}"[:500], permanent=not again)


def require_success(answer: Answer, again: frozenset[int]) -> None:
    """ChannelError unless the platform says 0, whatever its fields are called; ``again``: its busy codes."""
    found = next((answer.data[name] for name in _CODES if name in answer.data), None)
    if found is None:
        require_status(answer)
    if found != 0:
        words = answer.data.get("errmsg", answer.data.get("msg", ""))
        raise refused(found, words, again=found in again)


class Tokens:
    """Access tokens of one provider, kept in this process until they expire."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, datetime]] = {}

    def get(self, account: str, fetch: Callable[[], tuple[str, int]]) -> str:
        """The token of an account; ``fetch`` gives a new one and for how many seconds it holds."""
        token, until = self._kept.get(account, ("", clock.now()))
        if not token or clock.now() >= until:
            token, seconds = fetch()
            self._kept[account] = (token, clock.now() + timedelta(seconds=seconds) - MARGIN)
        return token

    def forget(self, account: str) -> None:
        """The provider no longer takes this token."""
        self._kept.pop(account, None)


def app_call(
    tokens: Tokens,
    account: str,
    fetch: Callable[[], tuple[str, int]],
    send: Callable[[str], Answer],
    expired: frozenset[int],
) -> Answer:
    """Call with the token that is kept; once more with a new one when the provider says that it expired."""
    answer = send(tokens.get(account, fetch))
    if any(answer.data.get(name) in expired for name in _CODES):
        tokens.forget(account)
        answer = send(tokens.get(account, fetch))
    return answer
