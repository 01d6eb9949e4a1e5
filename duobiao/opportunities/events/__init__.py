"""What can happen to a deal, and how the timeline words it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.kernel.events import Event
from duobiao.opportunities.signal_words import reasons_words, rule_title, sighting_words
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web.formats import day


def evidence_title(key: str) -> str:
    """Return the title of an evidence key in the reader's language."""
    evidence = catalogue().get(key)
    return text_of(evidence.title, get_language()) if evidence else key


class OpportunityCreated(Event):
    """A deal was opened."""

    name = "opportunities.opportunity_created"
    title = gettext_lazy("Deal opened")
    icon = "flag-3"
    tone = "ours"


class OpportunityImported(Event):
    """A deal came in from another source."""

    name = "opportunities.opportunity_imported"
    title = gettext_lazy("Deal imported")
    icon = "file-import"


class DealsExported(Event):
    """Somebody took deals out as a file."""

    name = "opportunities.deals_exported"
    title = gettext_lazy("Deals exported")
    icon = "download"


class OpportunityEdited(Event):
    """Plain fields of a deal changed."""

    name = "opportunities.opportunity_edited"
    title = gettext_lazy("Deal edited")
    icon = "pencil"


class ProofConfirmed(Event):
    """A proof was added to the ledger."""

    name = "opportunities.proof_confirmed"
    title = gettext_lazy("Evidence recorded")
    icon = "file-check"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the evidence."""
        return evidence_title(data["key"]), str(data.get("quote", ""))


class ProofRetracted(Event):
    """A proof was taken back."""

    name = "opportunities.proof_retracted"
    title = gettext_lazy("Evidence retracted")
    icon = "file-x"
    tone = "bad"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the evidence and the reason."""
        return _("Retracted: %(evidence)s") % {"evidence": evidence_title(data["key"])}, str(data.get("reason", ""))


class ProofVerified(Event):
    """A second person verified a proof."""

    name = "opportunities.proof_verified"
    title = gettext_lazy("Evidence verified")
    icon = "shield-check"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the evidence."""
        return _("Verified: %(evidence)s") % {"evidence": evidence_title(data["key"])}, ""


class StageChanged(Event):
    """The place on the tracks changed."""

    name = "opportunities.stage_changed"
    title = gettext_lazy("Stage changed")
    icon = "stairs"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what moved, and by how much the rate changed."""
        before, after = data["before"], data["after"]
        return _moved(before, after), _rates(before, after)


class WaiverAsked(Event):
    """Somebody asked for a waiver."""

    name = "opportunities.waiver_asked"
    title = gettext_lazy("Waiver requested")
    icon = "flag-question"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the item and the reason."""
        return _("Waiver requested for item %(item)s") % {"item": data["item"]}, str(data.get("reason", ""))


class WaiverDecided(Event):
    """A waiver was approved, refused or ended."""

    name = "opportunities.waiver_decided"
    title = gettext_lazy("Waiver decided")
    icon = "flag"
    tone = "warn"
    words: ClassVar[dict[str, object]] = {
        "APPROVED": gettext_lazy("Waiver approved for item %(item)s, until %(until)s"),
        "REFUSED": gettext_lazy("Waiver refused for item %(item)s"),
        "ENDED": gettext_lazy("Waiver ended for item %(item)s"),
    }

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was decided."""
        return str(cls.words[data["decision"]]) % dict(data), str(data.get("note", ""))


class WaiverExpired(Event):
    """Words the line in the owner's bell on the day after a waiver's last."""

    name = "opportunities.waiver_expired"
    title = gettext_lazy("Waiver ended")
    icon = "flag-off"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the item, and where the deal stands without the waiver."""
        words = {"item": text_of(data["item_title"], get_language()), "day": day(date.fromisoformat(data["until"]))}
        title = _("The waiver on “%(item)s” ended on %(day)s") % words
        before, after = data["before"], data["after"]
        effect = _moved(before, after) if before != after else _("the deal stays where it is")
        return title, f"{data['deal']} · {effect}"


class GiveUpAsked(Event):
    """Somebody asked to give a deal up."""

    name = "opportunities.give_up_asked"
    title = gettext_lazy("Asked to give the deal up")
    icon = "player-stop"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say what was tried."""
        return str(cls.title), str(data.get("alternatives", ""))


class GiveUpDeclined(Event):
    """A request to give a deal up was refused or taken back; work goes on."""

    name = "opportunities.give_up_declined"
    title = gettext_lazy("The deal is not given up")
    icon = "player-play"


class LookAgain(Event):
    """Words the line in the owner's bell on the day to look at a deal that was given up."""

    name = "opportunities.look_again"
    title = gettext_lazy("Look again at a deal that was given up")
    icon = "eye"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the deal, and what would change our mind."""
        return _("Look again: %(deal)s") % {"deal": data["deal"]}, str(data.get("change_mind", ""))


class OpportunityClosed(Event):
    """A deal was won, lost or given up."""

    name = "opportunities.opportunity_closed"
    title = gettext_lazy("Deal closed")
    icon = "trophy"
    words: ClassVar[dict[str, object]] = {
        "WON": gettext_lazy("Deal won"),
        "LOST": gettext_lazy("Deal lost"),
        "GIVEN_UP": gettext_lazy("Deal given up"),
    }

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how it ended, and who approved it."""
        approver = data.get("approved_by")
        by = _("approved by %(who)s") % {"who": approver} if approver else ""
        return str(cls.words[data["outcome"]]), " · ".join(part for part in (by, str(data.get("note", ""))) if part)


