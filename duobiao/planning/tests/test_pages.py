"""Pages and API of analyses and plans: they do the work of their user, without a script too."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from duobiao.engagement.tests.factories import hold, log
from duobiao.identity.commands import create_token
from duobiao.identity.models import Role
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.tests.factories import make_contact, make_customer, make_deal, make_unit, make_user
from duobiao.planning.models import AccountPlan, BudgetPhase, Industry, PlanDate, PlanGoal, SheetEntry
from duobiao.planning.tests.factories import industry, milestone, noted, of_customer, plan, said

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 1)


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def seller(unit):
    return make_user("linxiao", unit=unit, language="en")


@pytest.fixture
def presales(unit):
    return make_user("xuwenbo", role=Role.PRESALES, unit=unit, language="en")


@pytest.fixture
def customer(seller):
    return make_customer(seller, "恒睿", industry="智能制造")


@pytest.fixture
def pest(customer):
    return f"/analyses/customer/{customer.ref}/pest/"


@pytest.fixture
def signed_in(client, seller):
    client.force_login(seller)
    return client


def text(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def factor(**changes: str) -> dict[str, str]:
    return {
        "text": "Subsidies fade",
        "noted_on": DAY.isoformat(),
        "v_direction": "threat",
        "v_impact": "4",
        "v_likelihood": "3",
    } | changes


def test_an_entry_is_noted_and_drawn(signed_in, pest):
    assert "Which policies, laws" in text(signed_in, pest)
    wrong = signed_in.post(f"{pest}new/?section=political", factor(text="", v_impact=""))
    assert wrong.status_code == 422
    assert "Subsidies" not in wrong.content.decode()
    kept = signed_in.post(f"{pest}new/?section=political", factor(v_impact="", v_effect="They wait"))
    assert (kept.status_code, "They wait" in kept.content.decode()) == (422, True)
    assert not SheetEntry.objects.exists()

    assert signed_in.post(f"{pest}new/?section=political", factor()).url == pest

    shown = text(signed_in, pest)
    assert "Subsidies fade" in shown
    assert "for us 0, against 12" in shown
    assert 'class="svg sheet-grid"' in shown
    entry = SheetEntry.objects.get()
    changed = factor(text="Subsidies end", version="1")
    assert signed_in.post(f"/analysis-entries/{entry.ref}/edit/", changed).status_code == 303
    stale = signed_in.post(f"/analysis-entries/{entry.ref}/edit/", changed)
    assert stale.status_code == 409
    assert signed_in.post(f"/analysis-entries/{entry.ref}/remove/").status_code == 303
    assert "Subsidies end" not in text(signed_in, pest)
    assert signed_in.get(f"{pest}new/?section=nowhere").status_code == 404
    assert signed_in.get(pest.replace("pest", "nothing")).status_code == 404


def test_a_call_or_a_visit_is_chosen_as_what_shows_an_entry(signed_in, pest, seller, customer):
    contact = make_contact(customer, "王海涛")
    call = log(seller, contact).call
    visit = hold(seller, contact)
    others = log(seller, make_contact(make_customer(seller, "别的客户"), "别人")).call

    form = text(signed_in, f"{pest}new/?section=political")
    assert f'value="call:{call.ref}"' in form
    assert f'value="visit:{visit.ref}"' in form
    assert others.ref not in form
    assert signed_in.post(f"{pest}new/?section=political", factor(evidence=f"visit:{visit.ref}")).status_code == 303
    assert f'href="/visits/{visit.ref}/"' in text(signed_in, pest)


def test_a_customer_says_what_differs_from_its_industry(signed_in, pest, presales, customer):
    trade = industry("智能制造", presales)
    first = noted(trade, "pest", "political", said("Subsidies fade"), presales)
    second = noted(trade, "pest", "economic", said("Exports weaken"), presales)
    shown = text(signed_in, pest)
    assert "Taken over from 智能制造" in shown
    assert "Subsidies fade" in text(signed_in, f"{pest}differ/{first.ref}/")

    assert signed_in.post(f"{pest}differ/{first.ref}/", factor(text="The province pays")).status_code == 303
    assert signed_in.post(f"{pest}strike/{second.ref}/", {"reason": ""}).status_code == 422
    assert signed_in.post(f"{pest}strike/{second.ref}/", {"reason": "home market only"}).status_code == 303

    shown = text(signed_in, pest)
    for words in (
        "The province pays",
        "differs here",
        "home market only",
        "does not hold here",
        "0 taken over, 1 changed",
    ):
        assert words in shown
    assert signed_in.get(f"{pest}strike/{second.ref}/").status_code == 404
    assert "智能制造" in text(signed_in, "/analyses/")


def test_presales_begin_an_industry_and_sellers_are_told_who_writes(client, seller, presales, customer):
    client.force_login(presales)
    page = text(client, "/analyses/")
    assert "No industry is analysed yet" in page
    assert "智能制造" not in page
    made = client.post("/analyses/industries/new/", {"name": "智能制造"})
    assert made.url == f"/analyses/industry/{Industry.objects.get().ref}/pest/"
    assert client.post("/analyses/industries/new/", {"name": ""}).status_code == 422
    client.force_login(seller)
    assert "What happened" in text(client, made.url)
    assert "Note<" not in text(client, made.url)
    assert client.get(f"{made.url}new/").status_code == 403


@pytest.mark.parametrize("key", ["five_forces", "swot", "value_chain", "trends"])
def test_every_sheet_is_shown_empty_and_full(signed_in, customer, seller, key):
    path = f"/analyses/customer/{customer.ref}/{key}/"
    text(signed_in, path)
    values = {
        "five_forces": ("rivalry", {"strength": 4}),
        "swot": ("strengths", {"weight": 4}),
        "value_chain": ("operations", {"value": 5, "access": 4}),
        "trends": ("digital", {"direction": "opportunity", "horizon": "now", "strength": 4, "relevance": 5}),
    }
    section, held = values[key]
    noted(of_customer(customer), key, section, said("Here", on=DAY, **held), seller)

    assert "Here" in text(signed_in, path)


def test_a_pair_becomes_a_task(signed_in, customer, seller):
    path = f"/analyses/customer/{customer.ref}/swot/"
    assert "Note at least one entry" in text(signed_in, f"{path}pairs/SO/")
    strength = noted(of_customer(customer), "swot", "strengths", said("Cases", on=DAY, weight=4), seller)
    opening = noted(of_customer(customer), "swot", "opportunities", said("Phase two", on=DAY, weight=4), seller)
    assert "no open project" in text(signed_in, f"{path}pairs/SO/")
    deal = make_deal(seller, customer, now=timezone.now() - timedelta(days=1))
    today = company_day(timezone.now()).isoformat()
    values = {
        "inner": strength.ref,
        "outer": opening.ref,
        "opportunity": deal.ref,
        "title": "Visit the site",
        "owner_words": "linxiao",
        "due_on": today,
    }

    assert "linxiao" in text(signed_in, f"{path}pairs/SO/people/?field=owner&owner_words=lin")
    assert signed_in.post(f"{path}pairs/SO/", values | {"title": ""}).status_code == 422
    assert signed_in.post(f"{path}pairs/SO/", values).status_code == 303

    task = DealTask.objects.get()
    assert "Visit the site" in text(signed_in, path)
    assert "Visit the site" in text(signed_in, f"/analyses/deal/{deal.ref}/swot/")
    assert signed_in.get(f"/analysis-sheets/{task.source_ref}/").url == path
    assert "Actions: 1 to do, 0 done" in text(signed_in, f"/opportunities/{deal.ref}/strategy/")


def test_a_plan_is_written_from_the_customer_to_the_close(signed_in, client, customer, seller, unit):
    today = company_day(timezone.now())
    year = str(today.year)
    assert "Begin a plan" in text(signed_in, f"/customers/{customer.ref}/")
    assert signed_in.post(f"/customers/{customer.ref}/account-plans/new/", {"year": "1990"}).status_code == 422
    made = signed_in.post(f"/customers/{customer.ref}/account-plans/new/", {"year": year, "aim": "First choice"})
    held = AccountPlan.objects.get()
    page = f"/account-plans/{held.ref}/"
    assert made.url == page
    again = signed_in.post(f"/customers/{customer.ref}/account-plans/new/", {"year": year})
    assert (again.status_code, "There is a plan of" in again.content.decode()) == (409, True)

    assert signed_in.post(f"{page}goals/new/", {"measure": "WON_AMOUNT", "count": "3"}).status_code == 422
    assert signed_in.post(f"{page}goals/new/", {"measure": "WON_AMOUNT", "amount": "8,000,000"}).status_code == 303
    assert signed_in.post(f"{page}goals/new/", {"measure": "COUNT", "count": "4", "title": "Visits"}).status_code == 303
    count = PlanGoal.objects.get(measure="COUNT")
    assert signed_in.post(f"/plan-goals/{count.ref}/reached/", {"version": "1", "count": "1"}).status_code == 303
    due = {"what": "MILESTONE", "title": "Phase two approved", "owner_words": "linxiao", "due_on": f"{year}-12-20"}
    assert signed_in.post(f"{page}dates/new/", due | {"due_on": "1999-01-01"}).status_code == 422
    assert signed_in.post(f"{page}dates/new/", due).status_code == 303
    assert "linxiao" in text(signed_in, f"{page}people/?field=owner&owner_words=lin")
    budget = f"/customers/{customer.ref}/budget-cycle/"
    assert signed_in.post(budget, {"NEEDS_first": "3"}).status_code == 422
    assert signed_in.post(f"{budget}?plan={held.ref}", {"NEEDS_first": "11", "NEEDS_last": "2"}).url == page
    deal = make_deal(seller, customer, now=timezone.now() - timedelta(days=1), name="MES two")
    assert signed_in.post(f"{page}deals/", {"deals": [deal.ref]}).status_code == 303
    assert signed_in.post(f"{page}deals/", {"deals": ["P-NONE"]}).status_code == 422
    shown = text(signed_in, page)
    for words in ("First choice", "¥8M", "25%", "Phase two approved", "MES two", "collects needs", "Send for approval"):
        assert words in shown

    make_user("zhou", role=Role.MANAGER, unit=unit)
    held.refresh_from_db()
    assert signed_in.post(f"{page}submit/", {"version": str(held.version)}).status_code == 303
    assert "Waits for approval" in text(signed_in, page)
    assert signed_in.post(f"{page}recall/").status_code == 303
    AccountPlan.objects.update(state="APPROVED")
    row = PlanDate.objects.get()
    assert signed_in.post(f"/plan-dates/{row.ref}/finish/", {"done_on": today.isoformat()}).status_code == 303
    assert signed_in.post(f"{page}close/", {"result": "", "version": "1"}).status_code == 422
    held.refresh_from_db()
    assert signed_in.post(f"{page}close/", {"result": "Eight tenths", "version": str(held.version)}).status_code == 303
    assert "Eight tenths" in text(signed_in, page)
    assert held.ref in text(signed_in, f"/account-plans/?year={year}&state=CLOSED&which=mine")
    assert "No plan here" in text(signed_in, "/account-plans/?year=all&state=DRAFT")
    assert BudgetPhase.objects.get().last_month == 2


def test_today_shows_what_is_due(signed_in, customer, seller):
    today = company_day(timezone.now())
    assert "Account plans" not in text(signed_in, "/account-plans/due/")
    assert "/account-plans/due/" in text(signed_in, "/today/")
    held = plan(customer, seller, year=today.year, now=timezone.now())
    milestone(held, seller, today, timezone.now(), title="Phase two approved")

    shown = text(signed_in, "/account-plans/due/?scope=team")
    assert "Account plans" in shown
    assert "Phase two approved" in shown
    assert "Phase two approved" in text(signed_in, "/calendar/")


@pytest.mark.parametrize("page", ["sheet", "plan", "customer", "industries", "plans", "due"])
def test_pages_cost_the_same_for_any_number_of_rows(signed_in, customer, seller, presales, assert_flat_queries, page):
    now = timezone.now()
    trade, subject = industry("智能制造", presales), of_customer(customer)
    held = plan(customer, seller, year=company_day(now).year, now=now)
    paths = {
        "sheet": f"/analyses/customer/{customer.ref}/pest/",
        "plan": f"/account-plans/{held.ref}/",
        "customer": f"/customers/{customer.ref}/",
        "industries": "/analyses/",
        "plans": "/account-plans/",
        "due": "/account-plans/due/",
    }

    def grow() -> None:
        for n in range(3):
            noted(trade, "pest", "political", said(f"a{n}", on=DAY), presales, now)
            noted(subject, "pest", "social", said(f"b{n}", on=DAY), seller, now)
            milestone(held, seller, date(held.year, 12, 1), now, title=f"m{n}")
            make_deal(seller, customer, now=now - timedelta(days=1))
            noted(industry(f"行业{Industry.objects.count()}", presales), "pest", "social", said(on=DAY), presales, now)
            plan(make_customer(seller, industry="智能制造"), seller, year=held.year, now=now)

    grow()
    signed_in.get(paths[page])
    assert_flat_queries(visit=lambda: signed_in.get(paths[page]), grow=grow)


def test_the_api_does_what_the_pages_do(api, customer, seller, presales):
    now = timezone.now()
    program = api(create_token(username=seller.username, now=now))
    writer = api(create_token(username=presales.username, now=now))
    assert [row["key"] for row in program.get("/analysis-sheets").json()][:2] == ["pest", "five_forces"]
    trade = writer.post("/industries", {"name": "智能制造"}).json()
    assert program.post("/industries", {"name": "数据中心"}).status_code == 403
    entry = {
        "section": "political",
        "text": "补贴退坡",
        "noted_on": DAY.isoformat(),
        "values": {"direction": "threat", "impact": 4, "likelihood": 3},
    }
    base = writer.post(f"/analyses/industry/{trade['ref']}/pest/entries", entry).json()
    sheet = f"/analyses/customer/{customer.ref}/pest"

    found = program.get(sheet).json()
    assert [(line["standing"], line["score"]) for line in found["lines"]] == [("inherited", 12)]
    assert (found["takes_over_from"], found["value"]) == (trade["ref"], "-12")
    own = {name: value for name, value in entry.items() if name != "section"} | {"text": "省里补"}
    made = program.post(f"{sheet}/entries/{base['ref']}/differ", own)
    assert (made.status_code, made.json()["overrides"]) == (201, base["ref"])
    assert program.post(f"{sheet}/entries/{base['ref']}/strike", {"reason": "x"}).json()["code"] == "differs_already"
    assert program.put(f"/analysis-entries/{made.json()['ref']}", own | {"version": 9}).status_code == 409
    assert program.post(f"{sheet}/entries", entry | {"values": {"impact": 9}}).status_code == 422
    assert program.delete(f"/analysis-entries/{made.json()['ref']}").status_code == 204
    assert {row["definition"]: row["taken_over"] for row in program.get(f"/analyses/customer/{customer.ref}").json()}[
        "pest"
    ] == 1

    year = company_day(now).year
    held = program.post(f"/customers/{customer.ref}/account-plans", {"year": year, "aim": "首选"}).json()
    path = f"/account-plans/{held['ref']}"
    goal = program.post(
        f"{path}/goals", {"measure": "won_amount", "amount": {"amount_minor": 100, "currency": "CNY"}}
    ).json()
    assert (goal["percent"], goal["counted"]) == (0, True)
    assert program.post(f"{path}/goals", {"measure": "COUNT"}).status_code == 422
    dated = program.post(f"{path}/dates", {"title": "立项", "due_on": f"{year}-12-01"}).json()
    assert (dated["what"], dated["owner"]) == ("MILESTONE", seller.ref)
    assert (
        program.post(f"/plan-dates/{dated['ref']}/finish", {"done_on": company_day(now).isoformat()}).status_code == 200
    )
    cycle = {"phases": {"NEEDS": {"first_month": 3, "last_month": 4}}}
    assert program.put(f"/customers/{customer.ref}/budget-cycle", cycle).json()[0]["phase"] == "NEEDS"
    deal = make_deal(seller, customer, now=now - timedelta(days=1))
    detail = program.put(f"{path}/opportunities", {"opportunities": [deal.ref]}).json()
    assert (detail["opportunities"], len(detail["goals"]), len(detail["dates"])) == ([deal.ref], 1, 1)
    assert program.put(f"{path}/opportunities", {"opportunities": ["P-NONE"]}).status_code == 422
    assert [row["ref"] for row in program.get(f"/account-plans?year={year}&state=DRAFT").json()["items"]] == [
        held["ref"]
    ]
