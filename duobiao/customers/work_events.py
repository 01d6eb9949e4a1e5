"""What happens around the work with a customer: its sites, the resources put to work, its issues, our admissions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.web.formats import day


@dataclass(frozen=True, kw_only=True)
class SiteEvent(Event):
    """Something that happened to a site of a customer."""

    name: ClassVar[str] = "customers._site"
    icon: ClassVar[str] = "map-pin"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), " · ".join(filter(None, [str(data.get("name", "")), str(data.get("address", ""))]))


@dataclass(frozen=True, kw_only=True)
class SiteAdded(SiteEvent):
    """A site was noted."""

    name: ClassVar[str] = "customers.site_added"
    title: ClassVar[object] = gettext_lazy("Site added")


@dataclass(frozen=True, kw_only=True)
class SiteChanged(SiteEvent):
    """A site was changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.site_changed"
    title: ClassVar[object] = gettext_lazy("Site changed")


@dataclass(frozen=True, kw_only=True)
class SiteRemoved(SiteEvent):
    """A site was taken out."""

    name: ClassVar[str] = "customers.site_removed"
    title: ClassVar[object] = gettext_lazy("Site taken out")


@dataclass(frozen=True, kw_only=True)
class ResourceEvent(Event):
    """Something that happened to a resource that works for a customer."""

    name: ClassVar[str] = "customers._resource"
    icon: ClassVar[str] = "users-group"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), " · ".join(filter(None, [str(data.get("name", "")), str(data.get("role", ""))]))


@dataclass(frozen=True, kw_only=True)
class ResourceAdded(ResourceEvent):
    """A resource was put to work for a customer."""

    name: ClassVar[str] = "customers.resource_added"
    title: ClassVar[object] = gettext_lazy("Resource added")


@dataclass(frozen=True, kw_only=True)
class ResourceChanged(ResourceEvent):
    """A resource was changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.resource_changed"
    title: ClassVar[object] = gettext_lazy("Resource changed")


@dataclass(frozen=True, kw_only=True)
class ResourceRemoved(ResourceEvent):
    """A resource was taken out."""

    name: ClassVar[str] = "customers.resource_removed"
    title: ClassVar[object] = gettext_lazy("Resource taken out")


@dataclass(frozen=True, kw_only=True)
class IssueEvent(Event):
    """Something that happened to an issue of a customer."""

    name: ClassVar[str] = "customers._issue"
    icon: ClassVar[str] = "lifebuoy"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        parts = [data.get("customer_name"), data.get("title"), data.get("solution"), data.get("owner")]
        return str(cls.title), " · ".join(str(part) for part in parts if part)[:200]


@dataclass(frozen=True, kw_only=True)
class IssueRaised(IssueEvent):
    """An issue was noted, or given to somebody else."""

    name: ClassVar[str] = "customers.issue_raised"
    title: ClassVar[object] = gettext_lazy("Customer issue to solve")


@dataclass(frozen=True, kw_only=True)
class IssueChanged(IssueEvent):
    """An issue was changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.issue_changed"
    title: ClassVar[object] = gettext_lazy("Customer issue changed")


@dataclass(frozen=True, kw_only=True)
class IssueSolved(IssueEvent):
    """An issue was solved."""

    name: ClassVar[str] = "customers.issue_solved"
    title: ClassVar[object] = gettext_lazy("Customer issue solved")
    tone: ClassVar[str] = "ok"


@dataclass(frozen=True, kw_only=True)
class IssueEscalated(IssueEvent):
    """An issue is late; superiors were told."""

    name: ClassVar[str] = "customers.issue_escalated"
    title: ClassVar[object] = gettext_lazy("Customer issue overdue")
    tone: ClassVar[str] = "warn"


@dataclass(frozen=True, kw_only=True)
class AdmissionEvent(Event):
    """Something that happened to an admission; ``data["customer"]`` is the reference of the customer."""

    name: ClassVar[str] = "customers._admission"
    icon: ClassVar[str] = "certificate"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the customer, the list, its state and its last day."""
        states = dict(apps.get_model("customers", "Admission")._meta.get_field("state").flatchoices)
        state = str(states.get(str(data.get("state", "")), ""))
        until = data.get("valid_until")
        last = _("valid until %(day)s") % {"day": day(date.fromisoformat(until))} if until else ""
        parts = [data.get("customer_name"), data.get("name"), state, last, data.get("note")]
        return str(cls.title), " · ".join(str(part) for part in parts if part)[:200]


@dataclass(frozen=True, kw_only=True)
class AdmissionAdded(AdmissionEvent):
    """A register or platform of a customer was noted."""

    name: ClassVar[str] = "customers.admission_added"
    title: ClassVar[object] = gettext_lazy("Supplier admission noted")


@dataclass(frozen=True, kw_only=True)
class AdmissionChanged(AdmissionEvent):
    """An admission was changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.admission_changed"
    title: ClassVar[object] = gettext_lazy("Supplier admission changed")


@dataclass(frozen=True, kw_only=True)
class AdmissionMoved(AdmissionEvent):
    """An admission came to another state, or was renewed."""

    name: ClassVar[str] = "customers.admission_moved"
    title: ClassVar[object] = gettext_lazy("Supplier admission: state")


@dataclass(frozen=True, kw_only=True)
class AdmissionRemoved(AdmissionEvent):
    """An admission was taken out."""

    name: ClassVar[str] = "customers.admission_removed"
    title: ClassVar[object] = gettext_lazy("Supplier admission taken out")


@dataclass(frozen=True, kw_only=True)
class AdmissionNear(AdmissionEvent):
    """An admission ends soon."""

    name: ClassVar[str] = "customers.admission_near"
    title: ClassVar[object] = gettext_lazy("Supplier admission runs out")
    icon: ClassVar[str] = "alarm"
    tone: ClassVar[str] = "warn"


@dataclass(frozen=True, kw_only=True)
class AdmissionExpired(AdmissionEvent):
    """The last day of an admission has passed."""

    name: ClassVar[str] = "customers.admission_expired"
    title: ClassVar[object] = gettext_lazy("Supplier admission has run out")
    icon: ClassVar[str] = "clock-exclamation"
    tone: ClassVar[str] = "bad"


@dataclass(frozen=True, kw_only=True)
class AdmissionsExported(Event):
    """Somebody took the list of admissions out of the house."""

    name: ClassVar[str] = "customers.admissions_exported"
    title: ClassVar[object] = gettext_lazy("Supplier admissions exported")
    icon: ClassVar[str] = "download"
