"""Keep what somebody sent by a form on a web site; what looks like a machine's work is thrown away without a word."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction

from duobiao.identity.models import User
from duobiao.prospecting.actions.capture_lead import put_lead
from duobiao.prospecting.models import Lead, Source, WebForm

SALT = "prospecting.web_form"
FASTEST: Final = timedelta(seconds=3)
"""Nobody reads and fills in the form in less time."""

SLOWEST: Final = timedelta(hours=12)
FORM_FIELDS: Final = ("company", "contact_name", "mobile", "email", "need")


def stamp(form: WebForm, *, now: datetime) -> str:
    """Return what a form carries to show when it was opened."""
    return signing.dumps([form.token, int(now.timestamp())], salt=SALT)


def opened_at(form: WebForm, text: str) -> int | None:
    """Return the second at which a form was opened; None where the stamp is not ours, or of another form."""
    try:
        token, moment = signing.loads(text[:500], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return moment if token == form.token and isinstance(moment, int) else None


def is_stale(form: WebForm, text: str, *, now: datetime) -> bool:
    """Whether a form was not opened by us, or so long ago that it has to be opened again."""
    moment = opened_at(form, text)
    return moment is None or now.timestamp() - moment > SLOWEST.total_seconds()


@transaction.atomic
def receive_form(*, form: WebForm, values: Mapping[str, Any], stamped: str, trap: str, now: datetime) -> Lead | None:
    """Make a lead of what was sent; None where the trap was filled in or it was sent too fast.

    Raises:
        Invalid: a value cannot be accepted.
    """
    moment = opened_at(form, stamped)
    if trap or moment is None or now.timestamp() - moment < FASTEST.total_seconds():
        return None
    sent = {name: values[name] for name in FORM_FIELDS if name in values}
    owner: User | None = form.owner if form.owner is not None and form.owner.is_active else None
    if owner is None and form.pool is None:
        return None
    return put_lead(
        {**sent, "source": Source.WEB_FORM, "campaign": form.campaign},
        owner=owner,
        pool=form.pool,
        actor=None,
        now=now,
        captured_at=now,
        web_form=form,
    )
