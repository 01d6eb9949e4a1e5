"""Business refusals: a "no" with a stable code, a clear message and the fields it concerns."""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """The request was understood and is refused; nothing was changed.

    Attributes:
        code: Stable machine name, lower snake case.
        status: HTTP status the edge answers with.
        message: One sentence for the person, with the remedy; may be a lazy translation.
        fields: Message per field name where one field is at fault.
        details: Extra JSON values for the API, e.g. the current version after a conflict.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(
        self,
        message: object,
        *,
        fields: Mapping[str, object] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})
        self.details = dict(details or {})


class Invalid(Refusal):
    """A value cannot be accepted as it stands (422)."""

    code = "invalid"


class NotAllowed(Refusal):
    """The actor may see the record but not do this to it (403)."""

    code = "not_allowed"
    status = 403


class NotFound(Refusal):
    """The record does not exist, or the actor may not know that it does (404)."""

    code = "not_found"
    status = 404


class Conflict(Refusal):
    """The record is in a state that forbids this (409)."""

    code = "conflict"
    status = 409


class StaleVersion(Conflict):
    """Somebody changed the record since the actor read it (409).

    ``details["current"]`` holds the present values of the fields the actor wanted to write.
    """

    code = "stale_version"
