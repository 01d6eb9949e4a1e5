"""Links with which one person sets the own password, once, within three days."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from duobiao.identity.models import CompanySettings, User

VALID_DAYS = 3


def password_path(user: User) -> str:
    """Return the path of the link; it dies with its use, with the next sign-in and after three days."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def password_link_message(user: User, url: str) -> EmailMessage:
    """Word the mail that carries a link, in the language of its reader."""
    with translation.override(user.language or translation.get_language()):
        company = str(CompanySettings.load())
        lines = [
            _("Hello %(name)s,") % {"name": user},
            "",
            _("set your password for %(company)s on Duobiao here:") % {"company": company},
            url,
            "",
            _("Your sign-in name is %(username)s.") % {"username": user.username},
            _("The link works once and for %(days)s days. If you did not expect it, ignore this message.")
            % {"days": VALID_DAYS},
        ]
        subject = _("Set your password · %(company)s") % {"company": company}
    return EmailMessage(subject=subject, body="\n".join(lines), to=[user.email])
