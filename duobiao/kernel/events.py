"""Events: what happened, named in the past tense; the timeline keeps them and handlers react to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from duobiao.kernel.refs import Ref

EVENT_TYPES: dict[str, type["Event"]] = {}
"""Every event type by its name; a type enters when its class is defined."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to one record.

    A subclass names itself (``name = "engagement.visit_agreed"``), says how it is shown (``title``, ``icon``,
    ``tone``) and may override ``describe`` to add a detail line from the stored data.

    Attributes:
        subject: The record it happened to.
        chain: Name of the audit chain: the deal's reference where there is one, else the subject's.
        data: JSON values worth keeping: before and after, quantities, reasons.
    """

    name: ClassVar[str] = ""
    title: ClassVar[object] = ""
    icon: ClassVar[str] = "point"
    tone: ClassVar[str] = "plain"

    subject: Ref
    chain: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name in EVENT_TYPES:
            raise TypeError(f"two event types are named {cls.name!r}")
        EVENT_TYPES[cls.name] = cls

    @property
    def chain_name(self) -> str:
        """The audit chain this event belongs to."""
        return self.chain or self.subject.ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Return title and detail line for the stored ``data``, in the reader's language."""
        return str(cls.title), str(data.get("note", ""))
