"""What can happen to leads, pools and web forms, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event

MOST_NAMED = 6


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def _changed(model: str, data: Mapping[str, Any]) -> str:
    """Name the changed fields in the reader's language."""
    labels = {field.name: str(field.verbose_name) for field in apps.get_model("prospecting", model)._meta.fields}
    names = [labels.get(name, name) for name in data.get("changes", {})]
    return _(", ").join(names[:MOST_NAMED])


class LeadEvent(Event):
    """Something that happened to a lead; the company is its detail line."""

    name = "prospecting._lead"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the company, and the reason where there is one."""
        return str(cls.title), _joined(data.get("company"), data.get("note"))


class LeadCaptured(LeadEvent):
    """A lead was entered, sent by a web form, or imported."""

    name = "prospecting.lead_captured"
    title = gettext_lazy("Lead entered")
    icon = "inbox"


class LeadEdited(Event):
    """Facts of a lead were changed; ``data["changes"]`` holds before and after by field."""

    name = "prospecting.lead_edited"
    title = gettext_lazy("Lead changed")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the changed fields."""
        return str(cls.title), _changed("Lead", data)


class LeadChecked(LeadEvent):
    """The three questions of the check were answered."""

    name = "prospecting.lead_checked"
    title = gettext_lazy("Lead checked")
    icon = "checklist"


class LeadDiscarded(LeadEvent):
    """A lead was dropped."""

    name = "prospecting.lead_discarded"
    title = gettext_lazy("Lead discarded")
    icon = "trash-x"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say why."""
        choices = dict(apps.get_model("prospecting", "Lead")._meta.get_field("discard_reason").flatchoices)
        return str(cls.title), _joined(choices.get(data.get("reason"), data.get("reason")), data.get("note"))


class LeadReopened(LeadEvent):
    """A discarded lead is worked on again."""

    name = "prospecting.lead_reopened"
    title = gettext_lazy("Lead taken up again")
    icon = "restore"


class LeadConverted(LeadEvent):
    """A lead became a customer, and perhaps a contact and a deal."""

    name = "prospecting.lead_converted"
    title = gettext_lazy("Lead converted")
    icon = "transfer-in"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name what it became."""
        return str(cls.title), _joined(data.get("customer"), data.get("contact"), data.get("deal"))


class CameFromLead(Event):
    """A customer or a deal came from a lead; stands in its own timeline."""

    name = "prospecting.came_from_lead"
    title = gettext_lazy("Came from a lead")
    icon = "transfer-in"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the company and the source."""
        choices = dict(apps.get_model("prospecting", "Lead")._meta.get_field("source").flatchoices)
        return str(cls.title), _joined(data.get("company"), choices.get(data.get("source"), ""))


class LeadClaimed(LeadEvent):
    """Somebody took a lead from its pool."""

    name = "prospecting.lead_claimed"
    title = gettext_lazy("Lead claimed")
    icon = "hand-click"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the pool."""
        return str(cls.title), _joined(data.get("company"), data.get("pool"))


class LeadReturned(LeadClaimed):
    """Somebody gave a lead back to its pool."""

    name = "prospecting.lead_returned"
    title = gettext_lazy("Lead given back to its pool")
    icon = "arrow-back-up"


class LeadRecycled(LeadClaimed):
    """A lead nobody worked on went back to its pool."""

    name = "prospecting.lead_recycled"
    title = gettext_lazy("Lead went back to its pool")
    icon = "recycle"
    tone = "warn"


class LeadRecyclingNear(LeadEvent):
    """Words the warning that a lead goes back to its pool."""

    name = "prospecting.lead_recycling_near"
    title = gettext_lazy("A lead goes back to its pool soon")
    icon = "clock-exclamation"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the company and the day."""
        words = _("%(company)s goes back to %(pool)s on %(day)s unless somebody works on it")
        return str(cls.title), words % {"company": data["company"], "pool": data["pool"], "day": data["day"]}


class LeadAssigned(LeadEvent):
    """A lead got another owner, or was put into a pool."""

    name = "prospecting.lead_assigned"
    title = gettext_lazy("Lead assigned")
    icon = "user-share"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the company and who has it now."""
        return str(cls.title), _joined(data.get("company"), data.get("to"))


class PoolCreated(Event):
    """A pool was made."""

    name = "prospecting.pool_created"
    title = gettext_lazy("Pool created")
    icon = "droplet"


class PoolChanged(Event):
    """A pool, its limits or its members were changed."""

    name = "prospecting.pool_changed"
    title = gettext_lazy("Pool changed")
    icon = "droplet"


class WebFormCreated(Event):
    """A web form was made."""

    name = "prospecting.web_form_created"
    title = gettext_lazy("Web form created")
    icon = "forms"


