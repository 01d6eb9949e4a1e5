"""Say in words why a file cannot be a template, and what to do."""

from io import BytesIO
from typing import Final
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.refusals import Invalid
from duobiao.papers.domain.packages import MAX_BYTES, Unfit, check_package
from duobiao.web.formats import filesize
from duobiao.web.paper_kinds import CONTENT, PaperKind

UNREADABLE: Final = (SyntaxError, BadZipFile, KeyError, ValueError, AttributeError, TypeError, IndexError)
WORDS: Final[dict[str, object]] = {
    "not_word": gettext_lazy("This is no Word file. Save it in Word or WPS as .docx and choose that file."),
    "old_word": gettext_lazy("This is a Word file of the old kind, or one with a password. Save it as .docx without a password."),
    "saved_as_template": gettext_lazy("This is saved as a Word template (.dotx). Save it as a document (.docx)."),
    "unpacks_too_large": gettext_lazy("The file unpacks to far more than a template needs. Take pictures out or make them smaller."),
    "macros": gettext_lazy("The file holds macros or controls. Save it as .docx without them."),
    "embedded": gettext_lazy("The file holds another file (%(found)s). Take embedded objects out."),
    "external": gettext_lazy("The file points outside, to %(found)s. Remove links, linked pictures and the attached template; plain words may stay."),
    "fetching_field": gettext_lazy("The file holds a field that fetches something (%(found)s). Replace it by plain words."),
    "declarations": gettext_lazy("The file holds declarations that Word does not write (%(found)s). Save it anew in Word or WPS."),
}  # fmt: skip


class BadTemplate(Invalid):
    """The file cannot be laid out by."""

    code = "bad_template"


def check_template(content: bytes, kind: PaperKind) -> None:
    """Refuse a file that papers of a kind cannot be laid out by.

    Raises:
        BadTemplate: with the reason and the remedy.
    """
    try:
        check_package(content)
    except Unfit as fault:
        raise _bad(_words(fault)) from fault
    from docx import Document  # with lxml 15 MB: not before somebody brings a template
    from docx.opc.exceptions import OpcError

    from duobiao.web.paper_layouts import commands, placeholders

    try:
        document = Document(BytesIO(content))
        found, ordered = list(placeholders(document)), commands(document)
        _sections = [section.page_width for section in document.sections]
    except (OpcError, *UNREADABLE) as error:
        raise _bad(str(WORDS["not_word"])) from error
    if ordered:
        raise _bad(_("Commands of a template language are not carried out. Use placeholders in double braces only."))
    _check_known({one.name for one in found}, kind)
    for name in kind.blocks:
        _check_block(name, [one.alone for one in found if one.name == name])
    _check_whole({one.name for one in found}, kind)


def _check_known(names: set[str], kind: PaperKind) -> None:
    unknown = sorted(names - set(kind.words) - set(kind.blocks))
    if unknown:
        known = ", ".join(braced(name) for name in [*kind.words, *kind.blocks])
        message = _("There is no placeholder %(names)s. These exist: %(known)s.")
        raise _bad(message % {"names": ", ".join(braced(name[:40]) for name in unknown[:5]), "known": known})


def _check_block(name: str, standings: list[bool]) -> None:
    if not all(standings):
        message = _(
            "%(name)s needs a paragraph of its own in the text of the page, outside tables, headers and footers."
        )
        raise _bad(message % {"name": braced(name)})
    if len(standings) > 1:
        raise _bad(_("%(name)s stands there more than once.") % {"name": braced(name)})


def _check_whole(names: set[str], kind: PaperKind) -> None:
    """Nothing that a paper says may be lost: either the content, or each part by name."""
    if CONTENT in names:
        return
    missing = [braced(name) for name in kind.parts if name not in names]
    if missing and len(missing) < len(kind.parts):
        message = _(
            "The placeholder %(content)s is missing, or these parts: %(parts)s. What has no place would be lost."
        )
        raise _bad(message % {"content": braced(CONTENT), "parts": ", ".join(missing)})
    if missing or not kind.parts:
        message = _(
            "The placeholder %(content)s is missing. Put it where the content begins, in a paragraph of its own."
        )
        raise _bad(message % {"content": braced(CONTENT)})


def braced(name: str) -> str:
    """Write a placeholder as it stands in a file."""
    return "{{" + name + "}}"


def _words(fault: Unfit) -> str:
    if fault.code == "too_large":
        return _("A template is at most %(most)s. Make its pictures smaller.") % {"most": filesize(MAX_BYTES)}
    return str(WORDS[fault.code]) % {"found": fault.found}


def _bad(message: str) -> BadTemplate:
    return BadTemplate(message, fields={"file": message})
