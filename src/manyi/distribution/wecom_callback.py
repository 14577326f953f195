"""Messages that WeCom hands in (接收消息): the signature, and the cipher in which they come.

As documented at developer.work.weixin.qq.com, path 90968: the signature is SHA-1 over token, timestamp, nonce
and cipher text, sorted and joined; the cipher is AES-256-CBC with PKCS#7 to 32 bytes, its IV the first 16
bytes of the key; inside stand 16 random bytes, the length (4 bytes, big-endian), the message, the receiver.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_KEY_CHARACTERS, _BLOCK, _HEAD = 43, 32, 20


class Closed(ValueError):
    """What cannot be deciphered, with the reason."""


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """The signature that a request must carry, hexadecimal."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, encrypted))).encode()).hexdigest()


def is_signed(token: str, given: str, timestamp: str, nonce: str, encrypted: str) -> bool:
    """Whether a request was signed with the token; never without one."""
    expected = signature(token, timestamp, nonce, encrypted)
    return bool(token) and hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def decipher(aes_key: str, encrypted: str) -> tuple[bytes, str]:
    """The message in a cipher text and for whom it is (the corporation's id). Raises Closed."""
    key = _key(aes_key)
    try:
        sealed = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Closed("it is not base64") from error
    if not sealed or len(sealed) % 16:
        raise Closed("its length does not fit")
    opener = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).decryptor()
    plain = _unpadded(opener.update(sealed) + opener.finalize())
    length = int.from_bytes(plain[16:_HEAD], "big")
    if len(plain) < _HEAD + length:
        raise Closed("it is cut off, or the key is another one")
    receiver = plain[_HEAD + length :]
    return plain[_HEAD : _HEAD + length], receiver.decode("utf-8", "replace")


def _key(aes_key: str) -> bytes:
    """The 32 bytes of an EncodingAESKey."""
    if len(aes_key) != _KEY_CHARACTERS:
        raise Closed("the EncodingAESKey needs 43 characters")
    try:
        return base64.b64decode(aes_key + "=")
    except binascii.Error as error:
        raise Closed("the EncodingAESKey is not base64") from error


def _unpadded(plain: bytes) -> bytes:
    padding = plain[-1]
    if not 1 <= padding <= _BLOCK or plain[-padding:] != bytes([padding]) * padding or len(plain) <= _HEAD:
        raise Closed("its padding is wrong, or the key is another one")
    return plain[:-padding]
