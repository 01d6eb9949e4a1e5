"""Rights in words, for the matrix of roles."""

from django.utils.translation import gettext_lazy as _

AREA_NAMES: dict[str, object] = {
    "customers": _("Customers and contacts"),
    "opportunities": _("Projects"),
    "strategy": _("Strategies and contingency plans"),
    "engagement": _("Calls and visits"),
    "documents": _("Files"),
    "timeline": _("Comments and audit"),
    "search": _("Search"),
    "identity": _("Account and administration"),
    "playbooks": _("Playbooks"),
    "workbench": _("Today"),
    "integrations": _("Import and export"),
    "web": _("Development"),
}
VERB_NAMES: dict[str, object] = {
    "customers.view": _("See customers"),
    "customers.create": _("Add customers"),
    "customers.edit": _("Change customers and contacts"),
    "customers.merge": _("Merge duplicates"),
    "customers.trash": _("Put into the trash and restore"),
    "opportunities.view": _("See projects"),
    "opportunities.create": _("Open projects"),
    "opportunities.edit": _("Change projects"),
    "opportunities.prove": _("Record proofs"),
    "opportunities.retract": _("Retract proofs"),
    "opportunities.verify": _("Verify as second person"),
    "opportunities.ask_waiver": _("Ask for a waiver"),
    "opportunities.waive": _("Approve waivers"),
    "opportunities.close": _("Close as won or lost"),
    "opportunities.give_up": _("Give up"),
    "opportunities.reopen": _("Reopen"),
    "opportunities.handover": _("Hand over"),
    "opportunities.team": _("Change the team"),
    "opportunities.export": _("Export lists"),
    "opportunities.products": _("Maintain products"),
    "opportunities.report_risk": _("Report risks"),
    "opportunities.risk_rules": _("Set the figures of risk signals"),
    "strategy.plan": _("Write strategies and contingency plans"),
    "engagement.log_call": _("Record calls"),
    "engagement.plan_visit": _("Plan and record visits"),
    "documents.upload": _("Add files"),
    "timeline.comment": _("Comment"),
    "timeline.audit": _("Read the audit"),
    "timeline.erase": _("Erase personal details from the audit"),
    "search.find": _("Search"),
    "identity.profile": _("Change the own profile"),
    "identity.tokens": _("Make API tokens"),
    "identity.users": _("Manage people"),
    "identity.units": _("Manage the organisation"),
    "identity.roles": _("Manage roles"),
    "identity.company": _("Manage company settings"),
    "playbooks.view": _("Read playbooks"),
    "workbench.today": _("Use Today"),
    "integrations.import": _("Import"),
    "web.styleguide": _("See the style guide"),
}


def verb_name(verb: str) -> str:
    """Return a right in words; a right without words shows its name."""
    return str(VERB_NAMES.get(verb, verb))
