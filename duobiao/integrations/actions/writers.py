"""How the records of each target are checked, created and changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.integrations.actions import (
    change_deals,
    write_activities,
    write_admissions,
    write_customers,
    write_deals,
    write_leads,
    write_people,
    write_products,
)
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.domain.targets import Target
from duobiao.kernel.refusals import Conflict, Refusal

Created = int | Refusal
"""Key of the new record, or why there is none."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The three steps for one target.

    Attributes:
        check: Raises ``Invalid`` or ``Unfit`` for values that cannot be written; the last argument says whether they
            are those of a new record.
        create: Returns key or refusal for each row.
        change: Writes the given values only.
    """

    check: Callable[[Context, Values, bool], None]
    create: Callable[[Context, Sequence[Planned]], list[Created]]
    change: Callable[[Context, int, Values], None]


def one_by_one(create: Callable[[Context, Planned], int]) -> Callable[[Context, Sequence[Planned]], list[Created]]:
    """Create rows each for itself, so that one refusal keeps the others."""

    def create_all(context: Context, rows: Sequence[Planned]) -> list[Created]:
        return [_attempt(create, context, row) for row in rows]

    return create_all


def _attempt(create: Callable[[Context, Planned], int], context: Context, row: Planned) -> Created:
    try:
        with transaction.atomic():
            return create(context, row)
    except Refusal as refusal:
        return refusal
    except IntegrityError:
        return Conflict(_("Another record has this name or id."))


WRITERS: dict[Target, Writer] = {
    Target.UNITS: Writer(write_people.check_unit, one_by_one(write_people.create_unit_of), write_people.change_unit),
    Target.USERS: Writer(write_people.check_user, one_by_one(write_people.create_user), write_people.change_user),
    Target.CUSTOMERS: Writer(
        write_customers.check_customer, one_by_one(write_customers.create_one), write_customers.change_customer
    ),
    Target.CONTACTS: Writer(
        write_customers.check_contact, write_customers.create_people, write_customers.change_contact
    ),
    Target.ADMISSIONS: Writer(
        write_admissions.check_admission,
        one_by_one(write_admissions.create_admission),
        write_admissions.change_admission,
    ),
    Target.PRODUCTS: Writer(
        write_products.check_product, one_by_one(write_products.create_product), write_products.change_product
    ),
    Target.OPPORTUNITIES: Writer(write_deals.check_deal, write_deals.create_deals, change_deals.change_deal),
    Target.CALLS: Writer(
        write_activities.check_call, one_by_one(write_activities.create_call), write_activities.change_call
    ),
    Target.VISITS: Writer(
        write_activities.check_visit, one_by_one(write_activities.create_visit), write_activities.change_visit
    ),
    Target.NOTES: Writer(
        write_activities.check_note, one_by_one(write_activities.create_note), write_activities.change_note
    ),
    Target.TASKS: Writer(
        write_activities.check_task, one_by_one(write_activities.create_task), write_activities.change_task
    ),
    Target.LEADS: Writer(write_leads.check_lead, one_by_one(write_leads.create_lead), write_leads.change_lead),
}
