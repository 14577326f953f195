"""What people write to the organisation's app on WeCom, read as posts: a person is one conversation."""

from __future__ import annotations

from datetime import UTC, datetime

from manyi.cases.posts.mapping import MOST_CHARACTERS, Post, Unreadable
from manyi.distribution import wecom_callback
from manyi.distribution.channels import wecom as channel
from manyi.distribution.mail_headers import clean
from manyi.kernel.labels import Label
from manyi.organisation.settings import value, values
from manyi.surveys.codecs import document
from manyi.surveys.codecs.xml import parse_xml

MOST_BYTES = 256 * 1024
#: What stands for a message that is no text, by its type.
_KINDS = {
    "image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]", "location": "[位置]",
    "link": "[链接]",
}  # fmt: skip
_NOT_READY = Label(
    "请先在“发送渠道 → 企业微信”填写企业 ID、接收消息的 Token 和 EncodingAESKey。",
    "First fill in the corporation id, the token and the EncodingAESKey under channels, WeCom.",
)


def missing() -> Label | None:
    """What is still to be set up before messages can be received; None when it is done."""
    given = values((channel.CORP, channel.CALLBACK_TOKEN, channel.CALLBACK_KEY))
    return None if all(given.values()) else _NOT_READY


def is_signed(encrypted: str, signature: str, timestamp: str, nonce: str) -> bool:
    """Whether WeCom signed this; never while no token is set."""
    return wecom_callback.is_signed(value(channel.CALLBACK_TOKEN), signature, timestamp, nonce, encrypted)


def envelope(raw: bytes) -> str:
    """The cipher text in what was posted. Raises Unreadable."""
    return _texts(raw).get("Encrypt", "")


def opened(encrypted: str) -> bytes:
    """The plain message; raises Unreadable, with the reason ``corp`` when it is for another corporation."""
    try:
        message, receiver = wecom_callback.decipher(value(channel.CALLBACK_KEY), encrypted)
    except wecom_callback.Closed as error:
        raise Unreadable("closed", str(error)) from error
    if receiver != value(channel.CORP):
        raise Unreadable("corp", receiver)
    return message


def read(raw: bytes) -> Post | None:
    """A message as a post; None for an event (somebody entered the app). Raises Unreadable."""
    texts = _texts(opened(envelope(raw)))
    kind, person = texts.get("MsgType", ""), texts.get("FromUserName", "")[:120]
    if kind == "event":
        return None
    if not (texts.get("MsgId") and person):
        raise Unreadable("no_id")
    media = [texts[name] for name in ("PicUrl", "MediaId", "Url") if texts.get(name)]
    return Post(
        id=texts["MsgId"][:120],
        text=_words(kind, texts)[:MOST_CHARACTERS],
        thread=person,
        author=person[:80],
        author_id=person,
        posted_at=_moment(texts.get("CreateTime", "")),
        files=tuple(each[:500] for each in media),
    )


def _words(kind: str, texts: dict[str, str]) -> str:
    said = [texts.get(name, "") for name in ("Content", "Title", "Description", "Label")]
    words = [_KINDS.get(kind, ""), *said] if kind != "text" else said
    found = " ".join(word for word in words if word)
    if not found:
        raise Unreadable("no_text", kind)
    return found


def _texts(raw: bytes) -> dict[str, str]:
    """The elements of a message, by name."""
    try:
        root = parse_xml(raw, MOST_BYTES)
    except document.Unreadable as error:
        raise Unreadable("no_xml", error.message.en) from error
    return {child.tag: clean(child.text or "").strip() for child in root}


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
