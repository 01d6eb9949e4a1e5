"""What sheets are about: an industry, a customer or a deal, as one person may see it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Subject as Judged
from duobiao.identity.policy import allows
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.planning.domain.sheets import About
from duobiao.planning.models import Industry, Sheet

EDITS = {About.INDUSTRY: "planning.industries", About.CUSTOMER: "customers.edit", About.DEAL: "strategy.plan"}
"""Which right writes the sheets of what."""
COLUMNS = {About.INDUSTRY: "industry", About.CUSTOMER: "customer", About.DEAL: "opportunity"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a sheet is about."""

    about: About
    record: Any

    @property
    def ref(self) -> str:
        """Its reference."""
        return str(self.record.ref)

    @property
    def label(self) -> str:
        """Its name as people say it."""
        return str(self.record.label) if self.about is About.CUSTOMER else str(self.record.name)

    @property
    def source(self) -> Ref:
        """The record itself, for audit and files."""
        return Ref.of(self.record)

    @property
    def page(self) -> str:
        """Where it is shown."""
        if self.about is About.DEAL:
            return deal_url(self.ref, "strategy")
        return f"/customers/{self.ref}/" if self.about is About.CUSTOMER else "/analyses/"

    @property
    def columns(self) -> dict[str, Any]:
        """How its sheets are found and made."""
        return {COLUMNS[self.about]: self.record}

    @property
    def verb(self) -> str:
        """The right that writes its sheets."""
        return EDITS[self.about]

    def address(self, definition: str) -> str:
        """Return the page of one of its sheets."""
        return f"/analyses/{self.about}/{self.ref}/{definition}/"


def find_subject(about: str, ref: str, user: User) -> Subject:
    """Return what a sheet is about, if the person may see it.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    found: Judged | None = None
    if about == About.CUSTOMER:
        found = Customer.objects.visible_to(user).select_related("owner").filter(ref=ref).first()
    elif about == About.DEAL:
        rows = Opportunity.objects.visible_to(user).select_related("owner", "customer__owner")
        found = rows.filter(ref=ref).first()
    elif about == About.INDUSTRY and allows(user, "planning.view"):
        found = Industry.objects.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    return Subject(About(about), found)


def subject_of(sheet: Sheet, user: User) -> Subject:
    """Return what a stored sheet is about, if the person may see it.

    Raises:
        NotFound: the person may not see it.
    """
    for about, column in COLUMNS.items():
        record = getattr(sheet, column)
        if record is not None:
            return find_subject(about, record.ref, user)
    raise NotFound(_("There is no such record, or you may not see it."))


def may_write(subject: Subject, user: User) -> bool:
    """Say whether a person may write the sheets of a subject."""
    if subject.about is About.DEAL and not subject.record.is_open:
        return False
    return allows(user, subject.verb, subject.record)


def above(subject: Subject, user: User) -> Subject | None:
    """Return what a subject takes over from: a customer from its industry, a deal from its customer."""
    if subject.about is About.CUSTOMER and allows(user, "planning.view"):
        return industry_of(subject.record)
    if subject.about is About.DEAL:
        seen = Customer.objects.visible_to(user).filter(pk=subject.record.customer_id).exists()
        return Subject(About.CUSTOMER, subject.record.customer) if seen else None
    return None


def industry_of(customer: Customer) -> Subject | None:
    """Return the industry of a customer, where sheets of it are kept."""
    if not customer.industry:
        return None
    found = Industry.objects.filter(name=customer.industry).first()
    return None if found is None else Subject(About.INDUSTRY, found)


def sheets_of(*subjects: Subject | None) -> Q:
    """Build the condition for the sheets of some subjects."""
    found = Q(pk__in=[])
    for subject in subjects:
        if subject is not None:
            found |= Q(**subject.columns)
    return found
