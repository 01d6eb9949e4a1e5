"""Try whether outgoing mail works."""

from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.events import COMPANY_CHAIN, TestMailSent
from duobiao.identity.mail import post
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.record import record


class MailFailed(Conflict):
    """The mail server did not take the message."""

    code = "mail_failed"


def send_test_mail(*, actor: User, now: datetime) -> str:
    """Send the actor a message; return the address it went to.

    Raises:
        NotAllowed: ``actor`` may not change company settings.
        Invalid: the actor has no e-mail address.
        MailFailed: with what the server said.
    """
    policy.require(actor, "identity.company")
    if not actor.email:
        raise Invalid(_("Your own account has no e-mail address yet. Enter one under people."))
    message = EmailMessage(
        subject=_("Test message from %(company)s") % {"company": CompanySettings.load()},
        body=_("Outgoing mail of Duobiao works."),
        to=[actor.email],
    )
    reason = post(message)
    if reason:
        raise MailFailed(_("The message could not be sent: %(reason)s") % {"reason": reason})
    with transaction.atomic():
        event = TestMailSent(subject=Ref("company", "company"), chain=COMPANY_CHAIN, data={"note": actor.email})
        record(event, actor=actor, at=now)
    return actor.email
