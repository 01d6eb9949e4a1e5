"""Tables of papers, by the names people know them by."""

from duobiao.papers.models import PaperTemplate
from duobiao.web.tables import leave_out


def register() -> None:
    """Name the tables."""
    leave_out("settings of the installation", PaperTemplate)
