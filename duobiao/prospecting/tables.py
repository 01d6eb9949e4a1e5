"""Tables of finding customers, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.prospecting.models import (
    AgendaItem,
    Campaign,
    Claim,
    Clash,
    CustomerClaim,
    FollowUp,
    Lead,
    Letter,
    Manufacturer,
    Pool,
    PooledCustomer,
    PoolMember,
    ReferralAsk,
    Registration,
    RegistrationFigures,
    Upstream,
    UpstreamMove,
    WebForm,
)
from duobiao.web.tables import Table, leave_out, register_chains, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("leads", Lead, _("Leads"), left_out=("normal_name",)),
        Table("lead_claims", Claim, _("Who held leads"), through=("lead",)),
        Table("follow_ups", FollowUp, _("Next steps on leads")),
        Table("referral_asks", ReferralAsk, _("Referral asks")),
        Table("campaigns", Campaign, _("Campaigns")),
        Table("agenda", AgendaItem, _("Programmes of campaigns"), through=("campaign",)),
        Table("pools", Pool, _("Pools")),
        Table(
            "registrations",
            Registration,
            _("Project registrations"),
            left_out=("normal_name", "normal_project", "normal_site"),
        ),
        Table("pooled_customers", PooledCustomer, _("Customers in pools")),
        Table("customer_claims", CustomerClaim, _("Who held customers"), through=("customer",)),
        Table(
            "manufacturers",
            Manufacturer,
            _("Manufacturers"),
            rows=lambda _user: Manufacturer.objects.all(),
            left_out=("normal_name",),
        ),
        Table("manufacturer_registrations", Upstream, _("Registrations with manufacturers")),
        Table(
            "manufacturer_moves", UpstreamMove, _("Steps of registrations with manufacturers"), through=("upstream",)
        ),
        Table("authorisation_letters", Letter, _("Authorisation letters")),
        Table("clashes", Clash, _("Clashes of registrations"), through=("registration",)),
    )
    leave_out("settings of the installation, one of them secret", PoolMember, WebForm, RegistrationFigures)
    register_chains(Lead)
    register_chains(Campaign)
    register_chains(Registration)
