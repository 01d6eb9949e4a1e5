"""Value messages by stage and department, and their gaps."""

import pytest
from django.urls import reverse

from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.identity.actions.create_token import create_token
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, StaleVersion
from duobiao.opportunities.actions.write_message import write_message
from duobiao.opportunities.models import ValueMessage
from duobiao.opportunities.queries.messages import messages_of
from duobiao.opportunities.tests.factories import NOW, make_customer, make_deal, make_user
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return make_user("林晓")


@pytest.fixture
def deal(seller):
    return make_deal(seller, make_customer(seller))


@pytest.fixture
def first(deal):
    return compiled_playbook(deal.playbook_id).playbook.stages[0].key


def write(deal, actor, stage, **values):
    usual = {"function": "FINANCE", "message": "两年回本", "proof": "", "document": None, "version": 0}
    return write_message(opportunity=deal, stage=stage, **{**usual, **values}, actor=actor, now=NOW)


def cell(deal, number=1, function="FINANCE"):
    stage = messages_of(deal)[number - 1]
    return next(row for row in stage.cells if row.function == function)


def test_a_message_without_what_shows_it_is_a_gap(seller, deal, first):
    assert (messages_of(deal)[0].at_work, messages_of(deal)[0].gaps) == (True, 5)

    write(deal, seller, first)
    assert (cell(deal).standing, messages_of(deal)[0].gaps) == ("UNPROVED", 5)
    write(deal, seller, first, proof="昆山同类项目 21 个月回本", version=1)
    assert (cell(deal).standing, messages_of(deal)[0].gaps) == ("READY", 4)
    write(deal, seller, first, message="", version=2)
    assert (cell(deal).standing, cell(deal).proof) == ("MISSING", "")
    assert Entry.objects.filter(event="opportunities.value_message_written", chain=deal.ref).count() == 3


def test_a_file_of_the_deal_shows_it_and_one_from_elsewhere_does_not(seller, deal, first):
    other, own = (store_upload(name=n, chunks=[n.encode()], actor=seller, now=NOW) for n in ("别处.txt", "测算.txt"))
    attach_document(document=own, subject=Ref.of(deal), actor=seller, now=NOW)

    with pytest.raises(Invalid):
        write(deal, seller, first, document=other)
    write(deal, seller, first, document=own)

    assert (cell(deal).standing, cell(deal).document_name) == ("READY", "测算.txt")


def test_refusals_change_nothing(seller, deal, first):
    for fault in ({"function": "NOWHERE"}, {"message": "长" * 501}, {"proof": "长" * 301}):
        with pytest.raises(Invalid):
            write(deal, seller, first, **fault)
    with pytest.raises(Invalid):
        write(deal, seller, "nowhere")
    with pytest.raises(NotAllowed):
        write(deal, make_user("外人"), first)
    with pytest.raises(StaleVersion):
        write(deal, seller, first, version=2)
    assert not ValueMessage.objects.exists()
    assert not Entry.objects.filter(event="opportunities.value_message_written").exists()


def test_the_strategy_page_shows_the_messages_and_the_form_saves(client, seller, deal, first):
    client.force_login(seller)
    where = reverse("opportunities:write_message", args=[deal.ref, first, "FINANCE"])

    form = client.get(where)
    answer = client.post(where, {"message": "<b>两年</b>回本", "proof": "", "document": "", "version": "0"})
    page = client.get(f"/opportunities/{deal.ref}/strategy/").content.decode()

    assert (form.status_code, answer.status_code) == (200, 303)
    assert "&lt;b&gt;两年&lt;/b&gt;回本" in page
    assert client.get(where.replace("FINANCE", "NOWHERE")).status_code == 404
    assert client.get(where.replace(first, "nowhere")).status_code == 404


def test_the_api_lists_and_writes_messages(api, seller, deal, first):
    program = api(create_token(name="t", actor=seller, now=NOW).text)

    put = program.put(f"/opportunities/{deal.ref}/messages/{first}/LEGAL", {"message": "责任写进合同", "proof": "样本"})
    rows = program.get(f"/opportunities/{deal.ref}/messages").json()
    gone = program.put(f"/opportunities/{deal.ref}/messages/{first}/LEGAL", {"message": "", "version": 1})

    assert (put.status_code, put.json()["standing"]) == (200, "READY")
    assert len(rows) == 6 * len(compiled_playbook(deal.playbook_id).playbook.stages)
    assert (gone.status_code, gone.json()["standing"]) == (200, "MISSING")


def test_the_messages_cost_the_same_for_any_number(seller, deal, first, assert_flat_queries):
    functions = iter(["USING", "TECHNICAL", "PROCUREMENT", "FINANCE", "MANAGEMENT", "LEGAL"])

    def grow():
        for _ in range(3):
            write(deal, seller, first, function=next(functions))

    grow()
    assert_flat_queries(visit=lambda: messages_of(deal), grow=grow)
