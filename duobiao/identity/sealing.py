"""Seal secrets that must be read again, such as the password of the mail server."""

import base64
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.encoding import force_bytes

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


def _box() -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # 14 MB: not before there is something to seal

    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"duobiao.identity.sealing").derive(
        force_bytes(secret)
    )
    return base64.urlsafe_b64encode(derived)


def seal(text: str) -> str:
    """Encrypt ``text`` with a key derived from the signing secret; "" stays ""."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Decrypt; "" when nothing was sealed or the signing secret is another one by now."""
    from cryptography.fernet import InvalidToken

    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""
