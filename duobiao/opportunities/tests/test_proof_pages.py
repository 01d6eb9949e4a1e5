"""The forms that record, retract and verify evidence, as people use them."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from duobiao.documents.models import Attachment, Document
from duobiao.identity.models import CompanySettings
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.change_team import add_to_team
from duobiao.opportunities.actions.confirm_evidence import confirm_evidence
from duobiao.opportunities.models import Grade, Proof
from duobiao.opportunities.tests.factories import draft, make_contact, make_deal, make_unit, make_user, prove_stages

pytestmark = pytest.mark.django_db

INTEREST = "engagement.interest_shown"
TOKEN = "a-token-of-this-form-0001"
HTMX = {"HX-Request": "true", "X-Dialog": "1"}


@pytest.fixture
def seller():
    return make_user("linxiao", unit=make_unit(), language="en")


@pytest.fixture
def deal(seller):
    return make_deal(seller, now=timezone.now() - timedelta(days=30))


@pytest.fixture
def page(client, seller):
    client.force_login(seller)
    return client


def prove_url(deal, **query) -> str:
    return f"/opportunities/{deal.ref}/proofs/new/?" + "&".join(f"{name}={value}" for name, value in query.items())


def sent(**fields) -> dict[str, object]:
    return {"happened_on": timezone.localdate().isoformat(), "form_token": TOKEN, **fields}


def test_words_make_a_documented_proof_and_the_deal_moves(page, deal):
    answer = page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="they want it solved"))

    assert (answer.status_code, answer.url) == (303, f"/opportunities/{deal.ref}/")
    proof = Proof.objects.get()
    assert (proof.grade, proof.quote) == (Grade.DOCUMENTED, "they want it solved")
    deal.refresh_from_db()
    assert deal.stage_number == 1
    assert "Saved: Enters stage 1" in page.get(answer.url).content.decode()


def test_without_any_support_it_is_asserted(page, deal):
    page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST))

    assert Proof.objects.get().grade == Grade.ASSERTED


def test_a_person_and_a_channel_make_it_the_buyers_word(page, deal):
    contact = make_contact(deal.customer)

    page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="yes", contact=contact.ref, channel="PHONE"))

    proof = Proof.objects.get()
    assert (proof.grade, proof.contact, proof.is_unverified) == (Grade.BUYER_CONFIRMED, contact, True)


@pytest.mark.parametrize(("by_buyer", "grade"), [("", Grade.DOCUMENTED), ("on", Grade.BUYER_CONFIRMED)])
def test_a_file_counts_as_the_buyers_only_when_they_issued_it(page, deal, by_buyer, grade):
    fields = sent(key=INTEREST, uploads=SimpleUploadedFile("letter.pdf", b"%PDF-1.4 letter"))
    if by_buyer:
        fields["by_buyer"] = by_buyer

    page.post(prove_url(deal, key=INTEREST), fields)

    proof = Proof.objects.get()
    assert proof.grade == grade
    assert [document.name for document in proof.documents.all()] == ["letter.pdf"]
    assert Attachment.objects.get().subject_ref == deal.ref


def test_a_file_of_the_deal_can_be_cited(page, deal):
    page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, uploads=SimpleUploadedFile("a.pdf", b"%PDF-1.4 a")))
    document = Document.objects.get()

    page.post(
        prove_url(deal, key="engagement.handler_reached"),
        sent(key="engagement.handler_reached", documents=document.ref, form_token="another-token-of-a-form"),
    )

    assert Proof.objects.get(key="engagement.handler_reached").documents.get() == document
    assert Attachment.objects.count() == 1


def test_an_internal_matter_ends_at_its_ceiling_and_says_so(page, deal):
    contact = make_contact(deal.customer)
    key = "bids.price_approved"

    answer = page.post(
        prove_url(deal, key=key), sent(key=key, quote="approved", contact=contact.ref, channel="EMAIL"), follow=True
    )

    assert Proof.objects.get().grade == Grade.DOCUMENTED
    assert "such a fact cannot be stronger" in answer.content.decode()


def test_what_moves_nothing_says_why(page, deal):
    key = "negotiation.price_rules_kept"

    answer = page.post(prove_url(deal, key=key), sent(key=key), follow=True)

    assert "Saved; the stage stays: it proves items of another stage" in answer.content.decode()


def test_a_day_in_the_future_keeps_what_was_typed_and_the_file(page, deal):
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()
    fields = sent(key=INTEREST, quote="typed words", uploads=SimpleUploadedFile("kept.pdf", b"%PDF-1.4 kept"))

    answer = page.post(prove_url(deal, key=INTEREST), {**fields, "happened_on": tomorrow})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The day cannot be later than today" in text
    assert "typed words" in text
    assert "kept.pdf" in text
    assert not Proof.objects.exists()
    again = page.post(
        prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="typed words", documents=Document.objects.get().ref)
    )
    assert again.status_code == 303
    assert Proof.objects.get().documents.get().name == "kept.pdf"


def test_the_same_form_sent_twice_records_once(page, deal):
    first = page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="once"))
    second = page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="once, changed"))

    assert (first.status_code, second.status_code) == (303, 303)
    assert Proof.objects.count() == 1


def test_script_in_the_words_stays_words(page, deal):
    page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="<script>alert(1)</script>"))

    for path in (f"/opportunities/{deal.ref}/", f"/proofs/{Proof.objects.get().ref}/"):
        text = page.get(path).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_preview_records_nothing_and_names_the_result_on_the_button(page, deal):
    fields = {"key": INTEREST, "quote": "yes", "happened_on": timezone.localdate().isoformat(), "preview": "1"}

    answer = page.post(prove_url(deal, key=INTEREST), fields, headers=HTMX)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Save and enter stage 1" in text
    assert "unchanged until stage 1 is completed (5%)" in text
    assert not Proof.objects.exists()


def test_a_preview_without_javascript_shows_the_whole_page(page, deal):
    fields = {"key": INTEREST, "quote": "my words", "preview": "1"}

    answer = page.post(prove_url(deal, key=INTEREST), fields)

    assert answer.status_code == 200
    assert "my words" in answer.content.decode()
    assert not Proof.objects.exists()


def test_from_the_dialog_the_page_is_told_to_refresh(page, deal):
    answer = page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, quote="yes"), headers=HTMX)

    assert answer.status_code == 204
    assert "evidence-confirmed" in answer.headers["HX-Trigger"]


def test_an_item_with_alternatives_offers_each_and_takes_no_other(page, deal):
    url = prove_url(deal, item="4.M2")

    text = page.get(url).content.decode()
    refused = page.post(url, sent(key=INTEREST))

    assert "solutions.questions_answered" in text
    assert "solutions.no_questions_raised" in text
    assert refused.status_code == 422
    assert not Proof.objects.exists()


def test_budget_of_a_year_lasts_until_its_end(page, deal):
    key, year = "procurement.budget_secured", timezone.localdate().year

    assert 'name="budget_year"' in page.get(prove_url(deal, item="3.S2")).content.decode()
    page.post(prove_url(deal, item="3.S2"), sent(key=key, quote="in the plan", budget_year=str(year + 1)))

    assert Proof.objects.get().valid_until.isoformat() == f"{year + 1}-12-31"


def test_a_bids_own_validity_is_asked_for(page, deal, seller):
    page.post(
        f"/opportunities/{deal.ref}/purchase-method/",
        sent(key="procurement.method_known", method="OPEN_TENDER", quote="notice"),
    )

    text = page.get(prove_url(deal, item="6.S1")).content.decode()

    assert 'name="valid_until"' in text


def test_the_purchase_method_must_be_chosen(page, deal):
    url = f"/opportunities/{deal.ref}/purchase-method/"

    refused = page.post(url, sent(key="procurement.method_known", quote="they said so"))
    accepted = page.post(url, sent(key="procurement.method_known", quote="they said so", method="DIRECT"))

    assert (refused.status_code, accepted.status_code) == (422, 303)
    deal.refresh_from_db()
    assert deal.purchase_method == "DIRECT"


def test_an_item_that_waits_for_the_method_leads_to_the_method(page, deal):
    answer = page.get(prove_url(deal, item="4.S2"))

    assert (answer.status_code, answer.url) == (302, f"/opportunities/{deal.ref}/purchase-method/")


def test_a_buyers_act_moves_the_buyer(page, deal):
    url = f"/opportunities/{deal.ref}/buyer/"

    answer = page.post(url, sent(key="procurement.tender_notice_published", quote="no. 911"), follow=True)

    deal.refresh_from_db()
    assert deal.buyer_stage == 5
    assert "buyer in stage 5" in answer.content.decode()


def test_the_buyers_acts_are_narrowed_to_the_method_and_can_all_be_shown(page, deal):
    page.post(
        f"/opportunities/{deal.ref}/purchase-method/",
        sent(key="procurement.method_known", method="DIRECT", quote="letter"),
    )
    url = f"/opportunities/{deal.ref}/buyer/"

    assert "procurement.tender_notice_published" not in page.get(url).content.decode()
    assert "procurement.tender_notice_published" in page.get(url + "?all=1").content.decode()
    assert "procurement.tender_failed" in page.get(url).content.decode()


def test_a_rival_chosen_proposes_to_close_as_lost(page, deal):
    answer = page.post(
        f"/opportunities/{deal.ref}/buyer/", sent(key="procurement.rival_awarded", quote="notice"), follow=True
    )

    text = answer.content.decode()
    assert "The buyer has announced that a rival was chosen" in text
    assert f"/opportunities/{deal.ref}/close/?outcome=LOST" in text
    deal.refresh_from_db()
    assert deal.outcome == "OPEN"


def test_a_proof_page_names_what_it_serves_and_offers_to_retract(page, deal, seller):
    proof = confirm_evidence(
        opportunity=deal, draft=draft(INTEREST, on=timezone.localdate()), actor=seller, now=timezone.now()
    ).proof

    text = page.get(f"/proofs/{proof.ref}/").content.decode()

    assert "Stage 1: Customer wants to solve its problem" in text
    assert f"/proofs/{proof.ref}/retract/" in text


def test_a_retraction_needs_a_reason_and_shows_what_falls(page, deal, seller):
    prove_stages(deal, 1, actor=seller, now=timezone.now(), on=timezone.localdate())
    proof = Proof.objects.get(key=INTEREST)
    url = f"/proofs/{proof.ref}/retract/"

    assert "Falls back" in page.get(url).content.decode()
    assert page.post(url, {"reason": " ", "form_token": TOKEN}).status_code == 422
    proof.refresh_from_db()
    assert proof.is_live
    assert page.post(url, {"reason": "wrong deal", "form_token": TOKEN}).status_code == 303
    deal.refresh_from_db()
    assert deal.stage_number == 0
    assert page.get(url).status_code == 409


def test_a_second_person_verifies_what_another_claimed(client, deal, seller):
    company = CompanySettings.load()
    company.second_person_verifies = True
    company.save()
    colleague = make_user("xuwenbo", role="presales", language="en")
    add_to_team(opportunity=deal, user=colleague, role="PRESALES", actor=seller, now=timezone.now())
    contact = make_contact(deal.customer)
    proof = confirm_evidence(
        opportunity=deal,
        draft=draft("procurement.shortlisted", 3, timezone.localdate(), contact=contact, channel="EMAIL"),
        actor=seller,
        now=timezone.now(),
    ).proof
    client.force_login(seller)
    assert client.post(f"/proofs/{proof.ref}/verify/").status_code == 409

    client.force_login(colleague)
    assert "verified" in client.get(f"/proofs/{proof.ref}/").content.decode()
    assert client.post(f"/proofs/{proof.ref}/verify/").status_code == 303

    deal.refresh_from_db()
    assert deal.settled_through == 4


def test_unknown_keys_items_and_proofs_are_not_found(page, deal):
    for path in (
        prove_url(deal, key="no.such_key"),
        prove_url(deal, item="9.Z9"),
        "/proofs/V-NOSUCHPRF/",
        "/waivers/W-NOSUCHWAI/",
        "/opportunities/P-1999-0001/buyer/",
    ):
        assert page.get(path).status_code == 404


def test_a_file_of_another_deal_cannot_be_cited(page, deal, seller):
    stranger = make_user("stranger")
    secret = Document.objects.create(
        sha256="0" * 64, size=1, name="secret.pdf", media_type="application/pdf", uploaded_by=stranger,
        uploaded_at=timezone.now(),
    )  # fmt: skip

    answer = page.post(prove_url(deal, key=INTEREST), sent(key=INTEREST, documents=secret.ref))

    assert answer.status_code == 422
    assert not Proof.objects.exists()
    assert not Attachment.objects.filter(subject_ref=Ref.of(deal).ref).exists()
