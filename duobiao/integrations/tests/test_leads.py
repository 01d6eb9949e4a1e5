"""Leads come in from a list: by name of their pool and campaign, once, with what is wrong named by row."""

import pytest
from django.utils import translation

from duobiao.integrations.domain.targets import Target
from duobiao.integrations.queries.guesses import guess_fields, guess_target
from duobiao.integrations.tests.factories import administrator, bring_in, last_run
from duobiao.prospecting.models import Lead
from duobiao.prospecting.tests.factories import make_campaign, make_pool

MAPPING = """
version: 1
source: fair-list
files:
  - file: "*"
    target: leads
    external_id: id
    columns:
      company: company
      contact_name: person
      mobile: mobile
      source: source
      pool: pool
      campaign: campaign
      entered_on: day
"""
HEAD = "id,company,person,mobile,source,pool,campaign,day\n"


@pytest.mark.django_db
def test_leads_come_in_once_and_bad_rows_are_refused_by_name(tmp_path):
    actor = administrator()
    pool, fair = make_pool("华东公海"), make_campaign(actor, name="工博会")
    rows = "1,恒力,王海涛,13812345678,贸易展览,华东公海,工博会,2026-09-01\n"
    bad = "2,,李工,13812345678,贸易展览,,,\n3,远大,,12,贸易展览,,,\n4,锦程,,,TV,,,\n5,天成,,,,没有的公海,,\n"

    with translation.override("zh-hans"):
        assert bring_in(tmp_path, MAPPING, leads_csv=HEAD + rows + bad) == 4
        assert bring_in(tmp_path, MAPPING, leads_csv=HEAD + rows) == 0

    lead = Lead.objects.get()
    assert (lead.company, lead.source, lead.mobile, lead.pool, lead.campaign) == (
        "恒力",
        "EXHIBITION",
        "138 1234 5678",
        pool,
        fair,
    )
    assert (lead.owner, lead.created_at.date().isoformat()) == (None, "2026-09-01")
    assert last_run().count("unchanged") == 1


def test_the_columns_of_a_list_of_leads_are_guessed():
    assert guess_target("展会线索.xlsx") is Target.LEADS
    guessed = guess_fields(["公司名称", "联系人", "手机", "线索来源", "需求"], Target.LEADS)
    assert list(guessed.values()) == ["company", "contact_name", "mobile", "source", "need"]
