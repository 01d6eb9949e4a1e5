"""What a reader asks of the chain: the day, which lines, which picture or the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from duobiao.stakeholders.models import Layout


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of a chain's page; what is not understood is as if it were not there.

    Attributes:
        informal: Whether lines of influence are drawn beside those of reporting.
        rivals: Whether it is shown who leans to a rival.
    """

    on: date
    today: date
    informal: bool
    rivals: bool
    as_table: bool
    layout: Layout

    def query(self, **other: str) -> str:
        """Return the query with some values changed, and ``&`` at its end where there is one; "" leaves a value out."""
        held = {
            "on": self.on.isoformat() if self.on != self.today else "",
            "lines": "" if self.informal else "formal",
            "rivals": "" if self.rivals else "hide",
            "view": "table" if self.as_table else "",
            "layout": "" if self.layout == Layout.LAYERS else self.layout.lower(),
            **other,
        }
        text = urlencode({name: value for name, value in held.items() if value})
        return f"{text}&" if text else ""


def asked_of(query: Mapping[str, str], today: date) -> Asked:
    """Read a query: ``on`` a day, ``lines=formal``, ``rivals=hide``, ``view=table``, ``layout=roles`` or ``network``."""
    layout = query.get("layout", "").upper()
    return Asked(
        on=_day(query.get("on", ""), today),
        today=today,
        informal=query.get("lines") != "formal",
        rivals=query.get("rivals") != "hide",
        as_table=query.get("view") == "table",
        layout=Layout(layout) if layout in Layout.values else Layout.LAYERS,
    )


def _day(text: str, today: date) -> date:
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today
