"""The pages of customers and contacts, with and without JavaScript."""

import re

import pytest
from django.urls import reverse

from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.models import Contact, Customer
from duobiao.customers.tests.factories import (
    FULL_CONTACT,
    FULL_PROFILE,
    NOW,
    contact,
    customer,
    everything,
    person,
    unit,
)
from duobiao.identity.models import Role
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TOKEN = {"form_token": "t" * 24}
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def east():
    return unit("华东一部")


@pytest.fixture
def seller(east, client):
    user = person(within=east, name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def manager(east):
    return person(Role.MANAGER, within=east)


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密", industry="机械")


def text(response):
    return response.content.decode()


def sent(form_page, **changes):
    """Fill a form as a browser does: every control with its present value, then the changes."""
    page = text(form_page)
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        kind = (re.search(r'type="([^"]*)"', tag) or [None, "text"])[1]
        if (name and kind not in ("checkbox", "radio", "file", "search")) or (name and " checked" in tag):
            values.setdefault(name[1], []).append((re.search(r'value="([^"]*)"', tag) or [None, ""])[1])
    for name, body in re.findall(r'<textarea name="([^"]*)"[^>]*>\s*([^<]*)</textarea>', page):
        values[name] = [body]
    for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        values[name] = re.findall(r'value="([^"]*)" selected', body) or [""]
    values.pop("csrfmiddlewaretoken", None)
    return {**values, **changes}


def test_the_list_finds_filters_and_sorts(client, seller, hengli):
    customer(seller, "无锡远景", industry="新能源", **FULL_PROFILE)

    def names(query):
        return re.findall(
            r'<th scope="row"><a href="[^"]*">([^<]*)</a>', text(client.get(reverse("customers:list"), query))
        )

    assert sorted(names({"sort": "name"})) == ["无锡远景", "苏州恒力精密"]
    assert names({"q": "恒力"}) == ["苏州恒力精密"]
    assert names({"industry": "新能源"}) == ["无锡远景"]
    assert names({"completeness": "empty"}) == ["苏州恒力精密"]
    assert names({"completeness": "complete"}) == []
    assert names({"owner": "me", "sort": "-profile_items"}) == ["无锡远景", "苏州恒力精密"]
    assert names({"owner": "E-NOBODY"}) == []


@pytest.mark.parametrize("query", ["sort=owner__password", "sort=-", "completeness=x", "q=%22*", "industry=%27"])
def test_a_strange_filter_is_ignored(client, hengli, query):
    assert client.get(f"{reverse('customers:list')}?{query}").status_code == 200


def test_a_damaged_cursor_is_a_422(client, hengli):
    assert client.get(reverse("customers:list"), {"cursor": "damaged"}).status_code == 422


def test_a_long_list_is_cut_into_pages(client, seller):
    for number in range(52):
        customer(seller, f"客户{number:02}")

    first = client.get(reverse("customers:list"), {"sort": "name"})
    rest = client.get(
        reverse("customers:list") + re.search(r'href="(\?[^"]*cursor=[^"]*)"', text(first))[1].replace("&amp;", "&")
    )

    assert text(first).count('<th scope="row">') == 50
    assert text(rest).count('<th scope="row">') == 2


def test_hidden_customers_appear_in_no_list_filter_or_count(client, seller):
    customer(person(within=unit("华西二部"), name="机密同事"), "机密客户", industry="机密行业")

    for headers in ({}, HTMX):
        page = text(client.get(reverse("customers:list"), headers=headers))
        assert "机密" not in page
    assert '<span class="t13 i3" id="customer-total">0</span>' in text(client.get(reverse("customers:list")))


def test_three_fields_enter_a_customer_with_its_handler(client, seller):
    response = client.post(
        reverse("customers:new"), {"name": "苏州恒力", "industry": "机械", "handler": "李建国", **TOKEN}
    )

    made = Customer.objects.get()
    assert (response.status_code, response["Location"]) == (303, reverse("customers:customer", args=[made.ref]))
    assert (made.industry, made.owner) == ("机械", seller)
    assert (Contact.objects.get().name, Contact.objects.get().is_handler) == ("李建国", True)


def test_the_same_form_sent_again_enters_one_customer(client, seller):
    answers = [client.post(reverse("customers:new"), {"name": "苏州恒力", **TOKEN}) for _ in range(3)]

    assert {answer["Location"] for answer in answers} == {
        reverse("customers:customer", args=[Customer.objects.get().ref])
    }


@pytest.mark.parametrize("name", ["", "   ", "长" * 10_000])
def test_a_wrong_name_shows_the_form_again_with_the_reason(client, seller, name):
    for headers in ({}, HTMX):
        response = client.post(reverse("customers:new"), {"name": name, **TOKEN}, headers=headers)
        assert response.status_code == 422
        assert 'id="id_name_error"' in text(response)
    assert not Customer.objects.exists()


def test_a_known_name_is_shown_and_confirmed(client, hengli):
    refused = client.post(reverse("customers:new"), {"name": "苏州恒力精密有限公司", **TOKEN})
    assert refused.status_code == 409
    assert reverse("customers:customer", args=[hengli.ref]) in text(refused)
    assert Customer.objects.count() == 1

    confirmed = client.post(reverse("customers:new"), {"name": "苏州恒力精密有限公司", "confirmed": "on", **TOKEN})
    assert confirmed.status_code == 303
    assert Customer.objects.count() == 2


def test_a_hidden_name_tells_only_the_unit_and_leaves_a_trace(client, hengli):
    client.force_login(person(within=unit("华西二部")))

    page = text(client.post(reverse("customers:new"), {"name": "苏州恒力精密", **TOKEN}, headers=HTMX))

    assert "华东一部" in page
    assert not any(word in page for word in (hengli.ref, "林晓", "机械"))
    assert Entry.objects.filter(event="customers.duplicate_looked_up").count() == 1


def test_the_page_shows_ring_facts_people_and_what_happened(client, seller, hengli):
    edit_customer(customer=hengli, version=1, values=FULL_PROFILE, actor=seller, now=NOW)
    li = contact(hengli, "李建国", is_handler=True, position="部长")

    page = text(client.get(reverse("customers:customer", args=[hengli.ref])))

    assert ">9/12</text>" in page
    assert "产能翻一番" in page
    assert reverse("customers:contact", args=[li.ref]) in page
    assert f"{reverse('customers:edit_contact', args=[li.ref])}?at=interests" in page
    assert "客户资料齐全" in page


def test_a_missing_item_leads_to_its_field(client, hengli):
    page = text(client.get(reverse("customers:customer", args=[hengli.ref])))
    address = f"{reverse('customers:edit', args=[hengli.ref])}?at=credit_standing"
    assert address in page

    form = text(client.get(address))

    assert re.search(r'<select name="credit_standing"[^>]*autofocus', form)
    assert re.search(r'<details class="card fold" id="group-relationship" open>', form)
    assert re.search(r'<details class="card fold" id="group-goals">', form)


def test_only_what_was_changed_is_written(client, seller, hengli):
    address = reverse("customers:edit", args=[hengli.ref])
    form = client.get(address)
    edit_customer(customer=hengli, version=1, values={"region": "苏州"}, actor=seller, now=NOW)

    stale = client.post(address, sent(form, scale="NATIONAL"))
    assert stale.status_code == 409
    assert 'name="version" value="2"' in text(stale)
    saved = client.post(address, sent(stale, scale="NATIONAL", form_token="u" * 24))

    assert saved.status_code == 303
    held = Customer.objects.get()
    assert (held.region, held.profile.scale, held.version) == ("苏州", "NATIONAL", 3)


@pytest.mark.parametrize(("choice", "expected"), [("mine", "汽车"), ("theirs", "化工")])
def test_after_a_conflict_the_person_chooses(client, seller, hengli, choice, expected):
    address = reverse("customers:edit", args=[hengli.ref])
    form = client.get(address)
    edit_customer(customer=hengli, version=1, values={"industry": "化工"}, actor=seller, now=NOW)

    conflict = client.post(address, sent(form, industry="汽车"), headers=HTMX)
    assert conflict.status_code == 409
    assert "化工" in text(conflict)
    assert "汽车" in text(conflict)
    assert Customer.objects.get().industry == "化工"
    client.post(address, sent(conflict, keep_industry=choice, form_token="u" * 24))

    assert Customer.objects.get().industry == expected


def test_wrong_values_come_back_with_their_reasons_and_nothing_is_written(client, hengli):
    address = reverse("customers:edit", args=[hengli.ref])
    form = client.get(address)
    before = everything()

    unknown = client.post(address, sent(form, parent="没有这家"))
    wrong = {"phone": "找老王", "credit_code": "123", "website": "javascript:alert(1)", "founded_year": "99999"}
    response = client.post(address, sent(form, **wrong))

    assert (unknown.status_code, response.status_code) == (422, 422)
    assert 'id="id_parent_error"' in text(unknown)
    for name in wrong:
        assert f'id="id_{name}_error"' in text(response)
    assert everything() == before


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "²"])
def test_a_form_without_its_version_is_refused(client, hengli, version):
    response = client.post(reverse("customers:edit", args=[hengli.ref]), {"name": "乙", "version": version})

    assert response.status_code == 422
    assert Customer.objects.get().name == "苏州恒力精密"


