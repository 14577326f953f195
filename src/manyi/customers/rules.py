"""Pure decisions about contacts: what is the same address, what may be shown, who may be asked."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata

from manyi.kernel.labels import Label

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}|[48]00\d{7}")
_INTERNATIONAL = re.compile(r"\+\d{7,15}")


class BadContact(ValueError):
    """A contact that cannot be reached as it is written."""

    def __init__(self, message: Label) -> None:
        super().__init__(message.en)
        self.message = message


def normalise(kind: str, value: str) -> str:
    """The form in which contacts are compared: half-width, without blanks, mobile numbers without +86.

    Raises BadContact with what is wrong (one digit missing, no @).
    """
    text = "".join(unicodedata.normalize("NFKC", value).split())
    if kind == "email":
        return _email(text)
    if kind == "phone":
        return _phone(re.sub(r"[-()（）]", "", text))
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise BadContact(
            Label(f"邮箱“{text}”不完整,应像 li@example.com。", f"“{text}” is not a complete e-mail address.")
        )
    return text.lower()


def _phone(text: str) -> str:
    bare = re.sub(r"^(\+86|0086)", "", text)
    if _MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare) or _INTERNATIONAL.fullmatch(text):
        return bare
    digits = len(re.sub(r"\D", "", bare))
    if bare.startswith("1") and digits != 11:
        many, few = ("多", "too many") if digits > 11 else ("少", "too few")
        count = abs(digits - 11)
        raise BadContact(
            Label(
                f"手机号{many} {count} 位(应为 11 位)。",
                f"the mobile number has {count} digit(s) {few}; it should have 11.",
            )
        )
    raise BadContact(Label(f"电话号码“{text}”无法识别。", f"“{text}” is not a telephone number."))


def contact_hash(secret: str, kind: str, normalised: str) -> str:
    """A keyed hash by which an opt-out is recognised again without the address being kept."""
    return hmac.new(secret.encode(), f"{kind}:{normalised}".encode(), hashlib.sha256).hexdigest()


def pseudonym() -> str:
    """A new name for a customer where the real one must not appear: C-7KQ2M9XD."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "C-" + "".join(secrets.choice(alphabet) for _ in range(8))


def masked(kind: str, value: str) -> str:
    """A contact as most staff see it: 138****5678, l***@example.com."""
    if kind == "email" and "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    if len(value) >= 7:
        return f"{value[:3]}****{value[-4:]}"
    return "*" * len(value)
