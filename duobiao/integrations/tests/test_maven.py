"""The four files of a real CRM export, asserted to the last number."""

from datetime import date

import pytest
from django.db.models import Count

from duobiao.customers.models import Customer, CustomerGrant, CustomerProfile, Hold
from duobiao.identity.models import Unit, User
from duobiao.integrations.commands import import_folder
from duobiao.integrations.models import ImportFault, ImportRun, RunState
from duobiao.integrations.tests.factories import MAVEN, SHARED, administrator, last_run
from duobiao.kernel.days import local_day
from duobiao.opportunities.actions.reassess import derived_columns
from duobiao.opportunities.models import Closing, Opportunity, Outcome, Product, Proof, StageChange
from duobiao.opportunities.queries.facts import assess_on
from duobiao.search.models import SearchDocument
from duobiao.timeline.models import Entry

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the reference data lies beside the project"),
    pytest.mark.django_db,
]


def test_the_four_files_come_in_whole_and_a_second_run_changes_nothing():
    administrator()
    assert import_folder(folder=SHARED, mapping=MAVEN) == 0
    imported = last_run()

    check_numbers(imported)
    check_people(imported)
    check_one_deal()
    check_claims(imported)
    check_judgement()
    check_what_goes_with_deals()
    check_second_run(imported)


def check_numbers(imported):
    deals = Opportunity.objects.filter(external_source="maven-crm")

    assert deals.count() == 8800
    assert dict(deals.order_by().values_list("outcome").annotate(Count("pk"))) == {
        "WON": 4238,
        "LOST": 2473,
        "OPEN": 2089,
    }
    assert deals.filter(customer__is_placeholder=True).count() == 1425
    assert Customer.objects.filter(is_placeholder=True).count() == 1
    assert Customer.objects.filter(is_placeholder=False).count() == 85
    assert Customer.objects.filter(industry="technolgy").count() == 12
    assert Customer.objects.exclude(parent=None).count() == 15
    assert Customer.objects.get(name="Codehow").parent.name == "Acme Corporation"
    assert CustomerProfile.objects.get(customer__name="Acme Corporation").annual_revenue_minor == 110_004_000_000
    assert Product.objects.count() == 7
    assert Product.objects.get(code="GTX Pro").list_price.amount == 4821
    assert Product.objects.get(code="GTX Pro").currency == "USD"
    assert deals.filter(product__code="GTX Pro").count() == 1480


def check_people(imported):
    sellers = User.objects.get_queryset().filter(role="seller")
    assert sellers.count() == 35
    assert not sellers.filter(is_active=True).exists()
    assert User.objects.get_queryset().filter(role="manager", is_active=False).count() == 6
    assert sorted(Unit.objects.values_list("name", flat=True)) == ["Central", "East", "West"]
    anna = User.objects.get(name="Anna Snelling")
    assert (anna.unit.name, anna.coach.name, anna.coach.unit.name) == ("Central", "Dustin Brinkmann", "Central")
    assert not anna.has_usable_password()
    assert imported.state == RunState.DONE
    assert imported.count("created") == 3 + 6 + 35 + 85 + 7 + 8800


def check_one_deal():
    won = Opportunity.objects.get(external_id="1C1I7A6R")

    assert (won.owner.name, won.created_by.name) == ("Moses Frase", "Moses Frase")
    assert (won.opened_on, won.closed_on) == (date(2016, 10, 20), date(2017, 3, 1))
    assert (won.amount.amount, won.currency) == (1054, "USD")
    assert (won.claimed_label, won.claimed_stage, won.outcome_unproved) == ("Won", 8, True)
    assert (won.stage_number, won.state, won.rate_percent, won.buyer_stage) == (0, "NOT_ENTERED", 0, 0)
    assert won.ref.startswith("P-2016-")
    closing = Closing.objects.get(opportunity=won)
    assert (closing.outcome, closing.reason, closing.closed_on, closing.known_on) == (
        "WON", "IMPORTED", date(2017, 3, 1), date(2017, 3, 1),
    )  # fmt: skip
    assert Closing.objects.filter(outcome="LOST", reason="OTHER").count() == 2473


def check_claims(imported):
    assert not Proof.objects.exists()
    assert not StageChange.objects.exists()
    open_deals = Opportunity.objects.filter(outcome=Outcome.OPEN)
    assert open_deals.filter(closed_on=None, amount_minor=None).count() == 2089
    assert dict(open_deals.order_by().values_list("claimed_label", "claimed_stage").annotate(n=Count("pk")).values_list("claimed_label", "n")) == {"Engaging": 1589, "Prospecting": 500}  # fmt: skip
    assert set(open_deals.filter(claimed_label="Prospecting").values_list("opened_on", flat=True)) == {
        local_day(imported.began_at)
    }


def check_judgement():
    for deal in Opportunity.objects.order_by("?")[:40]:
        compiled, _facts, assessment = assess_on(deal, date(2026, 9, 16))
        expected = derived_columns(compiled, assessment)

        assert {name: getattr(deal, name) for name in expected} == expected


def check_what_goes_with_deals():
    assert SearchDocument.objects.filter(kind="opportunity").count() == 8800
    assert Entry.objects.filter(event="opportunities.opportunity_imported").count() == 8800
    assert CustomerGrant.objects.count() == 8800
    assert Hold.objects.count() == 2089
    owner = User.objects.get(name="Moses Frase")
    owner.is_active = True
    assert Opportunity.objects.visible_to(owner).count() == Opportunity.objects.filter(owner=owner).count()


def check_second_run(imported):
    before = {model: list(model.objects.order_by("pk").values()) for model in (Opportunity, Customer, Closing, Product)}
    entries = Entry.objects.exclude(event__startswith="integrations.").count()

    assert import_folder(folder=SHARED, mapping=MAVEN) == 0

    second = last_run()
    assert second != imported
    assert (second.count("created"), second.count("changed"), second.count("unchanged")) == (0, 0, 8936)
    assert before == {model: list(model.objects.order_by("pk").values()) for model in before}
    assert Entry.objects.exclude(event__startswith="integrations.").count() == entries


def test_a_dry_run_tells_the_same_and_writes_nothing():
    administrator()

    assert import_folder(folder=SHARED, mapping="maven-crm", dry_run=True) == 0

    assert not Opportunity.objects.exists()
    assert not Customer.objects.exists()
    assert not ImportRun.objects.exists()
    assert not ImportFault.objects.exists()
    assert Unit.objects.count() == 0
