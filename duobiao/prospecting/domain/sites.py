"""Addresses of web sites as a content security policy names them."""

from urllib.parse import urlsplit

UNFIT = frozenset("';,\"\\*<>")


def is_site(text: str) -> bool:
    """Whether a text is the bare https address of a web site: host and port, no path, nothing that ends a policy."""
    try:
        parts = urlsplit(text)
        known = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not UNFIT & set(text)
    return known and plain and not parts.path.strip("/") and not (parts.query or parts.fragment or parts.username)
