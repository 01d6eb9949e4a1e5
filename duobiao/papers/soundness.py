"""Checks of ``duobiao doctor`` on templates."""

from typing import Any

from django.core.checks import CheckMessage, Error

from duobiao.documents.models.files import file_path
from duobiao.kernel.refusals import Refusal
from duobiao.papers.actions.check_template import check_template
from duobiao.papers.queries.templates import standings


def templates_can_be_used(**_: Any) -> list[CheckMessage]:
    """Every company template is there and papers can be laid out by it."""
    found: list[CheckMessage] = []
    for one in standings():
        if one.own is None:
            continue
        try:
            check_template(file_path(one.own.document.sha256).read_bytes(), one.kind)
        except (OSError, Refusal) as error:
            hint = "put it in anew on /admin/papers/, or go back to the shipped one; until then the shipped one is used"
            found.append(
                Error(f"the Word template of {one.kind.key} cannot be used: {error}", hint=hint, id="papers.E001")
            )
    return found