class OpportunityReopened(Event):
    """A closed deal was opened again."""

    name = "opportunities.opportunity_reopened"
    title = gettext_lazy("Deal reopened")
    icon = "rotate"
    tone = "warn"


class OpportunityHandedOver(Event):
    """A deal got another owner."""

    name = "opportunities.opportunity_handed_over"
    title = gettext_lazy("Deal handed over")
    icon = "arrows-exchange"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name both people."""
        return _("Handed over from %(before)s to %(after)s") % dict(data), str(data.get("note", ""))


class RiskArose(Event):
    """A risk signal of a deal turned red."""

    name = "opportunities.risk_arose"
    title = gettext_lazy("High risk")
    icon = "alert-octagon"
    tone = "bad"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the signal, and why it is red."""
        title = _("High risk: %(signal)s") % {"signal": rule_title(data["rule"])}
        reasons = reasons_words(data["reasons"], on=date.fromisoformat(data["on"]))
        return title, " · ".join(part for part in (data.get("deal"), reasons) if part)


class RiskReported(Event):
    """Somebody reported a risk, or a record showed one."""

    name = "opportunities.risk_reported"
    title = gettext_lazy("Risk reported")
    icon = "alert-triangle"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the signal, and what was seen."""
        title = _("Risk: %(signal)s") % {"signal": rule_title(data["rule"])}
        return title, " · ".join(part for part in (sighting_words(data), data.get("said_by")) if part)


class RiskReportRetracted(Event):
    """A reported risk was taken back."""

    name = "opportunities.risk_report_retracted"
    title = gettext_lazy("Risk report retracted")
    icon = "arrow-back-up"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the signal and the reason."""
        return _("Risk report retracted: %(signal)s") % {"signal": rule_title(data["rule"])}, str(data["reason"])


class RiskFiguresChanged(Event):
    """The figures of a risk signal were changed, or the shipped ones restored."""

    name = "opportunities.risk_figures_changed"
    title = gettext_lazy("Figures of a risk signal changed")
    icon = "adjustments"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the signal and its figures before and after."""
        return str(cls.title), f"{rule_title(data['rule'])}: {data['before']} → {data['after']}"


class TeamChanged(Event):
    """Somebody joined or left the deal's team."""

    name = "opportunities.team_changed"
    title = gettext_lazy("Team changed")
    icon = "users"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the person."""
        words = _("%(person)s joined the team") if data["joined"] else _("%(person)s left the team")
        return words % {"person": data["person"]}, ""


class ParticipantsChanged(Event):
    """A company joined or left the project."""

    name = "opportunities.participants_changed"
    title = gettext_lazy("Participants changed")
    icon = "building-community"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the company."""
        words = _("%(company)s takes part") if data["joined"] else _("%(company)s no longer takes part")
        return words % {"company": data["company"]}, ""


class ViewSaved(Event):
    """Somebody saved a view of the pipeline, renamed it, shared it or made it their own beginning."""

    name = "opportunities.view_saved"
    title = gettext_lazy("View saved")
    icon = "bookmark"


class ViewDeleted(Event):
    """Somebody deleted a saved view."""

    name = "opportunities.view_deleted"
    title = gettext_lazy("View deleted")
    icon = "trash"


class ProductAdded(Event):
    """A product was added to those we list."""

    name = "opportunities.product_added"
    title = gettext_lazy("Product added")
    icon = "package"


class ProductEdited(Event):
    """A product changed, or is no longer on sale, or is again."""

    name = "opportunities.product_edited"
    title = gettext_lazy("Product edited")
    icon = "package"


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if (after["stage"], after["completed"]) != (before["stage"], before["completed"]):
        back = (after["stage"], after["completed"]) < (before["stage"], before["completed"])
        return _place(after, back=back)
    if after["buyer"] != before["buyer"]:
        return (
            _("Buyer now at stage %(n)d") % {"n": after["buyer"]}
            if after["buyer"]
            else _("Buyer's stage unknown again")
        )
    return _("Success rate changed")


def _place(after: Mapping[str, Any], *, back: bool) -> str:
    numbers = {"n": after["stage"], "next": after["completed"] + 1}
    if after["stage"] == 0:
        return _("Back before stage 1") if back else _("Stage 1 not entered yet")
    if after["completed"] == after["stage"]:
        return (
            _("Back to stage %(n)d, waiting to enter stage %(next)d") if back else _("Stage %(n)d completed")
        ) % numbers
    return (_("Back to stage %(n)d") if back else _("Entered stage %(n)d")) % numbers


def _rates(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if before["rate"] == after["rate"]:
        return _("success rate unchanged at %(rate)d%%") % {"rate": after["rate"]}
    return _("success rate %(before)d%% → %(after)d%%") % {"before": before["rate"], "after": after["rate"]}
