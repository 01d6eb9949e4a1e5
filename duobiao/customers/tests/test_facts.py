"""Facts with their sources, by dimension and by channel of information."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.file_answers import file_answers
from duobiao.customers.actions.merge_customers import merge_customers
from duobiao.customers.actions.note_sources import Origin
from duobiao.customers.api.schemas import CustomerFacts
from duobiao.customers.domain.dimensions import DIMENSION_FACTS, FACT_FIELDS, dimensions_known
from duobiao.customers.models import ChannelAnswer, CustomerProfile, FactSource
from duobiao.customers.queries.facts import channels, completeness_by_dimension
from duobiao.customers.tests.factories import NOW, customer, everything, person, token, unit
from duobiao.customers.tests.test_pages import sent, text
from duobiao.identity.models import Role
from duobiao.kernel.refusals import Invalid, NotAllowed
from duobiao.timeline.models import Entry

TODAY = date(2026, 9, 14)
REPORT = Origin("2025 年报第 12 页", date(2026, 4, 1))


@pytest.fixture
def seller(client):
    user = person(within=unit("华东一部"), name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def hengli(seller):
    return customer(seller, "苏州恒力精密")


def edit(of, origin=None, **values):
    return edit_customer(customer=of, version=of.version, values=values, origin=origin, actor=of.owner, now=NOW)


def file(of, channel="annual_report", origin=REPORT, by=None, **answers):
    return file_answers(customer=of, channel=channel, answers=answers, origin=origin, actor=by or of.owner, now=NOW)


@pytest.mark.pure
def test_the_seven_dimensions_hold_every_fact_of_the_form():
    own = {name for name in FACT_FIELDS if name != "annual_revenue"}

    assert own == {
        field.name
        for field in CustomerProfile._meta.fields
        if field.name != "customer" and not field.name.startswith("annual_revenue")
    }
    assert set(FACT_FIELDS) <= set(CustomerFacts.model_fields)
    assert len(DIMENSION_FACTS) == len(channels()) == 7
    assert all(row.field in ("", *FACT_FIELDS) for channel in channels().values() for row in channel.questions)


@pytest.mark.pure
@given(st.sets(st.sampled_from(FACT_FIELDS)), st.sets(st.sampled_from(FACT_FIELDS)))
def test_a_dimension_counts_its_known_facts_read_naively(filled, sourced):
    found = dimensions_known(dict.fromkeys(filled, "x"), dict.fromkeys(sourced, "年报"))

    for row in found:
        facts = DIMENSION_FACTS[row.key].values()
        assert row.known == sum(bool(set(names) & filled) for names in facts)
        assert row.sourced == sum(bool(set(names) & filled & sourced) for names in facts)
        assert row.known + len(row.missing) == row.total
        assert (row.percent == 100) == (not row.missing)


@pytest.mark.django_db
def test_a_changed_fact_carries_its_source_and_day_until_it_is_emptied(hengli):
    held = edit(hengli, REPORT, competitors="昆山精工", founded_year=2004)
    held = edit(held, competitors="昆山精工、无锡特材")

    rows = {row.field: row for row in FactSource.objects.filter(customer=hengli)}
    assert (rows["founded_year"].source, rows["founded_year"].known_on) == (REPORT.source, REPORT.known_on)
    assert (rows["competitors"].source, rows["competitors"].known_on) == ("", TODAY)
    edit(held, founded_year=None)
    assert not FactSource.objects.filter(customer=hengli, field="founded_year").exists()


@pytest.mark.django_db
def test_answers_fill_fields_or_stand_by_themselves_with_their_source(hengli):
    file(hengli, channel="press", reputation="无失信记录", changes="4 月换了总经理")
    file(hengli, channel="press", changes="9 月董事长退休")

    source = FactSource.objects.get(customer=hengli, field="credit_note")
    assert (source.channel, source.source, source.known_on) == ("press", REPORT.source, REPORT.known_on)
    assert CustomerProfile.objects.get(customer=hengli).credit_note == "无失信记录"
    assert ChannelAnswer.objects.filter(customer=hengli, question="changes").count() == 2
    assert Entry.objects.filter(event="customers.answers_filed", chain=hengli.ref).count() == 2
    known = {row.key: row for row in completeness_by_dimension(hengli)}
    assert (known["relationship"].known, known["relationship"].sourced) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "origin", "field"),
    [
        ({"weather": "晴"}, REPORT, "weather"),
        ({}, REPORT, "answers"),
        ({"profit": " "}, REPORT, "answers"),
        ({"margin": "很高"}, REPORT, "margin"),
        ({"margin": "101"}, REPORT, "margin"),
        ({"profit": "稳定"}, Origin("年报", TODAY + timedelta(days=1)), "known_on"),
        ({"profit": "稳定"}, Origin("页" * 201), "source"),
    ],
)
def test_answers_that_cannot_be_filed_change_nothing(hengli, answers, origin, field):
    before = everything()

    with pytest.raises(Invalid) as refused:
        file(hengli, origin=origin, **answers)

    assert field in refused.value.fields
    assert everything() == before
    assert not ChannelAnswer.objects.exists()
    assert not FactSource.objects.exists()


@pytest.mark.django_db
def test_who_may_not_edit_files_nothing(hengli):
    with pytest.raises(NotAllowed):
        file(hengli, by=person(Role.EXECUTIVE), profit="稳定")

    assert not FactSource.objects.exists()


@pytest.mark.django_db
def test_merged_facts_keep_the_source_of_the_value_that_stays(seller, hengli):
    twin = customer(seller, "恒力精密")
    edit(hengli, Origin("官网"), competitors="昆山精工")
    edit(twin, Origin("年报"), competitors="别家", suppliers="西川数科")
    file(twin, channel="press", changes="换了总经理")

    merge_customers(keeper=hengli, other=twin, actor=person(Role.ADMINISTRATOR), now=NOW)

    rows = FactSource.objects.filter(customer=hengli).values_list("field", "source")
    assert dict(rows) == {"competitors": "官网", "suppliers": "年报"}
    assert hengli.channel_answers.count() == 1


@pytest.mark.django_db
def test_a_channel_is_answered_on_its_page(client, hengli):
    edit(hengli, suppliers="西川数科")
    address = reverse("customers:file_answers", args=[hengli.ref, "press"])
    form = client.get(address)
    assert "西川数科" in text(form)

    filled = {**sent(form), "reputation": "无失信记录", "source": "信用中国", "known_on": "2026-09-01"}
    answer = client.post(address, filled)

    assert answer.status_code == 303
    assert FactSource.objects.get(field="credit_note").source == "信用中国"
    assert FactSource.objects.get(field="suppliers").channel == ""
    assert "信用中国" in text(client.get(reverse("customers:customer", args=[hengli.ref])))
    assert "2/3" in text(client.get(answer.url))
    late = client.post(address, {**filled, "known_on": "2999-01-01", "form_token": "t" * 24, "changes": "x"})
    assert late.status_code == 422


@pytest.mark.django_db
def test_the_form_asks_once_where_its_changes_come_from(client, hengli):
    address = reverse("customers:edit", args=[hengli.ref])
    form = sent(client.get(address))

    client.post(address, {**form, "competitors": "昆山精工", "source": "采购经理李明", "known_on": "2026-09-10"})

    row = FactSource.objects.get()
    assert (row.field, row.source, row.known_on) == ("competitors", "采购经理李明", date(2026, 9, 10))


@pytest.mark.django_db
def test_completeness_sources_and_channels_by_api(api, seller, hengli):
    mine = api(token(seller))
    filed = mine.post(
        f"/customers/{hengli.ref}/channels/website/answers",
        {"answers": {"business": "精密结构件", "projects": "二期厂房"}, "source": "官网", "known_on": "2026-09-01"},
    )
    assert filed.status_code == 201
    assert filed.json()["fields"] == ["business_scope"]
    assert [row["answer"] for row in filed.json()["answers"]] == ["二期厂房"]

    found = mine.get(f"/customers/{hengli.ref}/completeness").json()
    assert (found["known"], found["total"], found["percent"]) == (1, 29, 3)
    operations = next(row for row in found["dimensions"] if row["dimension"] == "operations")
    assert (operations["known"], operations["total"], operations["sourced"]) == (1, 7, 1)
    assert "suppliers" in operations["missing"]
    assert mine.get(f"/customers/{hengli.ref}/sources").json()[0]["source"] == "官网"
    assert len(mine.get("/information-channels").json()) == 7
    patched = mine.patch(f"/customers/{hengli.ref}", {"version": 2, "suppliers": "西川数科", "source": "客户口述"})
    assert patched.status_code == 200
    assert mine.get(f"/customers/{hengli.ref}/sources").json()[1]["source"] == "客户口述"
    assert mine.post(f"/customers/{hengli.ref}/channels/rumour/answers", {"answers": {"x": "y"}}).status_code == 404
