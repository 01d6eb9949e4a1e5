"""The list of likely duplicates, two entries side by side, merging and undoing, by page and by API."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from duobiao.customers.models import Customer
from duobiao.customers.tests.factories import contact, customer, token
from duobiao.duplicates.actions import find_duplicates as search_module
from duobiao.duplicates.actions.find_duplicates import MOST_PER_KEY, find_duplicates
from duobiao.duplicates.actions.search_queued import queue_search
from duobiao.duplicates.actions.settle_pair import PairSettled, dismiss_pair, merge_records
from duobiao.duplicates.models import Merge, Pair, PairState, SignKey
from duobiao.duplicates.queries.found import get_pair, pairs_seen
from duobiao.duplicates.registry import kind_of
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, StaleVersion
from duobiao.opportunities.tests.factories import NOW, make_customer, make_deal, make_unit, make_user
from duobiao.prospecting.tests.factories import make_lead
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def east():
    return make_unit("华东")


@pytest.fixture
def seller(east):
    return make_user("seller", unit=east)


@pytest.fixture
def manager(east):
    return make_user("manager", Role.MANAGER, unit=east)


@pytest.fixture
def pair(seller):
    customer(seller, "苏州恒力精密有限公司", industry="机械")
    customer(seller, "蘇州恆力精密", industry="汽车", region="苏州")
    find_duplicates(kind_of("customer"), now=NOW)
    return Pair.objects.get()


def test_a_pair_is_proposed_with_score_and_reasons_for_each_kind(seller):
    company = customer(seller, "苏州恒力精密有限公司")
    customer(seller, "蘇州恆力精密")
    contact(company, "李明", mobile="13812345678")
    contact(company, "黎明", mobile="13812345678")
    make_lead(seller, company="远景光伏", contact_name="王工")
    make_lead(seller, company="远景光伏有限公司", contact_name="王工")
    make_deal(seller, company, name="二期产线自动化")
    make_deal(seller, company, name="恒力二期产线自动化项目")
    make_deal(seller, company, name="三期产线自动化")

    for kind in ("customer", "contact", "lead", "opportunity"):
        find_duplicates(kind_of(kind), now=NOW)

    found = {row.record_kind: (row.score, row.reasons) for row in Pair.objects.all()}
    assert Pair.objects.count() == 4
    assert found["customer"] == (850, ["form"])
    assert found["contact"] == (850, ["phone", "sound"])
    assert found["lead"] == (920, ["company", "person", "form", "name"])
    assert found["opportunity"][1][:3] == ["near", "amount", "customer"]


def test_what_was_dismissed_is_not_proposed_again(pair, seller, manager):
    found, kind, records = get_pair(ref=pair.ref, user=manager)
    dismiss_pair(pair=found, kind=kind, records=records, actor=manager, now=NOW)

    search = find_duplicates(kind, now=NOW)

    pair.refresh_from_db()
    assert search.proposed == 0
    assert (pair.state, pair.settled_by) == (PairState.DISMISSED, manager)
    assert Entry.objects.filter(event="duplicates.pair_dismissed").count() == 2
    with pytest.raises(PairSettled):
        dismiss_pair(pair=pair, kind=kind, records=records, actor=manager, now=NOW)


def test_a_pair_that_is_no_longer_alike_goes(pair, seller):
    Customer.objects.filter(name="蘇州恆力精密").update(name="无锡先锋电气")

    find_duplicates(kind_of("customer"), now=NOW)

    assert not Pair.objects.exists()


def test_a_key_that_too_many_share_tells_nothing(seller):
    company = make_customer(seller, "集团")
    for number in range(MOST_PER_KEY + 1):
        make_deal(seller, company, name=f"改造{number}", amount=None)

    assert find_duplicates(kind_of("opportunity"), now=NOW).compared == 0


def test_a_search_holds_little_in_memory_and_finds_the_same(seller, monkeypatch):
    company = make_customer(seller)
    for number in range(6):
        make_deal(seller, company, name=f"二期产线自动化{'甲乙丙丁戊己'[number]}")
    kind = kind_of("opportunity")
    whole = find_duplicates(kind, now=NOW).proposed
    found = set(Pair.objects.values_list("first", "second", "score"))
    Pair.objects.all().delete()
    SignKey.objects.create(kind=kind.key, key="n:gone", ref="O-GONE")
    most = []

    def counted(rows):
        signs = list(kind.signs(rows))
        most.append(len(signs))
        return iter(signs)

    monkeypatch.setattr(search_module, "BATCH", 2)
    monkeypatch.setattr(search_module, "KEYS_AT_ONCE", 1)
    small = find_duplicates(replace(kind, signs=counted), now=NOW)

    assert (small.records, small.proposed) == (6, whole)
    assert set(Pair.objects.values_list("first", "second", "score")) == found != set()
    assert max(most) == 2
    assert not SignKey.objects.filter(ref="O-GONE").exists()


def test_a_search_that_waits_or_runs_is_not_asked_for_again(client, manager):
    client.force_login(manager)

    def ask(kind):
        return client.post(reverse("duplicates:search"), {"kind": kind}, follow=True).content.decode()

    first, again, of_leads = ask("customer"), ask("customer"), ask("lead")
    calls = [
        row["kwargs"] for row in DBTaskResult.objects.order_by("enqueued_at").values_list("args_kwargs", flat=True)
    ]

    assert ["查重已在进行" in page for page in (first, again, of_leads)] == [False, True, False]
    assert calls == [{"only": "customer"}, {"only": "lead"}]
    DBTaskResult.objects.update(status="SUCCESSFUL")
    assert queue_search(kind_of("customer"))


def test_half_a_pair_is_shown_to_nobody(pair, seller, manager):
    Customer.objects.filter(name="蘇州恆力精密").update(owner=make_user("far", unit=make_unit("华北")))
    administrator = make_user("admin", Role.ADMINISTRATOR)
    kind = kind_of("customer")

    assert [pairs_seen(kind, who).count() for who in (seller, manager, administrator)] == [0, 0, 1]
    with pytest.raises(NotFound):
        get_pair(ref=pair.ref, user=manager)


def test_sellers_see_their_pairs_and_may_not_merge_them(client, pair, seller):
    client.force_login(seller)

    page = client.get(reverse("duplicates:list")).content.decode()
    compared = client.get(reverse("duplicates:side_by_side", args=["customer", pair.first, pair.second]))
    dismissed = client.post(reverse("duplicates:dismiss_pair", args=[pair.ref]))

    assert "蘇州恆力精密" in page
    assert "85%" in page
    assert reverse("duplicates:side_by_side", args=["customer", pair.first, pair.second]) not in page
    assert (compared.status_code, dismissed.status_code) == (403, 403)
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN


def test_a_manager_chooses_fact_by_fact_and_undoes(client, pair, seller, manager):
    client.force_login(manager)
    keeper = Customer.objects.get(name="苏州恒力精密有限公司")
    other = Customer.objects.get(name="蘇州恆力精密")
    address = reverse("duplicates:side_by_side", args=["customer", pair.first, pair.second])
    sent = {
        "keeper": keeper.ref,
        "fact_industry": other.ref,
        "fact_name": keeper.ref,
        f"version_{keeper.ref}": keeper.version,
        f"version_{other.ref}": other.version,
    }

    merged = client.post(address, sent)
    keeper.refresh_from_db()
    merge = Merge.objects.get()
    listed = client.get(reverse("duplicates:merges")).content.decode()
    undone = client.post(reverse("duplicates:undo_merge", args=[merge.ref]), follow=True)
    again = Customer.objects.get(pk=keeper.pk)

    assert (merged.status_code, merged["Location"]) == (303, reverse("customers:customer", args=[keeper.ref]))
    assert (keeper.name, keeper.industry, keeper.region) == ("苏州恒力精密有限公司", "汽车", "苏州")
    assert reverse("duplicates:undo_merge", args=[merge.ref]) in listed
    assert "两条记录恢复原样" in undone.content.decode()
    assert (again.industry, again.region) == ("机械", "")
    pair.refresh_from_db()
    assert pair.state == PairState.DISMISSED


def test_the_reference_of_a_merged_deal_or_lead_leads_to_the_kept_one(client, seller, manager):
    company = make_customer(seller)
    deals = make_deal(seller, company), make_deal(seller, company)
    leads = make_lead(seller, company="甲"), make_lead(seller, company="甲")
    for kind, (keeper, other) in (("opportunity", deals), ("lead", leads)):
        merge_records(kind=kind_of(kind), keeper=keeper, other=other, take=[], versions=(1, 1), actor=manager, now=NOW)
    client.force_login(seller)

    answers = [client.get(f"/opportunities/{deals[1].ref}/"), client.get(f"/leads/{leads[1].ref}/")]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [answer["Location"] for answer in answers] == [f"/opportunities/{deals[0].ref}/", f"/leads/{leads[0].ref}/"]


def test_an_entry_that_nobody_proposed_is_found_by_its_name(client, seller, manager):
    company = customer(seller, "恒远动力")
    deal, other = make_deal(seller, company, name="二期产线"), make_deal(seller, company, name="贰号线改造")
    near = make_deal(seller, company, name="二期产线自动化")
    find_duplicates(kind_of("opportunity"), now=NOW)
    client.force_login(manager)
    address = reverse("duplicates:choose", args=["opportunity", deal.ref])

    alike = client.get(address).content.decode()
    named = client.get(address, {"q": "贰号"}).content.decode()

    assert reverse("duplicates:side_by_side", args=["opportunity", deal.ref, near.ref]) in alike
    assert reverse("duplicates:side_by_side", args=["opportunity", deal.ref, other.ref]) in named
    assert address in client.get(f"/opportunities/{deal.ref}/").content.decode()
    lead = make_lead(manager, company="甲")
    assert reverse("duplicates:choose", args=["lead", lead.ref]) in client.get(f"/leads/{lead.ref}/").content.decode()
    client.force_login(seller)
    assert client.get(address).status_code == 403
    twin = customer(seller, company.name)
    client.force_login(manager)
    found = client.get(reverse("duplicates:choose", args=["customer", company.ref])).content.decode()
    assert reverse("duplicates:side_by_side", args=["customer", company.ref, twin.ref]) in found
    assert client.get(reverse("duplicates:choose", args=["dragon", deal.ref])).status_code == 404


def test_what_somebody_changed_meanwhile_is_not_merged(client, pair, seller, manager):
    client.force_login(manager)
    keeper, other = Customer.objects.get(ref=pair.first), Customer.objects.get(ref=pair.second)
    Customer.objects.filter(pk=other.pk).update(version=7)
    sent = {"keeper": keeper.ref, f"version_{keeper.ref}": keeper.version, f"version_{other.ref}": other.version}

    answer = client.post(reverse("duplicates:side_by_side", args=["customer", pair.first, pair.second]), sent)

    assert answer.status_code == 409
    assert not Merge.objects.exists()
    with pytest.raises(StaleVersion):
        merge_records(
            kind=kind_of("customer"), keeper=keeper, other=other, take=[], versions=(1, 1), actor=manager, now=NOW
        )


def test_wrong_choices_are_named_and_nothing_is_merged(client, pair, seller, manager):
    client.force_login(manager)
    keeper, other = Customer.objects.get(ref=pair.first), Customer.objects.get(ref=pair.second)

    answer = client.post(
        reverse("duplicates:side_by_side", args=["customer", pair.first, pair.second]), {"keeper": "x"}
    )

    blind = client.post(
        reverse("duplicates:side_by_side", args=["customer", pair.first, pair.second]), {"keeper": pair.first}
    )

    assert (answer.status_code, "请选择保留哪一条记录。" in answer.content.decode()) == (422, True)
    assert (blind.status_code, "请刷新页面" in blind.content.decode()) == (422, True)
    for take, two in ((["owner"], (keeper, other)), ([], (keeper, keeper))):
        with pytest.raises(Invalid):
            merge_records(
                kind=kind_of("customer"),
                keeper=two[0],
                other=two[1],
                take=take,
                versions=(1, 1),
                actor=manager,
                now=NOW,
            )
    with pytest.raises(NotAllowed):
        merge_records(
            kind=kind_of("customer"), keeper=keeper, other=other, take=[], versions=(1, 1), actor=seller, now=NOW
        )
    assert not Merge.objects.exists()


def test_the_api_lists_compares_merges_and_undoes(api, pair, seller, manager):
    client = api(token(manager))

    listed = client.get("/duplicates", kind="customer").json()["items"]
    facts = client.get(f"/duplicates/customer/{pair.first}/{pair.second}").json()
    body = {"kind": "customer", "keeper": pair.first, "other": pair.second, "take": ["industry"]}
    unseen = client.post("/merges", {**body, "keeper_version": 1})
    body |= {"keeper_version": 1, "other_version": 1}
    merged = client.post("/merges", body)
    undone = client.post(f"/merges/{merged.json()['ref']}/undo", {})
    late = client.post(f"/merges/{merged.json()['ref']}/undo", {})

    assert [(row["ref"], row["score"], row["reasons"]) for row in listed] == [(pair.ref, 0.85, ["form"])]
    assert {"name", "industry", "region"} <= {row["name"] for row in facts}
    assert (unseen.status_code, merged.status_code) == (422, 201)
    assert (undone.json()["kept_facts"], undone.json()["kept_rows"]) == ([], 0)
    assert (late.status_code, late.json()["code"]) == (409, "too_late_to_undo")
    assert len(client.get("/merges").json()) == 1
    assert client.get("/duplicates", kind="dragon").status_code == 404
    assert client.post("/duplicates/search", {"kind": "lead"}).status_code == 202


def test_the_lists_cost_the_same_for_any_number_of_rows(client, pair, manager, seller, assert_flat_queries):
    client.force_login(manager)

    def more():
        for number in range(5):
            name = f"无锡先锋{'甲乙丙丁戊'[number]}电气有限公司"
            one, twin, _third = (customer(seller, name) for _ in range(3))
            merge_records(
                kind=kind_of("customer"),
                keeper=one,
                other=twin,
                take=[],
                versions=(1, 1),
                actor=manager,
                now=timezone.now(),
            )
        find_duplicates(kind_of("customer"), now=NOW)

    assert_flat_queries(visit=lambda: client.get(reverse("duplicates:list")), grow=more)
    assert_flat_queries(visit=lambda: client.get(reverse("duplicates:merges")), grow=more)


def test_keys_follow_a_customer(seller, manager):
    held = customer(seller, "苏州恒力精密有限公司")

    assert "n:恒力精密" in set(SignKey.objects.filter(ref=held.ref).values_list("key", flat=True))
    other = customer(seller, "恒力精密")
    merge_records(
        kind=kind_of("customer"),
        keeper=held,
        other=other,
        take=[],
        versions=(1, 1),
        actor=manager,
        now=NOW + timedelta(1),
    )
    assert not SignKey.objects.filter(ref=other.ref).exists()
