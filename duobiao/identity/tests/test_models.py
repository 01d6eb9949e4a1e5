"""What the database refuses, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from duobiao.identity.models import ApiToken, CompanySettings, RoleGrant, Unit, User
from duobiao.identity.tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


def refused(write) -> str:
    """Return the message of the constraint that refuses ``write``."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return str(error.value)


def test_sign_in_names_and_addresses_are_unique_whatever_their_case():
    make_user(username="Zhang.Wei", email="zw@example.com")

    refused(lambda: make_user(username="zhang.wei"))
    refused(lambda: make_user(email="ZW@example.com"))
    assert make_user().email == make_user().email == ""


def test_neighbouring_units_have_different_names_also_at_the_top():
    top = make_unit("公司")
    make_unit("一部", top)

    refused(lambda: Unit.objects.create(name="公司"))
    refused(lambda: Unit.objects.create(name="一部", parent=top))
    refused(lambda: Unit.objects.create(name=""))
    assert make_unit("一部", make_unit("分公司"))


def test_a_unit_is_not_its_own_parent_and_nobody_the_own_coach():
    unit, user = make_unit(), make_user()

    refused(lambda: Unit.objects.filter(pk=unit.pk).update(parent=unit))
    refused(lambda: User.objects.filter(pk=user.pk).update(coach=user))


def test_roles_scopes_and_the_single_row_of_settings_are_checked():
    refused(lambda: make_user("emperor"))
    refused(lambda: RoleGrant.objects.create(role="seller", verb="customers.view", scope="galaxy"))
    refused(lambda: RoleGrant.objects.create(role="emperor", verb="customers.view", scope="all"))
    refused(lambda: CompanySettings.objects.create(pk=2))
    refused(lambda: CompanySettings.objects.create(pk=1, fiscal_year_start_month=13))


def test_settings_have_defaults_before_anybody_saved_them():
    company = CompanySettings.load()

    assert (company.currency, company.time_zone, company.version) == ("CNY", "Asia/Shanghai", 1)
    assert not CompanySettings.objects.exists()


def test_people_are_found_by_name_whatever_its_case():
    user = make_user(username="Li.Na")

    assert User.objects.get_by_natural_key("li.na") == user


def test_colleagues_see_each_other_and_those_who_left_see_nobody():
    user, gone = make_user(), make_user(is_active=False)

    assert set(User.objects.visible_to(user)) == {user, gone}
    assert not User.objects.visible_to(gone).exists()
    assert not ApiToken.objects.exists()
