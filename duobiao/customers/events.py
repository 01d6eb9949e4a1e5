"""What happens to customers and contacts. Events of contacts belong to the audit chain of their customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref
from duobiao.web.texts import in_language

MOST_NAMED = 6
"""Changed fields that a line of the timeline names."""


def _changed_fields(data: Mapping[str, Any]) -> str:
    """Name the changed fields in the reader's language."""
    models = [apps.get_model("customers", name) for name in ("Customer", "CustomerProfile", "Contact")]
    labels = {field.name: str(field.verbose_name) for model in reversed(models) for field in model._meta.fields}
    labels["annual_revenue"] = _("annual revenue")
    names = [labels.get(name, name) for name in data.get("changes", {})]
    shown = _(", ").join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return _("%(names)s and %(count)d more") % {"names": shown, "count": more} if more > 0 else shown


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Event):
    """A customer was entered."""

    name: ClassVar[str] = "customers.customer_created"
    title: ClassVar[object] = gettext_lazy("Customer created")
    icon: ClassVar[str] = "building"


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    """Facts of a customer were changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.customer_changed"
    title: ClassVar[object] = gettext_lazy("Customer facts changed")
    icon: ClassVar[str] = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), _changed_fields(data)


@dataclass(frozen=True, kw_only=True)
class CustomerProfileCompleted(Event):
    """All 8 customer information items are known now."""

    name: ClassVar[str] = "customers.profile_completed"
    title: ClassVar[object] = gettext_lazy("Customer information complete (8 of 8)")
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "ok"


@dataclass(frozen=True, kw_only=True)
class CustomerProfileIncomplete(Event):
    """Not all 8 customer information items are known any more."""

    name: ClassVar[str] = "customers.profile_incomplete"
    title: ClassVar[object] = gettext_lazy("Customer information no longer complete")
    icon: ClassVar[str] = "circle-dashed"
    tone: ClassVar[str] = "warn"


@dataclass(frozen=True, kw_only=True)
class CustomerHandedOver(Event):
    """A customer got another owner.

    Attributes:
        before: The owner until now.
        after: The owner from now on.
    """

    name: ClassVar[str] = "customers.customer_handed_over"
    title: ClassVar[object] = gettext_lazy("Customer handed over")
    icon: ClassVar[str] = "arrow-right"

    before: Ref
    after: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), f"{data['before']} → {data['after']}"


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Another customer was merged into this one; capabilities above point their rows here.

    Attributes:
        merged: The customer that went into ``subject``.
    """

    name: ClassVar[str] = "customers.customers_merged"
    title: ClassVar[object] = gettext_lazy("Customers merged")
    icon: ClassVar[str] = "git-merge"

    merged: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), _("%(name)s went into this one") % {"name": data["merged_name"]}


@dataclass(frozen=True, kw_only=True)
class CustomerMergedAway(Event):
    """This customer was merged into another one."""

    name: ClassVar[str] = "customers.customer_merged_away"
    title: ClassVar[object] = gettext_lazy("Merged into another customer")
    icon: ClassVar[str] = "git-merge"


@dataclass(frozen=True, kw_only=True)
class CustomerTrashed(Event):
    """A customer was put into the trash."""

    name: ClassVar[str] = "customers.customer_trashed"
    title: ClassVar[object] = gettext_lazy("Customer put into the trash")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class CustomerRestored(Event):
    """A customer was taken out of the trash."""

    name: ClassVar[str] = "customers.customer_restored"
    title: ClassVar[object] = gettext_lazy("Customer restored")
    icon: ClassVar[str] = "restore"


@dataclass(frozen=True, kw_only=True)
class DuplicateLookedUp(Event):
    """Somebody typed the name of a customer they may not see, and was told which unit owns it."""

    name: ClassVar[str] = "customers.duplicate_looked_up"
    title: ClassVar[object] = gettext_lazy("Name of a customer looked up")
    icon: ClassVar[str] = "search"


@dataclass(frozen=True, kw_only=True)
class CustomerLookedUp(Event):
    """Somebody asked whether a company is a customer, and was told which unit owns it."""

    name: ClassVar[str] = "customers.customer_looked_up"
    title: ClassVar[object] = gettext_lazy("Asked whether a customer exists")
    icon: ClassVar[str] = "zoom-question"


