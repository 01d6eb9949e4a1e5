"""Why the tables of duplicates are in no export."""

from duobiao.duplicates.models import Merge, MergeMemory, Pair, SignKey
from duobiao.web.tables import leave_out


def register() -> None:
    """Say it."""
    leave_out(
        "what looked alike, and what a merge changed: worked with here, of no use elsewhere", Merge, Pair, SignKey
    )
    leave_out("holds what a merge changed for thirty days, so that it can be undone", MergeMemory)
