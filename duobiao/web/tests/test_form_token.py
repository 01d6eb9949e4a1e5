"""Form tokens: the same form sent often acts once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from duobiao.kernel.refusals import Invalid
from duobiao.web.forms import forget_submitted, once
from duobiao.web.models import SubmittedForm

TOKEN = "k7F2m9Xc4TpQ1sR8vB3nH6wZ"
TIMES = 20


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twenty_times_in_parallel_acts_once(browse):
    barrier = Barrier(TIMES)

    def send(number: int) -> tuple[bool, str]:
        request = browse("/calls/", method="post", form={"form_token": TOKEN}, signed_in=True)
        barrier.wait()
        try:
            with once(request) as submission:
                if submission.first:
                    submission.result = f"/calls/{number}/"
            return submission.first, submission.result
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(send, range(TIMES)))

    assert [first for first, _ in answers].count(True) == 1
    assert len({result for _, result in answers}) == 1
    assert SubmittedForm.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_gives_the_token_back(browse):
    request = browse("/calls/", method="post", form={"form_token": TOKEN})

    with pytest.raises(Invalid), once(request):
        raise Invalid("the day lies in the future")

    assert not SubmittedForm.objects.exists()
    with once(request) as submission:
        assert submission.first


@pytest.mark.django_db
def test_tokens_of_two_people_do_not_meet(browse):
    with once(browse("/", method="post", form={"form_token": TOKEN}, signed_in=True)) as submission:
        submission.result = "/secret/"

    with once(browse("/", method="post", form={"form_token": TOKEN})) as other:
        assert other.first
        assert other.result == ""


@pytest.mark.django_db
def test_a_form_without_a_token_is_always_first(browse):
    for _ in range(2):
        with once(browse("/", method="post", form={})) as submission:
            assert submission

    assert not SubmittedForm.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["short", "x" * 65, "a b c d e f g h i j k", "' OR 1=1 --xxxxxxxxxxx"])
def test_a_token_that_we_cannot_have_made_is_refused(browse, token):
    with pytest.raises(Invalid), once(browse("/", method="post", form={"form_token": token})):
        pytest.fail("the form must not act")

    assert not SubmittedForm.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_a_second_row_of_the_same_token():
    SubmittedForm.objects.create(owner="7", token=TOKEN, submitted_at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        SubmittedForm.objects.create(owner="7", token=TOKEN, submitted_at=timezone.now())


@pytest.mark.django_db
def test_old_tokens_are_forgotten(now):
    SubmittedForm.objects.create(token="old", submitted_at=now - timedelta(days=3))
    SubmittedForm.objects.create(token="new", submitted_at=now - timedelta(days=1))

    assert forget_submitted(now) == 1
    assert SubmittedForm.objects.get().token == "new"
