"""Tables of search: all of them are drawn from others."""

from duobiao.search.models import SearchAccess, SearchDocument
from duobiao.web.tables import leave_out


def register() -> None:
    """Say why none is in an export."""
    leave_out("drawn from the records it finds", SearchDocument, SearchAccess)
