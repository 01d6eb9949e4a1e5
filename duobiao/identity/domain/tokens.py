"""Tokens of the API and of secret links: what they look like and what is kept of them."""

import hashlib
import secrets
import string

PREFIX = "dbt_"
LENGTH = 40
LINK_PREFIX = "dbl_"
LINK_LENGTH = 32
ALPHABET = string.ascii_letters + string.digits


def new_token() -> str:
    """Make a token of 238 random bits."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _index in range(LENGTH))


def new_link_token() -> str:
    """Make the token of a secret link, of 190 random bits; log lines mask it by its prefix."""
    return LINK_PREFIX + "".join(secrets.choice(ALPHABET) for _index in range(LINK_LENGTH))


def token_digest(token: str) -> str:
    """Return what is kept of a token (SHA-256, hexadecimal); tokens are random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
