"""Downloads: hand out a file so that no browser runs anything in it."""

from pathlib import Path

from django.http import FileResponse, Http404

UNKNOWN = "application/octet-stream"
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A browser shows no PDF in a sandbox; its viewer runs nothing in our name either way."""


def file_response(path: Path, *, name: str, media_type: str = UNKNOWN, shown: bool = False) -> FileResponse:
    """Stream a file.

    Args:
        name: Under which it is saved.
        media_type: What the content was found to be; told to the browser only when ``shown``.
        shown: The browser may show it; only for pictures and PDF.

    Raises:
        Http404: the file is gone from the disk.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    content_type = media_type if shown else UNKNOWN
    response = FileResponse(file, as_attachment=not shown, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = PDF_POLICY if content_type == "application/pdf" else SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
