"""Word files to try as templates."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from docx import Document


def word(
    lines: Iterable[str] = ("{{title}}", "{{subtitle}}", "{{content}}"), *, header: str = "", footer: str = ""
) -> bytes:
    """Write a Word file of paragraphs with a header and a footer."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    section = document.sections[0]
    if header:
        section.header.paragraphs[0].text = header
    if footer:
        section.footer.paragraphs[0].text = footer
    return saved(document)


def saved(document: Any) -> bytes:
    """Return the bytes of a document of python-docx."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def changed(
    content: bytes, *, add: Mapping[str, bytes] | None = None, swap: Mapping[str, tuple[bytes, bytes]] | None = None
) -> bytes:
    """Add parts to a Word file, or swap some bytes of its parts."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for part in source.infolist():
            held = source.read(part)
            old, new = (swap or {}).get(part.filename, (b"", b""))
            assert not old or old in held, part.filename
            package.writestr(part.filename, held.replace(old, new, 1) if old else held)
        for name, held in (add or {}).items():
            package.writestr(name, held)
    return target.getvalue()
