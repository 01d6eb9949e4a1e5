"""Deals on versions that a company published: opened, judged, recomputed, shown, next to those on older ones."""

from datetime import timedelta

import pytest
from django.test import Client

from duobiao.approvals.actions.decide import decide
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.ask_waiver import ask_waiver
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.queries.stages import offered_playbooks, playbook_stages
from duobiao.opportunities.tests.factories import NOW, TODAY, make_deal, make_unit, make_user, prove_stages
from duobiao.playbooks.actions.retire_version import retire_version
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.domain import editing
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, get_version, shipped_by_ref
from duobiao.playbooks.tests.factories import changed, draft_from, next_version, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    ship_playbooks(now=NOW)
    return make_user("admin", role="administrator")


def shorter(administrator):
    """Publish the standard playbook without its second stage."""
    draft = draft_from(actor=administrator, now=NOW)
    return publish(changed(draft, administrator, NOW, lambda doc: editing.without_stage(doc, 2)), administrator, NOW)


def test_new_deals_are_opened_by_the_published_version_and_old_ones_stay(administrator):
    before = make_deal(administrator)
    prove_stages(before, 1, 2, actor=administrator)
    version = shorter(administrator)
    after = make_deal(administrator)
    prove_stages(after, 1, 2, actor=administrator)

    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.playbook.version, before.completed_stage, before.rate_percent) == (1, 2, 10)
    assert (after.playbook, after.completed_stage, after.rate_percent) == (version, 2, 25)
    assert recompute(today=TODAY).deals == 2
    assert recompute(today=TODAY).differences == []
    reassess_due(now=NOW)
    assert set(Opportunity.objects.values_list("playbook__version", flat=True)) == {1, 2}


def test_a_playbook_of_a_company_is_offered_and_opened_by_its_key(administrator):
    draft = draft_from("product-sale", actor=administrator, now=NOW, new_key="our-way")
    version = publish(draft, administrator, NOW)
    deal = make_deal(administrator, playbook="our-way")
    prove_stages(deal, 1, actor=administrator)

    deal.refresh_from_db()
    assert (deal.playbook, deal.completed_stage) == (version, 1)
    assert next(playbook.key for playbook in offered_playbooks()) == DEFAULT_PLAYBOOK
    assert "our-way" in [playbook.key for playbook in offered_playbooks()]
    assert recompute(today=TODAY).differences == []


def test_a_retired_playbook_opens_no_deal_but_judges_those_it_has(administrator):
    deal = make_deal(administrator, playbook="key-account-6")
    retire_version(playbook=get_version("key-account-6"), actor=administrator, now=NOW)

    with pytest.raises(Invalid) as refused:
        make_deal(administrator, playbook="key-account-6")

    assert "playbook" in refused.value.fields
    assert Opportunity.objects.count() == 1
    prove_stages(deal, 1, actor=administrator)
    deal.refresh_from_db()
    assert deal.completed_stage == 1
    assert "key-account-6" not in [playbook.key for playbook in offered_playbooks()]


def test_a_retired_version_gives_way_to_the_one_before(administrator):
    version = next_version(actor=administrator, now=NOW)
    retire_version(playbook=version, actor=administrator, now=NOW)

    assert make_deal(administrator).playbook.version == 1


def test_figures_keep_every_stage_that_a_deal_can_stand_in(administrator):
    version = shorter(administrator)

    assert version.document["rates"] == [0, 5, 25, 30, 50, 75, 90, 100]
    assert len(playbook_stages()) == 9


def test_a_control_point_is_not_waived_below_its_approver(administrator):
    point = shipped_by_ref()["key-account-6/1"]["stages"][1]["control_points"][0]
    draft = draft_from("key-account-6", actor=administrator, now=NOW)
    raised = {**point, "approver": "EXECUTIVE"}
    publish(
        changed(draft, administrator, NOW, lambda doc: editing.with_row(doc, 2, "control_points", 0, raised)),
        administrator, NOW,
    )  # fmt: skip
    unit = make_unit("华东")
    seller, manager = make_user("lin", unit=unit), make_user("zhou", role=Role.MANAGER, unit=unit)
    executive = make_user("gao", role=Role.EXECUTIVE)
    deal = make_deal(seller, playbook="key-account-6")
    asked = {"opportunity": deal, "reason": "等批文", "expires_on": TODAY + timedelta(days=20), "now": NOW}

    plain = ask_waiver(item="2.S2", actor=manager, **asked)
    steered = ask_waiver(item="2.S1", actor=seller, **asked)
    request = ApprovalRequest.objects.get(subject_ref=steered.ref)
    decide(request=request, approved=True, actor=manager, now=NOW)
    steered.refresh_from_db()
    assert (plain.is_pending, steered.is_pending) == (False, True)
    decide(request=request, approved=True, actor=executive, now=NOW)

    steered.refresh_from_db()
    assert not steered.is_pending


@pytest.mark.parametrize(
    "path",
    [
        "/pipeline/board/",
        "/pipeline/list/",
        "/pipeline/funnel/",
        "/pipeline/figures/",
        "/pipeline/figures/process/",
        "/opportunities/new/",
        "/opportunities/{ref}/",
        "/opportunities/{ref}/timeline/",
        "/opportunities/{ref}/?stage=7",
    ],
)
def test_pages_show_deals_of_both_versions(path, administrator):
    make_deal(administrator, name="Old Way")
    shorter(administrator)
    deal = make_deal(administrator, name="New Way")
    prove_stages(deal, 1, 2, 3, actor=administrator)
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)

    answer = client.get(path.format(ref=deal.ref))

    assert answer.status_code == 200
