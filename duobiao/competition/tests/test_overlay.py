"""Who leans to a rival, beside them in the picture and the table of the decision chain."""

import pytest

from duobiao.competition.tests.factories import reach
from duobiao.identity.models import User
from duobiao.opportunities.tests.factories import TODAY, make_contact
from duobiao.stakeholders.queries.leaning import leanings_of
from duobiao.stakeholders.tests.factories import chain, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun(deal, seller, row):
    person = put(deal, make_contact(deal.customer, "孙国栋"), seller, role="GATEKEEPER")
    liu = put(deal, make_contact(deal.customer, "刘倩"), seller, role="INFLUENCER")
    reach(row, seller, contact=person.contact, function="TECHNICAL", depth=3, source="王海涛")
    reach(row, seller, contact=liu.contact, function="FINANCE", depth=1)
    reach(row, seller, contact=make_contact(deal.customer, "外圈的人"), function="FINANCE", depth=2)
    return person


def test_only_who_leans_to_a_rival_and_stands_on_the_chain_is_told(deal, sun, django_assert_num_queries):
    held = chain(deal)

    with django_assert_num_queries(1):
        found = leanings_of(held)

    assert {key: [leaning.rival for leaning in rows] for key, rows in found.items()} == {sun.contact_id: ["西川数科"]}
    assert "王海涛" in found[sun.contact_id][0].said


def test_a_rival_that_left_the_race_has_nobody(deal, row, sun):
    type(row).objects.filter(pk=row.pk).update(left_on=TODAY)

    assert leanings_of(chain(deal)) == {}


def test_picture_and_table_show_it_until_it_is_hidden(client, deal, seller, sun):
    User.objects.filter(pk=seller.pk).update(language="en")
    client.force_login(seller)
    page = f"/opportunities/{deal.ref}/decision-chain/"

    shown, hidden = client.get(page).text, client.get(f"{page}?rivals=hide").text
    file = client.get(f"{page}picture/").content.decode()

    assert 'class="zr"' in shown
    assert "for 西川数科" in shown
    assert "Hide who is for a rival" in shown
    assert 'class="zr"' not in hidden
    assert "Show who is for a rival" in hidden
    assert "西川数科" in file
    assert "西川数科" not in client.get(f"{page}picture/?rivals=hide").content.decode()
