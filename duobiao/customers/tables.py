"""Tables of customers, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import (
    AccountResource,
    Assessment,
    ChannelAnswer,
    Contact,
    CriterionScore,
    Customer,
    CustomerGrant,
    CustomerProfile,
    FactSource,
    Hold,
    Issue,
    SchemeVersion,
    Site,
    Standing,
)
from duobiao.web.tables import Table, leave_out, register_chains, register_tables

OF_CUSTOMER = ("customer",)


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("customers", Customer, _("Customers"), left_out=("normal_name",)),
        Table("customer_profiles", CustomerProfile, _("Facts about customers"), through=OF_CUSTOMER),
        Table("fact_sources", FactSource, _("Sources of facts"), through=OF_CUSTOMER),
        Table("channel_answers", ChannelAnswer, _("Answers to guiding questions"), through=OF_CUSTOMER),
        Table("contacts", Contact, _("Contacts")),
        Table("sites", Site, _("Sites")),
        Table("resources", AccountResource, _("Resources for customers")),
        Table("issues", Issue, _("Customer issues")),
        Table("assessments", Assessment, _("Customer assessments"), through=OF_CUSTOMER),
        Table("assessment_scores", CriterionScore, _("Scores of assessments"), through=("assessment__customer",)),
    )
    leave_out("copied from the latest assessment", Standing)
    leave_out("written by others so that a customer is kept or seen; follows from deals", Hold, CustomerGrant)
    leave_out("settings of the installation", SchemeVersion)
    register_chains(Customer.objects.visible_to)
