"""What happens around the work with a customer: its sites, the resources put to work, its issues, our admissions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref
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
class ContactErased(Event):
    """The data of a person were erased; capabilities above end what would go on with them. Names nobody."""

    name: ClassVar[str] = "customers.contact_erased"
    title: ClassVar[object] = gettext_lazy("Personal data erased")
    icon: ClassVar[str] = "user-x"
    tone: ClassVar[str] = "warn"

    customer: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        rows = _("%(wiped)s places wiped, %(kept)s rows kept as a pseudonym") % {
            "wiped": data.get("wiped", 0),
            "kept": data.get("kept", 0),
        }
        return str(cls.title), rows


@dataclass(frozen=True, kw_only=True)
class PersonalDataHandedOut(Event):
    """Somebody took away all that is held about a person."""

    name: ClassVar[str] = "customers.personal_data_handed_out"
    title: ClassVar[object] = gettext_lazy("Personal data handed out")
    icon: ClassVar[str] = "file-export"

    customer: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), str(data.get("format", ""))


@dataclass(frozen=True, kw_only=True)
class ContactObjected(Event):
    """A person does not want to be called any more, or withdrew the consent; capabilities above stop what they plan."""

    name: ClassVar[str] = "customers.contact_objected"
    title: ClassVar[object] = gettext_lazy("Does not want to be called")
    icon: ClassVar[str] = "phone-off"
    tone: ClassVar[str] = "warn"

    customer: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        parts = (data.get("contact_name"), data.get("said_on"), data.get("source"))
        return str(cls.title), " · ".join(str(part) for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class ObjectionLifted(ContactObjected):
    """A person agrees again to be called."""

    name: ClassVar[str] = "customers.objection_lifted"
    title: ClassVar[object] = gettext_lazy("May be called again")
    icon: ClassVar[str] = "phone"
    tone: ClassVar[str] = "ok"


@dataclass(frozen=True, kw_only=True)
class OutsiderAdded(Event):
    """Somebody outside who can open doors was noted."""

    name: ClassVar[str] = "customers.outsider_added"
    title: ClassVar[object] = gettext_lazy("Outsider noted")
    icon: ClassVar[str] = "user-plus"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), str(data.get("name", ""))


@dataclass(frozen=True, kw_only=True)
class OutsiderChanged(OutsiderAdded):
    """What is known of an outsider changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.outsider_changed"
    title: ClassVar[object] = gettext_lazy("Outsider changed")


@dataclass(frozen=True, kw_only=True)
class OutsiderRemoved(OutsiderAdded):
    """An outsider was taken out."""

    name: ClassVar[str] = "customers.outsider_removed"
    title: ClassVar[object] = gettext_lazy("Outsider taken out")


@dataclass(frozen=True, kw_only=True)
class AcquaintanceNoted(Event):
    """Somebody knows this person, and how well."""

    name: ClassVar[str] = "customers.acquaintance_noted"
    title: ClassVar[object] = gettext_lazy("Acquaintance noted")
    icon: ClassVar[str] = "users-group"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), " · ".join(filter(None, [str(data.get("knower", "")), str(data.get("source", ""))]))


@dataclass(frozen=True, kw_only=True)
class AcquaintanceRemoved(AcquaintanceNoted):
    """An acquaintance was taken back."""

    name: ClassVar[str] = "customers.acquaintance_removed"
    title: ClassVar[object] = gettext_lazy("Acquaintance taken back")


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
