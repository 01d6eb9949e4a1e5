"""The list: order, deep pages, columns, saved views, bulk owner change."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from duobiao.identity import policy
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.change_view import change_view
from duobiao.opportunities.actions.delete_view import delete_view
from duobiao.opportunities.actions.save_view import save_view
from duobiao.opportunities.actions.view_rules import ViewNameTaken
from duobiao.opportunities.models import FieldChange, Opportunity, SavedView, TeamMember
from duobiao.opportunities.queries.columns import SORTS, sortable
from duobiao.opportunities.queries.keyset import page_of, read_cursor
from duobiao.opportunities.queries.pipeline import list_rows
from duobiao.opportunities.tests.factories import NOW, TODAY, make_customer, make_deal, make_unit, make_user
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("华东一部")


@pytest.fixture
def seller(unit):
    return make_user("lin", unit=unit)


@pytest.fixture
def manager(unit):
    return make_user("zhou", role=Role.MANAGER, unit=unit)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def derive(deal, **columns):
    Opportunity.objects.filter(pk=deal.pk).update(**columns)


def names_on(html):
    return re.findall(r'<th scope="row"><a id="deal-[^"]+" href="/opportunities/[^"]+/">([^<]+)</a>', html)


# pages


def walk(sort, down, size=3):
    """Walk all pages forward, then back again; returns the references both ways."""
    rows = sortable(Opportunity.objects.all(), sort)

    def cut(text):
        cursor = read_cursor(text, sort=sort, down=down)
        return page_of(
            rows, sort=sort, down=down, cursor=cursor, size=size, load=lambda found: list_rows(found, sort.field)
        )

    page, forward = cut(""), []
    while True:
        forward.append([row[1] for row in page.rows])
        if not page.next:
            break
        page = cut(page.next)
    backward = [forward[-1]]
    while page.previous:
        page = cut(page.previous)
        backward.append([row[1] for row in page.rows])
    assert page.start == 1
    return [ref for part in forward for ref in part], [ref for part in reversed(backward) for ref in part]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("key", sorted(SORTS))
def test_pages_hold_every_deal_once_in_both_directions(key, down, seller):
    customer = make_customer(seller)
    for number in range(11):
        deal = make_deal(
            seller, customer, name=f"Deal {number // 4}", amount=Money.of(number // 3) if number % 4 else None
        )
        day = TODAY - timedelta(days=number // 3)
        derive(
            deal,
            lag=number // 4 if number % 3 else None,
            reassess_on=day if number % 2 else None,
            expected_close_on=day if number % 5 else None,
            last_evidence_on=None if number < 5 else day,
            stage_since=None if number > 5 else day,
            stage_number=number % 3,
        )

    forward, backward = walk(SORTS[key], down)

    assert sorted(forward) == sorted(Opportunity.objects.values_list("ref", flat=True))
    assert len(set(forward)) == 11
    assert backward == forward


@pytest.mark.parametrize("down", [False, True])
def test_deals_without_a_value_come_last_either_way(down, seller):
    customer = make_customer(seller)
    for amount in (None, 3, None, 1, 2):
        make_deal(seller, customer, amount=None if amount is None else Money.of(amount))
    sort = SORTS["amount"]

    forward, _ = walk(sort, down, size=2)

    minor = dict(Opportunity.objects.values_list("ref", "amount_minor"))
    assert [minor[ref] for ref in forward] == ([300, 200, 100] if down else [100, 200, 300]) + [None, None]


@pytest.mark.parametrize("cursor", ["x", "x" * 3000, "WyJhIl0:1tXyz:abc", "%00"])
def test_a_damaged_cursor_shows_the_first_page(cursor, seller):
    make_deal(seller, name="恒睿")

    response = signed_in(seller).get("/pipeline/list/", {"cursor": cursor})

    assert names_on(response.content.decode()) == ["恒睿"]


def test_the_page_links_to_the_next_fifty(seller):
    customer = make_customer(seller)
    for number in range(52):
        make_deal(seller, customer, name=f"Deal {number:02d}")
    client = signed_in(seller)
    client.cookies["duobiao_language"] = "en"

    first = client.get("/pipeline/list/?sort=name").content.decode()
    following = re.search(r'href="([^"]+cursor=[^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    second = client.get(following).content.decode()

    assert (len(names_on(first)), len(names_on(second))) == (50, 2)
    assert "1–50 of 52" in first
    assert "51–52 of 52" in second
    assert set(names_on(first)) & set(names_on(second)) == set()


@pytest.mark.parametrize("sort", ["-amount", "name", "close", "x'; --", "owner__password"])
def test_an_unknown_order_is_the_usual_one(sort, seller):
    make_deal(seller)

    assert signed_in(seller).get("/pipeline/list/", {"sort": sort}).status_code == 200


def test_columns_are_chosen_by_the_address(seller):
    make_deal(seller)

    html = signed_in(seller).get("/pipeline/list/?col=amount&col=ref&col=password").content.decode()

    shown = set(re.findall(r'class="(k-\w+)', html))
    assert {"k-amount", "k-ref"} <= shown
    assert "k-industry" not in shown


def test_the_sums_row_covers_all_pages_and_names_other_currencies(seller):
    customer = make_customer(seller)
    for _ in range(51):
        make_deal(seller, customer, amount=Money.of(10_000))
    make_deal(seller, customer, amount=Money.of(5000, "USD"))

    html = signed_in(seller).get("/pipeline/list/").content.decode()

    foot = html[html.index("<tfoot>") : html.index("</tfoot>")]
    assert 'title="¥510,000.00"' in foot
    assert "US$5,000" in html[html.index("</tfoot>") :]


# saved views


def save(user, **fields):
    given = {"name": "要追赶的", "query": {"lag": "CATCH_UP"}, "columns": ["amount"], "layout": "list", **fields}
    return save_view(**given, actor=user, now=NOW)


def test_a_saved_view_brings_filters_order_and_columns_back(seller):
    behind, other = make_deal(seller, name="落后的"), make_deal(seller, name="同步的")
    derive(behind, lag=1, lag_verdict="CATCH_UP")
    derive(other, lag=0, lag_verdict="IN_SYNC")
    client = signed_in(seller)

    saved = client.post(
        "/pipeline/views/save/",
        {"name": "要追赶的", "query": "lag=CATCH_UP&sort=-amount&col=amount&col=owner&evil=1", "layout": "list"},
    )

    view = SavedView.objects.get()
    assert saved["Location"] == f"/pipeline/list/?view={view.ref}"
    assert view.query == {"lag": "CATCH_UP", "sort": "-amount"}
    assert view.columns == ["amount", "owner"]
    html = client.get(saved["Location"]).content.decode()
    assert names_on(html) == ["落后的"]
    assert Entry.objects.filter(event="opportunities.view_saved").count() == 1


def test_removing_a_filter_of_a_view_does_not_bring_it_back(seller):
    view = save(seller)
    make_deal(seller, name="同步的")

    html = signed_in(seller).get(f"/pipeline/list/?view={view.ref}").content.decode()
    without = re.search(r'class="chip on" href="([^"]+)" aria-current="true"', html).group(1).replace("&amp;", "&")

    assert names_on(signed_in(seller).get(without).content.decode()) == ["同步的"]


def test_a_shared_view_never_widens_what_a_colleague_sees(seller):
    view = save(seller, query={}, shared=True, name="全部")
    make_deal(seller, name="恒睿")
    stranger = make_user(unit=make_unit("华南"))

    html = signed_in(stranger).get(f"/pipeline/list/?view={view.ref}").content.decode()

    assert "全部" in html
    assert "恒睿" not in html


def test_a_private_view_stays_private(seller):
    view = save(seller, name="私人的")
    colleague = signed_in(make_user())

    assert "私人的" not in colleague.get(f"/pipeline/list/?view={view.ref}").content.decode()
    assert colleague.get(f"/pipeline/views/{view.ref}/").status_code == 404
    assert colleague.post(f"/pipeline/views/{view.ref}/delete/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_second_view_of_the_same_name_is_refused(seller):
    save(seller)

    with pytest.raises(ViewNameTaken):
        save(seller)

    assert SavedView.objects.count() == 1


def test_one_default_gives_way_to_another(seller):
    first, second = save(seller, name="一"), save(seller, name="二")
    change_view(view=first, name="一", shared=False, is_default=True, actor=seller, now=NOW)

    change_view(view=second, name="二", shared=True, is_default=True, actor=seller, now=NOW)

    assert list(SavedView.objects.filter(is_default=True)) == [second]
    second.refresh_from_db()
    assert second.shared


def test_a_deleted_view_is_gone_and_recorded(seller):
    view = save(seller)

    delete_view(view=view, actor=seller, now=NOW)

    assert not SavedView.objects.exists()
    assert Entry.objects.filter(event="opportunities.view_deleted").count() == 1


def test_updating_a_view_keeps_its_name(seller):
    view = save(seller)

    signed_in(seller).post("/pipeline/views/save/", {"query": "waived=1", "layout": "list", "replace": view.ref})

    view.refresh_from_db()
    assert (view.name, view.query) == ("要追赶的", {"waived": "1", "sort": "-lag"})


# bulk owner change


def test_many_deals_change_hands_and_each_is_recorded(seller, manager, unit):
    deals = [make_deal(seller) for _ in range(3)]
    chen = make_user("chen", unit=unit)
    client = signed_in(manager)

    shown = client.post("/pipeline/handover/", {"ref": [deal.ref for deal in deals[:2]]})
    assert shown.status_code == 200
    assert Opportunity.objects.filter(owner=seller).count() == 3
    answer = client.post(
        "/pipeline/handover/",
        {"ref": [deal.ref for deal in deals[:2]], "to": chen.ref, "note": "区域调整", "confirmed": "1"},
    )

    assert answer.status_code == 303
    assert Opportunity.objects.filter(owner=chen).count() == 2
    assert FieldChange.objects.filter(field="owner").count() == 2
    assert Entry.objects.filter(event="opportunities.opportunity_handed_over").count() == 2


def test_deals_given_out_of_ones_reach_are_counted(seller, manager):
    stranger = make_user("hao", unit=make_unit("华南"))
    sent = {"ref": [make_deal(seller).ref, make_deal(seller).ref], "to": stranger.ref, "confirmed": "1"}

    answer = signed_in(manager).post("/pipeline/handover/", sent, follow=True, headers={"accept-language": "en"})

    assert "2 of them are outside your reach now" in answer.text
    assert "吴" not in signed_in(manager).get("/pipeline/handover/", {"field": "to", "to_words": "nobody"}).text


def test_all_filtered_deals_can_be_chosen_at_once(seller, manager):
    for lag in ("CATCH_UP", "CATCH_UP", "IN_SYNC"):
        derive(make_deal(seller), lag_verdict=lag)

    html = signed_in(manager).post("/pipeline/handover/", {"all": "1", "query": "lag=CATCH_UP"}).content.decode()

    assert html.count('type="hidden" name="ref"') == 2


def test_one_deal_out_of_reach_stops_all_and_is_named(seller, manager, unit, monkeypatch):
    mine, foreign = make_deal(seller, name="我部的"), make_deal(make_user(unit=make_unit("华南")), name="别部的")
    TeamMember.objects.create(opportunity=foreign, user=manager, role="SPONSOR", added_at=NOW)
    allowed = policy.allows
    monkeypatch.setattr(
        policy, "allows", lambda actor, verb, subject=None: subject != foreign and allowed(actor, verb, subject)
    )

    answer = signed_in(manager).post(
        "/pipeline/handover/", {"ref": [mine.ref, foreign.ref], "to": make_user(unit=unit).ref, "confirmed": "1"}
    )

    assert answer.status_code == 422
    assert "别部的" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.owner == seller
    assert not Entry.objects.filter(event="opportunities.opportunity_handed_over").exists()


def test_a_deal_of_another_unit_is_not_even_shown(manager):
    foreign = make_deal(make_user(unit=make_unit("华南")), name="别部的")

    assert "别部的" not in signed_in(manager).post("/pipeline/handover/", {"ref": foreign.ref}).content.decode()


def test_a_seller_may_not_hand_deals_over_at_once(seller):
    deal = make_deal(seller)

    assert signed_in(seller).post("/pipeline/handover/", {"ref": deal.ref}).status_code == 403
    assert not re.search(r'<button[^>]*form="bulk"', signed_in(seller).get("/pipeline/list/").content.decode())


def test_handing_over_to_nobody_changes_nothing(seller, manager):
    deal = make_deal(seller)

    answer = signed_in(manager).post("/pipeline/handover/", {"ref": deal.ref, "confirmed": "1", "to": "E-NOBODY"})

    assert answer.status_code == 422
    deal.refresh_from_db()
    assert deal.owner == seller


def test_choosing_nothing_says_so(manager):
    html = signed_in(manager).post("/pipeline/handover/", {}).content.decode()

    assert 'class="empty"' in html


def test_deals_that_a_gate_review_holds_are_found_in_list_view_export_and_api(seller, api):
    held, stopped, free = (make_deal(seller, name=name) for name in ("持有", "停下", "自由"))
    derive(held, gate_mark="HOLD")
    derive(stopped, gate_mark="STOP")
    client, program = signed_in(seller), api(create_token(username="lin", now=NOW))

    assert names_on(client.get("/pipeline/list/?gate_mark=HOLD").content.decode()) == ["持有"]
    assert len(names_on(client.get("/pipeline/list/?gate_mark=nonsense").content.decode())) == 3
    page = client.get("/pipeline/list/?gate_mark=STOP&col=mark").content.decode()
    assert '<option value="STOP" selected>' in page[page.index('id="filter-mark"') :]
    client.post("/pipeline/views/save/", {"name": "停的", "query": "gate_mark=STOP&col=mark"})
    view = SavedView.objects.get()
    assert view.query["gate_mark"] == "STOP"
    assert names_on(client.get(f"/pipeline/list/?view={view.ref}").content.decode()) == ["停下"]
    assert [row["ref"] for row in program.get("/opportunities", gate_mark="hold").json()["items"]] == [held.ref]
    assert program.get("/opportunities", gate_mark="nonsense").status_code == 422
    assert free.gate_mark == ""
