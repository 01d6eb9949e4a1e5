"""The playbook page."""

import pytest
from django.test import Client
from django.utils import timezone

from duobiao.opportunities.tests.factories import make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import PlaybookVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    ship_playbooks(now=timezone.now())
    client.force_login(make_user("reader", role="coach"))
    return client


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_everybody_reads_every_item_in_their_language(reader, language):
    page = reader.get("/playbooks/project-sales-8/1/", headers={"accept-language": language}).content.decode()

    assert page.count('class="pb-item"') == 132
    assert {"zh-hans": "与经手人确认会面时间", "zh-hant": "與經手人確認", "en": "Eight-stage"}[language] in page


def test_the_standard_playbook_says_what_it_is_for_without_changing_its_document(reader):
    page = reader.get("/playbooks/project-sales-8/1/", headers={"accept-language": "en"}).content.decode()

    assert "For long projects decided by many" in page
    assert "summary" not in PlaybookVersion.objects.get(key="project-sales-8").document


def test_the_rail_leads_to_the_newest_version(reader):
    assert reader.get("/playbooks/").url == "/playbooks/project-sales-8/1/"


@pytest.mark.parametrize(
    ("key", "items"), [("key-account-6", 64), ("solution-5", 48), ("panorama-6", 47), ("product-sale", 18)]
)
def test_each_playbook_is_read_with_its_map_role_and_neighbours(reader, key, items):
    page = reader.get(f"/playbooks/{key}/1/", headers={"accept-language": "en"}).content.decode()

    assert page.count('class="pb-item"') == items
    assert page.count('class="buyer"') == 8
    assert f'href="/playbooks/{key}/1/" aria-current="page"' in page
    assert page.count('/1/"') >= 5


def test_product_selling_shows_its_figures_and_key_accounts_their_reviews(reader):
    product = reader.get("/playbooks/product-sale/1/", headers={"accept-language": "en"}).content.decode()
    accounts = reader.get("/playbooks/key-account-6/1/", headers={"accept-language": "en"}).content.decode()

    assert "Figures to steer by" in product
    assert "Review: submit the bid" in accounts
    assert "Conductor of the offer" in accounts


def test_an_unknown_version_does_not_exist(reader):
    assert reader.get("/playbooks/project-sales-8/7/").status_code == 404


def test_nobody_reads_without_signing_in(client):
    assert client.get("/playbooks/project-sales-8/1/").status_code == 302