@dataclass(frozen=True, kw_only=True)
class CustomerAssessed(Event):
    """A customer was assessed; capabilities above prove by it what it shows."""

    name: ClassVar[str] = "customers.customer_assessed"
    title: ClassVar[object] = gettext_lazy("Customer assessed")
    icon: ClassVar[str] = "clipboard-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        parts = [_words(data.get("title")), str(data.get("score", "")), _words(data.get("class_title"))]
        return str(cls.title), " · ".join(filter(None, parts))


@dataclass(frozen=True, kw_only=True)
class AnswersFiled(Event):
    """Questions of a channel of information were answered."""

    name: ClassVar[str] = "customers.answers_filed"
    title: ClassVar[object] = gettext_lazy("Information filed")
    icon: ClassVar[str] = "notes"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        parts = [_words(data.get("title")), str(data.get("source", "")), *data.get("answers", {}).values()]
        return str(cls.title), " · ".join(filter(None, parts))[:200]


@dataclass(frozen=True, kw_only=True)
class SchemePublished(Event):
    """A new version of an assessment scheme is in force."""

    name: ClassVar[str] = "customers.scheme_published"
    title: ClassVar[object] = gettext_lazy("Assessment changed")
    icon: ClassVar[str] = "adjustments"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        version = _("version %(n)s") % {"n": data.get("version", "")}
        return str(cls.title), " · ".join(filter(None, [_words(data.get("title")), version]))


@dataclass(frozen=True, kw_only=True)
class ContactEvent(Event):
    """Something that happened to a contact.

    Attributes:
        customer: The customer the contact belongs to.
    """

    name: ClassVar[str] = "customers._contact"

    customer: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), str(data.get("contact_name", ""))


@dataclass(frozen=True, kw_only=True)
class ContactCreated(ContactEvent):
    """A contact was entered.

    Attributes:
        decides: They may be the final decider; False where it is sure that they are not.
    """

    name: ClassVar[str] = "customers.contact_created"
    title: ClassVar[object] = gettext_lazy("Contact created")
    icon: ClassVar[str] = "user-plus"

    decides: bool = True


@dataclass(frozen=True, kw_only=True)
class ContactChanged(ContactEvent):
    """Facts of a contact were changed; ``data["changes"]`` holds before and after by field."""

    name: ClassVar[str] = "customers.contact_changed"
    title: ClassVar[object] = gettext_lazy("Contact changed")
    icon: ClassVar[str] = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), " · ".join(filter(None, [str(data.get("contact_name", "")), _changed_fields(data)]))


@dataclass(frozen=True, kw_only=True)
class ContactProfileCompleted(ContactEvent):
    """All 4 information items of a 经手人 are known now."""

    name: ClassVar[str] = "customers.handler_profile_completed"
    title: ClassVar[object] = gettext_lazy("Handler information complete (4 of 4)")
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "ok"


@dataclass(frozen=True, kw_only=True)
class ContactProfileIncomplete(ContactEvent):
    """A contact is no longer a 经手人 of whom all 4 information items are known."""

    name: ClassVar[str] = "customers.handler_profile_incomplete"
    title: ClassVar[object] = gettext_lazy("Handler information no longer complete")
    icon: ClassVar[str] = "circle-dashed"
    tone: ClassVar[str] = "warn"


@dataclass(frozen=True, kw_only=True)
class ContactsMerged(ContactEvent):
    """Another contact was merged into this one; capabilities above point their rows here.

    Attributes:
        merged: The contact that went into ``subject``.
    """

    name: ClassVar[str] = "customers.contacts_merged"
    title: ClassVar[object] = gettext_lazy("Contacts merged")
    icon: ClassVar[str] = "git-merge"

    merged: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), _("%(name)s went into this one") % {"name": data["merged_name"]}


@dataclass(frozen=True, kw_only=True)
class ContactTrashed(ContactEvent):
    """A contact was put into the trash."""

    name: ClassVar[str] = "customers.contact_trashed"
    title: ClassVar[object] = gettext_lazy("Contact put into the trash")
    icon: ClassVar[str] = "trash"


@dataclass(frozen=True, kw_only=True)
class ContactRestored(ContactEvent):
    """A contact was taken out of the trash."""

    name: ClassVar[str] = "customers.contact_restored"
    title: ClassVar[object] = gettext_lazy("Contact restored")
    icon: ClassVar[str] = "restore"


def _words(text: object) -> str:
    return in_language(text, get_language()) if isinstance(text, Mapping) and text else ""
