"""Outgoing mail as the company set it up; without a mail server every message is kept as a file."""

import logging
import smtplib
import ssl
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.utils.translation import gettext as _

from duobiao.identity.models import CompanySettings, MailSecurity
from duobiao.identity.sealing import unseal

logger = logging.getLogger(__name__)


class CompanyMailBackend(BaseEmailBackend):
    """Sends through the server of the company settings, or keeps messages in DUOBIAO_HOME/mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send; return how many left (or were kept)."""
        company = CompanySettings.load()
        if company.mail_from:
            for message in email_messages:
                if message.from_email == settings.DEFAULT_FROM_EMAIL:
                    message.from_email = company.mail_from
        return transport(company, fail_silently=self.fail_silently).send_messages(email_messages) or 0


def transport(company: CompanySettings, *, fail_silently: bool = False) -> BaseEmailBackend:
    """Choose how mail leaves."""
    if not company.mail_host:
        return FileBackend(file_path=str(settings.HOME / "mail"), fail_silently=fail_silently)
    return SmtpBackend(
        host=company.mail_host,
        port=company.mail_port,
        username=company.mail_username,
        password=unseal(company.mail_password),
        use_ssl=company.mail_security == MailSecurity.SSL,
        use_tls=company.mail_security == MailSecurity.STARTTLS,
        timeout=settings.EMAIL_TIMEOUT,
        fail_silently=fail_silently,
    )


def post(message: EmailMessage) -> str:
    """Send one message; return "" or why it could not be sent, in one line without secrets."""
    try:
        message.connection = get_connection()
        message.send()
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        logger.warning("a message could not be sent: %s", type(error).__name__)
        return reason_of(error)
    return ""


def reason_of(error: Exception) -> str:
    """Say why a message could not be sent: what to check first, else what the server said."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return _("the mail server does not accept user and password")
        case smtplib.SMTPRecipientsRefused() | smtplib.SMTPSenderRefused():
            return _("the mail server does not accept the sender or the recipient")
        case ssl.SSLError() | smtplib.SMTPNotSupportedError() | smtplib.SMTPServerDisconnected():
            return _("the mail server expects another encryption or port")
        case smtplib.SMTPException() | UnicodeError():
            return " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return _("the mail server cannot be reached; check its name and port")