class WebFormChanged(Event):
    """A web form was changed, switched on or off."""

    name = "prospecting.web_form_changed"
    title = gettext_lazy("Web form changed")
    icon = "forms"


class CampaignPlanned(Event):
    """A campaign was planned."""

    name = "prospecting.campaign_planned"
    title = gettext_lazy("Campaign planned")
    icon = "speakerphone"


class CampaignChanged(Event):
    """A campaign was changed."""

    name = "prospecting.campaign_changed"
    title = gettext_lazy("Campaign changed")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the changed fields."""
        return str(cls.title), _changed("Campaign", data)


class AgendaChanged(Event):
    """The agenda of a seminar was written anew."""

    name = "prospecting.agenda_changed"
    title = gettext_lazy("Agenda changed")
    icon = "list-numbers"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the first topics."""
        return str(cls.title), _joined(*data.get("topics", [])[:MOST_NAMED])


class FollowUpAdded(Event):
    """A next step was put on a lead."""

    name = "prospecting.follow_up_added"
    title = gettext_lazy("Next step on a lead")
    icon = "checkbox"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what is to be done, and by when."""
        return str(cls.title), _joined(data.get("company"), data.get("title"), data.get("due_on"))


class FollowUpDue(FollowUpAdded):
    """Words the reminder of a next step."""

    name = "prospecting.follow_up_due"
    title = gettext_lazy("Next step on a lead is due")
    icon = "alarm"


class FollowUpDone(Event):
    """A next step on a lead was done."""

    name = "prospecting.follow_up_done"
    title = gettext_lazy("Next step done")
    icon = "checks"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was done, and what came of it."""
        return str(cls.title), _joined(data.get("title"), data.get("note"))


class ReferralAsked(Event):
    """A customer was asked to refer us."""

    name = "prospecting.referral_asked"
    title = gettext_lazy("Asked for a referral")
    icon = "heart-handshake"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say to whom."""
        return str(cls.title), _joined(data.get("customer"), data.get("whom"))


class ReferralSettled(ReferralAsked):
    """What came of a referral ask is known."""

    name = "prospecting.referral_settled"
    title = gettext_lazy("Answer to a referral ask")

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what came of it."""
        choices = dict(apps.get_model("prospecting", "ReferralAsk")._meta.get_field("state").flatchoices)
        return str(cls.title), _joined(data.get("customer"), choices.get(data.get("state")), data.get("note"))


class RegistrationMade(Event):
    """A project was registered."""

    name = "prospecting.registration_made"
    title = gettext_lazy("Project registered")
    icon = "shield-check"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name customer and project, the state and the last day."""
        choices = dict(apps.get_model("prospecting", "Registration")._meta.get_field("state").flatchoices)
        state = choices.get(data.get("state"), data.get("state"))
        said = (data.get("customer"), data.get("project"), state, data.get("until"), data.get("note"))
        return str(cls.title), _joined(*said)


class RegistrationSettled(RegistrationMade):
    """An arbiter decided on a registration."""

    name = "prospecting.registration_settled"
    title = gettext_lazy("Registration arbitrated")
    icon = "gavel"


class RegistrationExtended(RegistrationMade):
    """The protection of a project was extended."""

    name = "prospecting.registration_extended"
    title = gettext_lazy("Registration extended")
    icon = "calendar-plus"


class RegistrationEnded(RegistrationMade):
    """A registration was withdrawn, expired, or was given to another one."""

    name = "prospecting.registration_ended"
    title = gettext_lazy("Registration ended")
    icon = "shield-off"


class RegistrationNear(RegistrationMade):
    """Words the warning that the protection of a project ends soon."""

    name = "prospecting.registration_near"
    title = gettext_lazy("Registration ends soon")
    icon = "clock-exclamation"


class LeadsMerged(LeadEvent):
    """Another lead was merged into this one."""

    name = "prospecting.leads_merged"
    title = gettext_lazy("Leads merged")
    icon = "git-merge"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), _("%(name)s went into this one") % {"name": data["merged_name"]}


class LeadMergedAway(LeadEvent):
    """This lead was merged into another one."""

    name = "prospecting.lead_merged_away"
    title = gettext_lazy("Merged into another lead")
    icon = "git-merge"


class RegistrationFiguresChanged(Event):
    """How long registrations are protected was changed; ``data["changes"]`` holds before and after by figure."""

    name = "prospecting.registration_figures_changed"
    title = gettext_lazy("Figures of registrations changed")
    icon = "adjustments"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the figures with before and after."""
        labels = {
            field.name: str(field.verbose_name)
            for field in apps.get_model("prospecting", "RegistrationFigures")._meta.fields
        }
        said = [f"{labels.get(name, name)} {pair[0]} → {pair[1]}" for name, pair in data.get("changes", {}).items()]
        return str(cls.title), _joined(*said)
