"""The library of questions and tactics as the company keeps it."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.needs.actions.keep_library import KEEP, Written, keep_entry, undo_entry
from duobiao.needs.models import LibraryKind, LibraryVersion
from duobiao.needs.queries.kept import Entry
from duobiao.needs.queries.kept_entries import entries, entry_of

router = Router()


class LibraryEntryOut(Schema):
    """A question or tactic as it holds."""

    sort: str = Field(description="SPIN or TACTIC")
    key: str
    version: int = Field(description="0: as shipped")
    slot: str = Field(description="letter of the question (S, P, I, N) or type of objections")
    industry: str
    text: str
    how: str
    removed: bool
    shipped: bool

    @classmethod
    def of(cls, entry: Entry) -> "LibraryEntryOut":
        """Build it from an entry."""
        same = ("sort", "key", "slot", "industry", "text", "how", "removed", "shipped")
        return cls(version=entry.number, **{name: getattr(entry, name) for name in same})


class LibraryEntryIn(StrictSchema):
    """A question or tactic as somebody writes it."""

    slot: str = Field(max_length=10)
    text: str = Field(max_length=300)
    industry: str = Field("", max_length=60)
    how: str = Field("", max_length=1000)
    removed: bool = False


class LibraryChangeIn(LibraryEntryIn):
    """The same, with the version one saw."""

    version: int = Field(ge=0, lt=2**31)


class LibraryUndoIn(StrictSchema):
    """The version one saw."""

    version: int = Field(ge=0, lt=2**31)


@router.get(
    "/library-entries", response=list[LibraryEntryOut], operation_id="list_library_entries", summary="List questions and tactics"
)  # fmt: skip
def get_entries(request: HttpRequest) -> list[LibraryEntryOut]:
    """All, also those no longer offered; for those who keep them."""
    require(actor_of(request), KEEP)
    return [LibraryEntryOut.of(entry) for sort in LibraryKind.values for entry in entries(sort)]


@router.post(
    "/library-entries/{sort}",
    response={201: LibraryEntryOut},
    operation_id="add_library_entry",
    summary="Add a question or tactic",
)
def post_entry(request: HttpRequest, sort: str, payload: LibraryEntryIn) -> Status[LibraryEntryOut]:
    """One of the company's own."""
    written = Written(**payload.dict())
    made = keep_entry(sort=sort, key="", written=written, version=0, actor=actor_of(request), now=timezone.now())
    return Status(201, _out(made))


@router.patch(
    "/library-entries/{sort}/{key}",
    response=LibraryEntryOut,
    operation_id="keep_library_entry",
    summary="Change a question or tactic",
)
def patch_entry(request: HttpRequest, sort: str, key: str, payload: LibraryChangeIn) -> LibraryEntryOut:
    """Every change is a version; the shipped text is the start."""
    held = payload.dict()
    version = held.pop("version")
    made = keep_entry(
        sort=sort, key=key, written=Written(**held), version=version, actor=actor_of(request), now=timezone.now()
    )  # fmt: skip
    return _out(made)


@router.post(
    "/library-entries/{sort}/{key}/undo",
    response=LibraryEntryOut,
    operation_id="undo_library_entry",
    summary="Undo the last change of a question or tactic",
)
def post_undo(request: HttpRequest, sort: str, key: str, payload: LibraryUndoIn) -> LibraryEntryOut:
    """What was before becomes the next version."""
    made = undo_entry(sort=sort, key=key, version=payload.version, actor=actor_of(request), now=timezone.now())
    return _out(made)


def _out(made: LibraryVersion) -> LibraryEntryOut:
    entry = entry_of(made.sort, made.key)
    if entry is None:
        raise NotFound(_("There is no such question or tactic."))
    return LibraryEntryOut.of(entry)
