"""Mail the link to the person who is asked to confirm."""

from collections.abc import Mapping

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from duobiao.identity.mail import post
from duobiao.identity.models import CompanySettings
from duobiao.opportunities.models import Confirmation
from duobiao.web import formats


def mail_link(confirmation: Confirmation, url: str) -> str:
    """Mail the link after its transaction ended; return "" or why it could not be sent.

    Nothing is stored: the act of making the link already is.
    """
    address = confirmation.contact.email
    if not address:
        return _("no e-mail address on file")
    return post(_message(confirmation, url, address))


def _message(confirmation: Confirmation, url: str, address: str) -> EmailMessage:
    """Word the mail in the sender's language: the customer is who they talk with."""
    lead = confirmation.snapshot["lead"]
    company = CompanySettings.load().name
    with translation.override(confirmation.asked_by.language or translation.get_language()):
        topic = lead["topic"] or _("Minutes of our meeting")
        words = {"name": lead["to"], "topic": topic, "from": lead["asked_by"], "company": company}
        until = formats.date(confirmation.expires_at) if confirmation.expires_at else ""
        lines = [
            _("Dear %(name)s,") % words,
            "",
            _asked(confirmation.what, words),
            url,
            "",
            _("No account is needed. The link works until %(day)s.") % {"day": until},
            _("If you did not expect this message, ignore it."),
            "",
            " · ".join(part for part in (lead["asked_by"], company) if part),
        ]
        subject = _("Please confirm: %(topic)s") % words
    return EmailMessage(subject=" ".join(subject.split()), body="\n".join(lines), to=[address])


def _asked(what: str, words: Mapping[str, str]) -> str:
    if what == "requirements":
        return (
            _("we wrote down what you need from this project (%(topic)s); please read it and say whether it is right:")
            % words
        )
    return (
        _("thank you for your time. I noted what we talked about (%(topic)s); please say whether it is right:") % words
    )
