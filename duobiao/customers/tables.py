"""Tables of customers, by the names people know them by."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import (
    AccountResource,
    Acquaintance,
    Admission,
    AdmissionStep,
    Assessment,
    ChannelAnswer,
    Contact,
    CriterionScore,
    Customer,
    CustomerGrant,
    CustomerProfile,
    Erasure,
    FactSource,
    Hold,
    Issue,
    Objection,
    Outsider,
    SchemeVersion,
    Site,
    Standing,
)
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.web.tables import Table, leave_out, register_chains, register_tables

OF_CUSTOMER = ("customer",)


def erasures_seen_by(user: User) -> "QuerySet[Erasure]":
    """Return the erasures, for those who may erase."""
    return Erasure.objects.all() if allows(user, "customers.erase") else Erasure.objects.none()


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("customers", Customer, _("Customers"), left_out=("normal_name",)),
        Table("customer_profiles", CustomerProfile, _("Facts about customers"), through=OF_CUSTOMER),
        Table("fact_sources", FactSource, _("Sources of facts"), through=OF_CUSTOMER),
        Table("channel_answers", ChannelAnswer, _("Answers to guiding questions"), through=OF_CUSTOMER),
        Table("contacts", Contact, _("Contacts")),
        Table(
            "objections",
            Objection,
            _("Who does not want to be called"),
            through=("contact",),
            label=lambda row: row.get_wish_display(),
        ),
        Table("erasures", Erasure, _("Erasures of personal data"), rows=erasures_seen_by),
        Table("sites", Site, _("Sites")),
        Table("resources", AccountResource, _("Resources for customers")),
        Table("admissions", Admission, _("Supplier admissions")),
        Table("admission_steps", AdmissionStep, _("Steps of supplier admissions"), through=("admission",)),
        Table("outsiders", Outsider, _("People outside")),
        Table("acquaintances", Acquaintance, _("Who knows whom"), through=("to_contact", "to_outsider")),
        Table("issues", Issue, _("Customer issues")),
        Table("assessments", Assessment, _("Customer assessments"), through=OF_CUSTOMER),
        Table("assessment_scores", CriterionScore, _("Scores of assessments"), through=("assessment__customer",)),
    )
    leave_out("copied from the latest assessment", Standing)
    leave_out("written by others so that a customer is kept or seen; follows from deals", Hold, CustomerGrant)
    leave_out("settings of the installation", SchemeVersion)
    register_chains(Customer)
