"""The link to confirm requirements goes by mail, and the timeline says that it is about requirements."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from duobiao.customers.tests.factories import token
from duobiao.needs.actions.complete_analysis import complete_analysis
from duobiao.needs.actions.confirm_requirements import request_requirement_confirmation, revoke_requirement_link
from duobiao.needs.tests.factories import NOW, rank
from duobiao.opportunities.actions.answer_confirmation import answer_confirmation
from duobiao.opportunities.models import Confirmation
from duobiao.timeline.queries import entries_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(deal, seller, need):
    rank(need, seller)
    return complete_analysis(opportunity=deal, actor=seller, now=NOW)


@pytest.fixture
def reachable(handler):
    handler.email = "zhou@example.com"
    handler.save()
    return handler


def titles(deal, language):
    with translation.override(language):
        return [entry.title for entry in entries_for(chain=deal.ref, limit=50)]


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "Please confirm: 200MWh 储能电站能量管理 V1", "we wrote down what you need"),
        ("zh-hans", "请确认：200MWh 储能电站能量管理 V1", "需求整理成文"),
    ],
)
def test_the_link_is_mailed_in_the_language_of_who_sends_it(client, seller, paper, reachable, language, subject, words):
    seller.language = language
    seller.save()
    client.force_login(seller)

    form = {"contact": reachable.ref, "days": "14", "send_mail": "on"}
    page = client.post(reverse("needs:request_requirement_confirmation", args=[paper.ref]), form).content.decode()

    sent = mail.outbox[0]
    link = next(line for line in sent.body.splitlines() if "/c/dbl_" in line)
    assert (sent.to, sent.subject) == (["zhou@example.com"], subject)
    assert words in sent.body
    assert link in page
    assert "zhou@example.com" in page


def test_without_the_tick_nothing_is_mailed(client, seller, paper, reachable):
    client.force_login(seller)

    client.post(
        reverse("needs:request_requirement_confirmation", args=[paper.ref]), {"contact": reachable.ref, "days": "14"}
    )

    assert mail.outbox == []
    assert Confirmation.objects.count() == 1


def test_a_person_without_an_address_gets_the_link_otherwise(api, seller, paper, handler):
    address = f"/requirements/{paper.ref}/request-confirmation"

    told = api(token(seller)).post(address, {"contact": handler.ref, "send_mail": True}).json()

    assert (told["mailed"], told["mail_failure"]) == (False, "no e-mail address on file")
    assert "/c/dbl_" in told["url"]
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("answer", "remark", "said", "in_chinese"),
    [
        ("CONFIRMED", "", "Requirements confirmed", "需求已确认"),
        ("DISPUTED", "第二条不对", "The customer says that the requirements are not right", "客户说需求写得不对"),
    ],
)
def test_the_timeline_speaks_of_requirements(deal, seller, paper, handler, answer, remark, said, in_chinese):
    asked = request_requirement_confirmation(paper=paper, contact=handler, actor=seller, now=NOW)
    answer_confirmation(confirmation=asked.confirmation, answer=answer, remark=remark, address="", agent="", now=NOW)

    assert {said, "Requirements sent to 周建明 for confirmation"} <= set(titles(deal, "en"))
    assert in_chinese in titles(deal, "zh-hans")
    assert not [title for title in titles(deal, "en") if "inutes" in title]


def test_a_revoked_link_is_told_of(deal, seller, paper, handler):
    asked = request_requirement_confirmation(paper=paper, contact=handler, actor=seller, now=NOW)

    revoke_requirement_link(paper=paper, confirmation=asked.confirmation, actor=seller, now=NOW)

    assert "Link revoked" in titles(deal, "en")