def test_the_parent_is_found_by_name_and_the_revenue_kept_as_money(client, seller, hengli):
    group = customer(seller, "恒力集团控股")
    address = reverse("customers:edit", args=[hengli.ref])

    client.post(address, sent(client.get(address), parent="恒力集团控股", annual_revenue="860000000.50"))

    held = Customer.objects.get(pk=hengli.pk)
    assert (held.parent, held.profile.annual_revenue_minor) == (group, 86_000_000_050)
    again = client.post(address, sent(client.get(address), region="苏州", form_token="u" * 24))
    assert again.status_code == 303
    assert Customer.objects.get(pk=hengli.pk).parent == group


def test_a_contact_is_entered_edited_and_shown(client, hengli):
    address = reverse("customers:new_contact", args=[hengli.ref])
    form = client.get(address, {"handler": "1"})
    made = client.post(
        address,
        sent(
            form,
            name="李建国",
            mobile="13812345678",
            relation_cells=["COMPANY_NEED_PRODUCT"],
            influence="4",
            stance="1",
        ),
    )
    li = Contact.objects.get()
    assert made["Location"] == reverse("customers:contact", args=[li.ref])
    assert (li.mobile, li.is_handler, li.influence, li.stance) == ("138 1234 5678", True, 4, 1)
    assert li.relation_cells == ["COMPANY_NEED_PRODUCT"]

    page = text(client.get(made["Location"]))
    assert "tel:+86-138-1234-5678" in page
    address = reverse("customers:edit_contact", args=[li.ref])
    changed = sent(client.get(address), is_handler="unknown", position="部长", stance="", form_token="u" * 24)
    assert client.post(address, changed).status_code == 303
    li.refresh_from_db()
    assert (li.is_handler, li.position, li.stance, li.relation_cells) == (None, "部长", None, ["COMPANY_NEED_PRODUCT"])
    assert li.version == 2


