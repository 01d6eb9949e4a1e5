"""Which pictures may become the company's logo, recognised by content and never by name."""

MAX_LOGO_BYTES = 512 * 1024
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


def logo_suffix(head: bytes) -> str:
    """Return the file suffix for the first 16 bytes of a picture, "" when it is none of ours."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    return ""
