"""What the lines of these events have in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext

from duobiao.web import formats

LONGEST_LINE = 120


def when(text: object) -> str:
    """Word a moment kept as text; "" where there is none."""
    moment = parse_datetime(str(text or ""))
    return _moment(moment) if moment is not None else ""


def _moment(moment: datetime) -> str:
    return f"{formats.day(moment)} {formats.time(moment)}"


def joined(*parts: object) -> str:
    """Join what is known into one line, cut where it is too long."""
    line = " · ".join(str(part) for part in parts if part)
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def proved(data: Mapping[str, Any]) -> str:
    """Say how many items were proved."""
    count = int(data.get("proved", 0))
    return ngettext("proves %(count)d item", "proves %(count)d items", count) % {"count": count} if count else ""
