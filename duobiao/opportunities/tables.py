"""Tables of deals, by the names people know them by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.opportunities import models
from duobiao.opportunities.events import evidence_title
from duobiao.web.tables import Table, leave_out, register_chains, register_tables

OF_DEAL = ("opportunity",)


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("products", models.Product, _("Products"), rows=lambda _user: models.Product.objects.all()),
        Table("deals", models.Opportunity, _("Deals")),
        Table("team", models.TeamMember, _("Teams of deals"), through=OF_DEAL),
        Table("participants", models.Participant, _("Companies in deals"), through=OF_DEAL),
        Table(
            "proofs",
            models.Proof,
            _("Evidence"),
            through=OF_DEAL,
            left_out=("fingerprint",),
            label=lambda proof: evidence_title(proof.key),
        ),
        Table("retractions", models.Retraction, _("Evidence taken back"), through=("proof__opportunity",)),
        Table("waivers", models.Waiver, _("Waivers"), through=OF_DEAL),
        Table("waiver_decisions", models.WaiverDecision, _("Decisions on waivers"), through=("waiver__opportunity",)),
        Table("closings", models.Closing, _("Closings"), through=OF_DEAL),
        Table("give_up_reviews", models.GiveUpReview, _("Reviews before giving up"), through=OF_DEAL),
        Table("stage_changes", models.StageChange, _("Stage history"), through=OF_DEAL),
        Table("field_changes", models.FieldChange, _("Changes of amount and day"), through=OF_DEAL),
        Table("playbook_changes", models.PlaybookChange, _("Changes of playbook"), through=OF_DEAL),
        Table("tasks", models.DealTask, pgettext_lazy("table", "Tasks"), through=OF_DEAL),
        Table("threads", models.DealThread, _("Open threads"), through=OF_DEAL),
        Table("value_messages", models.ValueMessage, _("Value messages"), through=OF_DEAL),
        Table("suggestions", models.Suggestion, _("Suggested actions"), through=OF_DEAL),
        Table("risk_signals", models.RiskSignal, _("Risk signals"), through=OF_DEAL),
        Table("risk_reports", models.RiskReport, _("Risk reports"), through=OF_DEAL),
        Table("conversations", models.Conversation, _("Who was spoken to"), through=OF_DEAL),
        Table(
            "confirmations",
            models.Confirmation,
            _("Confirmations by customers"),
            through=("opportunity", "customer"),
            left_out=("digest",),
            label=lambda row: f"{row.get_way_display()} {row.ref}",
        ),
        Table(
            "saved_views",
            models.SavedView,
            _("Own views of the pipeline"),
            rows=lambda user: models.SavedView.objects.filter(user=user),
        ),
    )
    leave_out("settings of the installation", models.RiskFigures)
    leave_out(
        "work of moving deals; what changed stands in the changes of playbook", models.MigrationRun, models.MigratedDeal
    )
    register_chains(models.Opportunity)
