"""Form tokens: the same form sent twice makes one record."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from duobiao.kernel.refusals import Invalid
from duobiao.web.models import SubmittedForm

FIELD = "form_token"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(slots=True)
class Submission:
    """One sending of a form.

    Attributes:
        first: False when the same form was accepted before; then do nothing but go to ``result``.
        result: The address its sender is taken to; set it when ``first``.
    """

    first: bool
    result: str = ""

    def __bool__(self) -> bool:
        return self.first


@contextmanager
def once(request: HttpRequest) -> Iterator[Submission]:
    """Let a form act once, however often it is sent, also at the same moment.

    Templates put ``{{ form_token() }}`` into the form. The view wraps the action::

        with once(request) as submission:
            if submission.first:
                call = log_call(actor=request.user, now=timezone.now(), **form.cleaned_data)
                submission.result = call.get_absolute_url()
        return done(request, to=submission.result)

    The token's row is written in the transaction of the action: a refusal inside takes it back, so the form can be
    corrected and sent again with the same token. A second sending waits for the first, then finds its result. A form
    without a token is always first.

    Raises:
        Invalid: the token is not one that we could have made.
    """
    token = request.POST.get(FIELD, "")
    if not token:
        with transaction.atomic():
            yield Submission(first=True)
        return
    if not WELL_FORMED.fullmatch(token):
        raise Invalid(_("This form is damaged. Reload the page and send it again."))
    with transaction.atomic():
        row, first = _claim(_owner(request), token)
        submission = Submission(first=first, result=row.result)
        yield submission
        if first and submission.result:
            row.result = submission.result
            row.save(update_fields=["result"])


def _claim(owner: str, token: str) -> tuple[SubmittedForm, bool]:
    try:
        with transaction.atomic():
            return SubmittedForm.objects.create(owner=owner, token=token, submitted_at=timezone.now()), True
    except IntegrityError:
        return SubmittedForm.objects.get(owner=owner, token=token), False


def _owner(request: HttpRequest) -> str:
    key = getattr(getattr(request, "user", None), "pk", None)
    return "" if key is None else str(key)


def forget_submitted(now: datetime) -> int:
    """Delete the tokens that no repeated click can meet any more; return how many."""
    deleted, _by_model = SubmittedForm.objects.forgettable(now).delete()
    return deleted
