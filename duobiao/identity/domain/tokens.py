"""API tokens: what they look like and what is kept of them."""

import hashlib
import secrets
import string

PREFIX = "dbt_"
LENGTH = 40
ALPHABET = string.ascii_letters + string.digits


def new_token() -> str:
    """Make a token of 238 random bits."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _index in range(LENGTH))


def token_digest(token: str) -> str:
    """Return what is kept of a token (SHA-256, hexadecimal); tokens are random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
