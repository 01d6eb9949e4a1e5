"""Every table of the product is named for exports, or left out with a reason; nobody sees more in it than in the lists."""

import pytest
from django.apps import apps

from duobiao.customers.tests.factories import contact, customer, person
from duobiao.identity.models import Role
from duobiao.web.tables import reason_left_out, table_of, tables

OURS = [model for model in apps.get_models() if model.__module__.startswith("duobiao.")]
TECHNICAL = ("web", "jobs")
"""Nothing in these was written by or about anybody."""


def test_every_table_is_named_or_left_out_with_a_reason():
    named = [model for model in OURS if model._meta.app_label not in TECHNICAL]

    unnamed = [model._meta.label for model in named if not table_of(model) and not reason_left_out(model)]
    twice = [model._meta.label for model in named if table_of(model) and reason_left_out(model)]

    assert (unnamed, twice) == ([], [])


def test_keys_are_unique_and_columns_left_out_exist():
    keys = [table.key for table in tables()]

    assert len(keys) == len(set(keys))
    for table in tables():
        known = {field.name for field in table.model._meta.get_fields()}
        assert set(table.left_out) <= known, table.key


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_every_table_can_be_read_by_every_role(role):
    for table in tables():
        list(table.seen_by(person(role)))


@pytest.mark.django_db
def test_rows_of_others_are_not_seen():
    owner, stranger, administrator = person(), person(), person(Role.ADMINISTRATOR)
    contact(customer(owner))

    def seen(user):
        return {table.key for table in tables() if table.key in OWNED and table.seen_by(user).exists()}

    assert (seen(owner), seen(stranger), seen(administrator)) == (OWNED, set(), OWNED)


OWNED = {"customers", "contacts", "history"}