def test_a_stale_contact_form_is_a_409_and_a_wrong_one_a_422(client, hengli):
    li = contact(hengli, "李建国", **FULL_CONTACT)
    address = reverse("customers:edit_contact", args=[li.ref])
    form = client.get(address)
    assert client.post(address, sent(form, mobile="老地方")).status_code == 422
    assert client.post(address, sent(form, position="处长")).status_code == 303

    stale = client.post(address, sent(form, position="局长", form_token="u" * 24))

    assert stale.status_code == 409
    assert "处长" in text(stale)
    assert Contact.objects.get().position == "处长"


def test_merged_references_lead_to_the_kept_ones(client, seller, manager, hengli):
    other = customer(seller, "恒力精密（苏州）")
    li, double = contact(hengli, "李建国"), contact(hengli, "李 建国")
    client.force_login(manager)

    for kept, gone in ((hengli, other), (li, double)):
        page = text(client.get(reverse("duplicates:choose", args=[kept.kind, kept.ref]), {"q": gone.name[:2]}))
        address = reverse("duplicates:side_by_side", args=[kept.kind, kept.ref, gone.ref])
        assert address in page
        assert client.post(address, {}).status_code == 422
        seen = {f"version_{row.ref}": row.version for row in (kept, gone)}
        assert client.post(address, {"keeper": kept.ref, **seen}).status_code == 303

    for name, old, kept in (("customers:customer", other, hengli), ("customers:contact", double, li)):
        response = client.get(reverse(name, args=[old.ref]))
        assert (response.status_code, response["Location"]) == (302, reverse(name, args=[kept.ref]))
    client.force_login(person())
    assert client.get(reverse("customers:customer", args=[other.ref])).status_code == 404


def test_trash_and_restore(client, seller, hengli):
    li = contact(hengli, "李建国")
    assert client.post(reverse("customers:trash_contact", args=[li.ref])).status_code == 303
    assert client.post(reverse("customers:trash_customer", args=[hengli.ref])).status_code == 303
    page = text(client.get(reverse("customers:trash")))
    assert "苏州恒力精密" in page
    assert "李建国" in page

    assert client.post(reverse("customers:restore_contact", args=[li.ref])).status_code == 409
    assert client.post(reverse("customers:restore_customer", args=[hengli.ref])).status_code == 303
    assert client.post(reverse("customers:restore_contact", args=[li.ref])).status_code == 303
    assert client.get(reverse("customers:contact", args=[li.ref])).status_code == 200


def test_handing_over_leads_back_to_the_list_when_the_customer_is_out_of_sight(client, hengli, east):
    successor = person(within=east, name="许文博")
    address = reverse("customers:handover", args=[hengli.ref])

    assert client.post(address, {"to": "E-NOBODY", "version": "1"}).status_code == 422
    response = client.post(address, {"to": successor.ref, "version": "1", **TOKEN})

    assert response["Location"] == reverse("customers:list")
    assert Customer.objects.get().owner == successor
