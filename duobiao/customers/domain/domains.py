"""Domains of web sites and of mail."""

from urllib.parse import urlsplit


def domain_of(text: str) -> str:
    """Return the domain of an address of a site or of mail, without ``www.``; "" where there is none."""
    bare = text.strip().lower().rpartition("@")[2]
    try:
        host = urlsplit(bare if "://" in bare else f"//{bare}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host else ""
